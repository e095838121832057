"""The peers' own tests against our drop-in classes, and the table of what came of it. Called by bench/suites, which makes the environment."""

import argparse
import collections
import datetime
import importlib.metadata
import json
import os
import re
import subprocess
import sys
import tarfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
PLACE = os.path.join(ROOT, "build", "suites")
PERIODOGRAMS = "astropy.timeseries.periodograms."

# Name, what is replaced, what pytest is given. {nifty} is the unpacked source of the installed nifty-ls: its wheel has no tests.
SUITES = [
    ("astropy lombscargle", "astropy", ["--pyargs", PERIODOGRAMS + "lombscargle.tests"]),
    ("astropy lombscargle_multiband", "astropy", ["--pyargs", PERIODOGRAMS + "lombscargle_multiband.tests"]),
    ("astropy bls", "astropy", ["--pyargs", PERIODOGRAMS + "bls.tests"]),
    ("nifty-ls", "nifty_ls", ["{nifty}/tests/test_ls.py", "{nifty}/tests/test_freethreaded.py"]),
]

LEFT_OUT = [
    ("astropy lombscargle/implementations/tests",
     "astropy internals (trig_sum, extirpolate, jn, its fit's design_matrix); no class of ours is called"),
    ("nifty-ls tests/test_perf.py", "times only, nothing is asserted; bench/run measures us against nifty-ls"),
]


def source_of(package):
    """The unpacked source distribution of the installed version, in build/: downloaded once by pip, never in the repository."""
    version = importlib.metadata.version(package)
    folder = os.path.join(PLACE, f"{package.replace('-', '_')}-{version}")
    if not os.path.isdir(folder):
        subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-binary",
                        package, "--dest", PLACE, f"{package}=={version}"], check=True)
        with tarfile.open(folder + ".tar.gz") as archive:
            archive.extractall(PLACE, filter="data")
    return folder


def run(arguments, replace, out):
    """Outcomes of one suite in a process of its own, and seconds."""
    environment = {**os.environ, "PYTHONPATH": HERE, "ORRERY_SUITE_REPLACE": replace, "ORRERY_SUITE_OUT": out, "NUMEXPR_NUM_THREADS": "1"}
    if os.path.exists(out):
        os.remove(out)
    start = time.monotonic()
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", PLACE, "-p", "suites_plugin", "-p", "no:cacheprovider",
                           *arguments], cwd=PLACE, env=environment, capture_output=True, text=True, check=False)
    if not os.path.exists(out):
        raise SystemExit(f"suites: pytest wrote nothing:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    with open(out, encoding="utf-8") as file:
        return json.load(file), time.monotonic() - start


def counts(outcomes):
    """'passed / failed / skipped'."""
    number = collections.Counter(outcome for _, outcome, *_ in outcomes)
    return f"{number['passed']} / {number['failed']} / {number['skipped']}"


def reasons(outcomes):
    """Lines: each test that did not pass, those with one name and one reason together."""
    groups = collections.Counter()
    for test, outcome, reason, _ in outcomes:
        if outcome != "passed":
            name = re.sub(r"\[.*", "", test.split("::", 1)[-1])
            groups[name, outcome, " ".join(reason.split())[:200]] += 1
    return [f"- {outcome}, {number} x `{name}`: {why}" for (name, outcome, why), number in groups.items()]


def untouched(outcomes):
    """Lines: tests that passed without a call of ours, so that they say nothing of us."""
    groups = collections.Counter(re.sub(r"\[.*", "", test.split("::", 1)[-1]) for test, outcome, _, calls in outcomes
                                 if outcome == "passed" and calls == 0)
    return [f"{number} x `{name}`" for name, number in groups.items()]


def markdown(rows):
    """The file."""
    names = ("astropy", "nifty-ls", "numpy", "scipy", "pytest")
    lines = ["# The peers' own tests, run against Orrery", "", "Written by `bench/suites`; do not edit.", "",
             "Every test is the peer's, unchanged, from its installed package (nifty-ls: from its source distribution). Before they are collected, "
             "`bench/suites_plugin.py` puts the classes of `orrery.astropy` in the place of astropy's, or `bench/suites_nifty.py` in the place of "
             "`nifty_ls.lombscargle`. Their oracles stay: nifty-ls's tests compare with astropy's own sums.", "",
             f"- {datetime.date.today().isoformat()}, " + ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names), "",
             "| suite | tests | Orrery: passed / failed / skipped | of the passed, call Orrery | seconds | as shipped: passed / failed / skipped | seconds |",
             "|---|---|---|---|---|---|---|"]
    for name, ours, spent, theirs, spent_theirs in rows:
        called = sum(1 for _, outcome, _, calls in ours if outcome == "passed" and calls)
        control = f"{counts(theirs)} | {spent_theirs:.0f}" if theirs is not None else "not run |"
        lines.append(f"| {name} | {len(ours)} | {counts(ours)} | {called} | {spent:.0f} | {control} |")
    for name, ours, *_ in rows:
        notes = reasons(ours)
        if rest := untouched(ours):
            notes.append("- passed without a call of ours (they return early, or test helpers of the peer): " + ", ".join(rest))
        if notes:
            lines += ["", f"## {name}", "", *notes]
    lines += ["", "## Not run", "", *(f"- {name}: {why}" for name, why in LEFT_OUT)]
    return "\n".join(lines) + "\n"


def main():
    """Runs the suites asked for; writes bench/SUITES.md when all were."""
    parser = argparse.ArgumentParser(prog="bench/suites", description="The peers' own tests against our classes; writes bench/SUITES.md.")
    parser.add_argument("--quick", action="store_true", help="ours only, not the peers as shipped; nothing written")
    parser.add_argument("--only", default="", help="part of a suite's name")
    arguments = parser.parse_args()
    os.makedirs(PLACE, exist_ok=True)
    rows = []
    for name, replace, given in SUITES:
        if arguments.only in name:
            given = [word.format(nifty=source_of("nifty-ls")) if "{" in word else word for word in given]
            ours = run(given, replace, os.path.join(PLACE, "outcomes.json"))
            theirs = (None, 0.0) if arguments.quick else run(given, "", os.path.join(PLACE, "outcomes.json"))
            rows.append((name, *ours, *theirs))
            print(f"suites: {name}: {counts(ours[0])} (passed / failed / skipped), {ours[1]:.0f} s", flush=True)
            print("".join(f"  {line}\n" for line in reasons(ours[0])), end="", flush=True)
    if not arguments.quick and not arguments.only:
        with open(os.path.join(HERE, "SUITES.md"), "w", encoding="utf-8") as file:
            file.write(markdown(rows))
        print("suites: wrote bench/SUITES.md")
    failed = [test for _, ours, *_ in rows for test, outcome, *_ in ours if outcome == "failed"]
    return 1 if failed or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
