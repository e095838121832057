"""Reads how many tests a runner says it ran: the closing lines of ctest with doctest, vitest, pytest, node's test runner and our checks."""
import re
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Count:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")

DOCTEST = re.compile(r"^\[doctest\] test cases:\s*(\d+) \|\s*(\d+) passed \|\s*(\d+) failed \|\s*(\d+) skipped", re.M)


def number(pattern: str, text: str) -> int:
    return sum(int(found) for found in re.findall(pattern, text, re.M))


def of_ctest(text: str, root: Path, folder: str) -> tuple[Count, list[str]]:
    """ctest counts programs; doctest's lines in ctest's own log count test cases, so those stand for a doctest program."""
    closing = re.findall(r"^(?:\d+% tests passed, .*|No tests were found.*|Total Test time.*)$", text, re.M)
    summary = re.search(r"(\d+) tests failed out of (\d+)", text)
    programs = Count(int(summary[2]) - int(summary[1]), int(summary[1])) if summary else Count()
    log = root / folder / "Testing" / "Temporary" / "LastTest.log"
    cases = Count()
    lines = []
    inside = log.read_text(encoding="utf-8", errors="replace") if summary and log.is_file() else ""
    for block in re.split(r"^-{10,}\n(?=\d+/\d+ Test(?:ing)?: )|^(?=\d+/\d+ Testing: )", inside, flags=re.M):
        doctest = DOCTEST.search(COLOUR.sub("", block))
        if not doctest:
            continue
        failed_program = "Test Failed." in block
        one = Count(int(doctest[2]), int(doctest[3]) or int(failed_program), int(doctest[4]))
        cases += one
        programs = Count(programs.passed - (not failed_program), programs.failed - failed_program)
        name = re.search(r"^\d+/\d+ Testing: (\S+)", block, re.M)
        lines.append(f"{name[1] if name else '?'}: {one}")
    return programs + cases, lines + closing


def of_vitest(text: str) -> tuple[Count, list[str]]:
    closing = [line.strip() for line in re.findall(r"^\s*(?:Test Files|Tests)\s+.*$", text, re.M)]
    tests = " ".join(line for line in closing if line.startswith("Tests"))
    return Count(number(r"(\d+) passed", tests), number(r"(\d+) failed", tests), number(r"(\d+) (?:skipped|todo)", tests)), closing


def of_pytest(text: str) -> tuple[Count, list[str]]:
    closing = re.findall(r"^=*\s*((?:\d+ \w+, )*\d+ \w+ in [\d.]+s.*?|no tests ran in .*?)\s*=*$", text, re.M)
    last = closing[-1] if closing else ""
    return Count(number(r"(\d+) (?:passed|xpassed)", last), number(r"(\d+) (?:failed|errors?)", last),
                 number(r"(\d+) (?:skipped|xfailed)", last)), closing[-1:]


def of_node(text: str) -> tuple[Count, list[str]]:
    """node's test runner, as TAP (`# pass 3`) or for a person (`i pass 3`)."""
    closing = [line.strip() for line in re.findall(r"^(?:#|ℹ) (?:tests|pass|fail|cancelled|skipped|todo) \d+$", text, re.M)]
    return Count(number(r"^(?:#|ℹ) pass (\d+)$", text), number(r"^(?:#|ℹ) (?:fail|cancelled) (\d+)$", text),
                 number(r"^(?:#|ℹ) (?:skipped|todo) (\d+)$", text)), closing


def of_plain(text: str) -> tuple[Count, list[str]]:
    """Our own lines: `name: 3 passed, 0 failed` with or without `, 1 skipped`."""
    closing = re.findall(r"^(?:[\w -]+: )?\d+ passed, \d+ failed(?:, \d+ skipped)?$", text, re.M)
    joined = "\n".join(closing)
    return Count(number(r"(\d+) passed", joined), number(r"(\d+) failed", joined), number(r"(\d+) skipped", joined)), closing


def of_check(text: str) -> tuple[Count, list[str]]:
    """A check that is one test: its last line says what it looked at; run_tests sees its exit code."""
    lines = text.strip().splitlines()
    return Count(passed=1), lines[-1:]


def read_counts(runner: str, text: str, root: Path) -> tuple[Count, list[str]]:
    """`runner` is none, check, plain, vitest, pytest, node, or ctest:FOLDER."""
    text = COLOUR.sub("", text).replace("\r", "")
    if runner == "none":
        return Count(), []
    if runner.startswith("ctest:"):
        return of_ctest(text, root, runner.removeprefix("ctest:"))
    return {"check": of_check, "plain": of_plain, "vitest": of_vitest, "pytest": of_pytest, "node": of_node}[runner](text)
