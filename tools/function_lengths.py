"""Where functions begin and how long they are, for check_style: Python by its own parser, C++ and TypeScript by their braces."""
import ast
import re
from dataclasses import dataclass


@dataclass
class Function:
    name: str
    line: int
    lines: int


def functions_of_python(tree: ast.AST):
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = node.body[0]
            words = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
            explained = first.end_lineno - first.lineno + 1 if words else 0  # a docstring is no code
            yield Function(node.name, node.lineno, node.end_lineno - node.lineno + 1 - explained)


CPP_TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/'
    r'|(?:u8|[uUL])?R"(?P<mark>[^()\s\\]{0,16})\(.*?\)(?P=mark)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'"
    r"|^[ \t]*#(?:\\\n|[^\n])*", re.S | re.M)

SCRIPT_TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/'
    r'|"(?:\\.|[^"\\\n])*"' r"|'(?:\\.|[^'\\\n])*'"
    r'|(?P<tick>`)'
    r'|(?P<before>[=(,:;!&|?{}\[+\n]|=>|\breturn\b)(?P<space>[ \t]*)/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/[a-z]*', re.S)


def blank(text: str) -> str:
    """Spaces of the same shape, so that line numbers stay."""
    return re.sub(r"[^\n]", " ", text)


def code_only(text: str) -> str:
    """C++ with every string literal made short, line by line: what a limit on columns is about."""
    def short(found):
        return found[0] if found[0].startswith(("//", "/*", "#")) else '""' + "\n" * found[0].count("\n")
    return CPP_TOKEN.sub(short, text)


def strip_cpp(text: str) -> str:
    return CPP_TOKEN.sub(lambda found: blank(found[0]), text)


def strip_script(text: str) -> str:
    out, place = [], 0
    while True:
        found = SCRIPT_TOKEN.search(text, place)
        if not found:
            return "".join(out) + text[place:]
        out.append(text[place:found.start()])
        if found["tick"]:
            end = end_of_template(text, found.end())
            out.append(blank(text[found.start():end]))
            place = end
        else:
            kept = found["before"] or ""
            out.append(kept + blank(found[0][len(kept):]))
            place = found.end()


def end_of_template(text: str, place: int) -> int:
    """The place behind the back tick that closes the template begun before `place`; ${...} may hold templates again."""
    depth = 0
    while place < len(text):
        letter = text[place]
        if letter == "\\":
            place += 1
        elif depth == 0 and letter == "`":
            return place + 1
        elif depth == 0 and text.startswith("${", place):
            depth, place = 1, place + 1
        elif depth and letter == "`":
            place = end_of_template(text, place + 1) - 1
        elif depth:
            depth += (letter == "{") - (letter == "}")
        place += 1
    return place


NOT_A_FUNCTION = {"if", "for", "while", "switch", "catch", "with", "return", "constexpr", "else", "do", "try", "requires",
                  "sizeof", "decltype", "alignas", "noexcept", "defined", "static_assert"}
SCOPE = re.compile(r"(?:^|[\s>])(?:namespace|class|struct|union|enum|interface|extern|module)\b(?![^{]*\)\s*(?:const|noexcept|override)*\s*$)")
GROUPS = {"describe", "suite", "TEST_SUITE", "TEST_SUITE_BEGIN"}
LAMBDA = re.compile(r"\[[^\[\]]*\]\s*(?:\([^()]*(?:\([^()]*\)[^()]*)*\))?\s*(?:mutable|noexcept|constexpr|\s)*(?:->\s*[\w:<>,&*\s]+)?$")
CALLED = re.compile(r"([A-Za-z_]\w*)(?:\.\w+)?\s*(?:<[^()]*>)?\s*\(")


def functions_of_braces(text: str, *, script: bool):
    """Outermost function bodies; what is inside one counts as part of it. Namespaces, classes and groups of tests are looked into."""
    bare = strip_script(text) if script else strip_cpp(text)
    line_of = line_finder(bare)
    stack: list[tuple[str, int, str]] = []  # kind, where its head began, name
    inside = 0                              # how many of the stack are functions
    head = 0                                # where the words before the next brace begin
    for place in (found.start() for found in re.finditer(r"[{};]", bare)):
        letter = bare[place]
        if letter == "{":
            words = bare[head:place]
            kind, name = ("inner", "") if inside else kind_of_block(words, script)
            begin = head + len(words) - len(words.lstrip())
            stack.append((kind, begin, name))
            inside += kind == "function"
            head = place + 1 if kind != "value" else head
        elif letter == "}":
            if stack:
                kind, begin, name = stack.pop()
                if kind == "function":
                    inside -= 1
                    first = line_of(begin)
                    yield Function(name, first, line_of(place) - first + 1)
                if kind != "value":
                    head = place + 1
        elif not any(kind == "value" for kind, _, _ in stack[-1:]) and not open_parenthesis(bare[head:place]):
            head = place + 1


def open_parenthesis(words: str) -> bool:
    return words.count("(") > words.count(")")


def kind_of_block(words: str, script: bool) -> tuple[str, str]:
    """What the block behind these words is: a scope to look into, a function with its name, or a value (an initialiser)."""
    tail = words.rstrip()
    arrow = tail.endswith("=>")
    if not script and LAMBDA.search(tail):
        return "function", "of a lambda"
    if arrow or (script and re.search(r"function\b[^{]*\)\s*(?::[^{}]*)?$", tail)):
        called = [name for name in CALLED.findall(tail) if name not in NOT_A_FUNCTION]
        if open_parenthesis(tail) and called and called[0] in GROUPS:
            return "scope", ""
        return "function", called[0] if called else "of an arrow"
    if SCOPE.search(" " + tail) and "=" not in tail.split("{")[0].split("(")[0]:
        return "scope", ""
    called = [name for name in CALLED.findall(tail) if name not in NOT_A_FUNCTION]
    if called and called[0] in GROUPS:
        return "scope", ""
    if not script and re.search(r"\)\s*:(?!:)", tail) and re.search(r"[:,]\s*[\w:<>]+$", tail):
        return "value", ""  # a member of a constructor's list, made with braces
    if called and tail.count("(") == tail.count(")") and not re.search(r"(?<![=!<>])=(?!=)\s*[\w:<>]*$", tail):
        if re.search(r"[\w:>)}]\s*$", tail) or tail.endswith(")"):
            return "function", called[0]
    return "value", ""


def line_finder(text: str):
    starts = [0] + [found.end() for found in re.finditer("\n", text)]

    def line_of(place: int) -> int:
        low, high = 0, len(starts)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if starts[middle] <= place else (low, middle)
        return low + 1

    return line_of
