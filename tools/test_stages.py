"""The stages of `make test`: which commands each runs, and whose closing lines say how it went."""
import shlex
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Step:
    command: list[str]
    runner: str = "none"        # none, check, plain, vitest, pytest, node, ctest:FOLDER (tools/closing_lines.py)
    folder: str = "."
    quiet: bool = False         # show output only when it fails
    needed: bool = True         # when it fails the rest of its stage is not run
    environment: dict[str, str] = field(default_factory=dict)

    def words(self) -> str:
        prefix = "" if self.folder == "." else f"(in {self.folder}) "
        return prefix + " ".join([f"{k}={shlex.quote(v)}" for k, v in self.environment.items()] + [shlex.join(self.command)])


def check(*command: str) -> Step:
    return Step(list(command), runner="check", needed=False)


def build(preset: str, *targets: str) -> list[Step]:
    goal = ["--target", *targets] if targets else []
    return [Step(["cmake", "--preset", preset], quiet=True), Step(["cmake", "--build", "--preset", preset, *goal], quiet=True)]


def ctest(preset: str, **environment: str) -> Step:
    return Step(["ctest", "--preset", preset], runner=f"ctest:build/{preset}", environment=environment)


def checks(root: Path) -> list[Step]:
    return [
        Step(["tools/check_layers", "--self-test"], runner="plain", needed=False),
        Step(["tools/check_style", "--self-test"], runner="plain", needed=False),
        Step(["tools/test_closing_lines"], runner="plain", needed=False),
        check("tools/check_layers"),
        check("tools/check_style"),
    ]


def wasm(root: Path) -> list[Step]:
    return build("wasm")


def web(root: Path) -> list[Step]:
    """The page carries the WebAssembly modules of the stage before."""
    page = ["node", "web/build.mjs", "--wasm", MODULES]
    npm = ["npm", "--prefix", "web", "run", "--silent"]
    return [Step(page), check(*npm, "typecheck"), Step([*npm, "test"], runner="vitest")]


def release(root: Path) -> list[Step]:
    """The program carries the page of the stage before."""
    return [*build("release"), ctest("release")]


def contract(root: Path) -> list[Step]:
    """The WebAssembly modules against the native engine."""
    return [Step(["node", "tests/contract/run.mjs"], runner="node")]


def install(root: Path) -> list[Step]:
    return [Step(["tests/install/run"], runner="plain")]


def python(root: Path) -> list[Step]:
    return [Step(["python/test"], runner="pytest")]


def e2e(root: Path) -> list[Step]:
    return [Step(["npm", "--prefix", "tests/e2e", "--silent", "test"], runner="node")]


def asan(root: Path) -> list[Step]:
    return [*build("asan"), ctest("asan", ASAN_OPTIONS="detect_leaks=1:strict_string_checks=1", UBSAN_OPTIONS="print_stacktrace=1")]


def fuzz(root: Path) -> list[Step]:
    return [Step(["tools/fuzz"], runner="plain")]


MODULES = "build/wasm/modules"
STAGES = {stage.__name__: stage for stage in (checks, wasm, web, release, contract, install, python, e2e, asan, fuzz)}
