"""The benches, and the one table they write. Called by bench/run, which makes the environment and sets the peers' threads."""

import argparse
import datetime
import importlib.metadata
import os
import platform
import subprocess

import accuracy
import reading
import speed

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SHARED = os.environ.get("ORRERY_SHARED_DATA", os.path.join(ROOT, "..", "shared", "data"))


def machine():
    """Processor kind, cores and the SIMD extensions that matter; no names of machines."""
    text = open("/proc/cpuinfo", encoding="utf-8").read() if os.path.exists("/proc/cpuinfo") else ""
    lines = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
    fields = {key.strip(): value.strip() for key, value in lines.items()}
    flags = fields.get("flags", "").split()
    simd = [name for name in ("sse4_2", "avx2", "fma", "avx512f", "avx512dq", "avx512vl") if name in flags]
    return (f"{fields.get('model name', platform.machine())} (family {fields.get('cpu family', '?')}, model {fields.get('model', '?')}), "
            f"{os.cpu_count()} cores, cache {fields.get('cache size', '?')}, {' '.join(simd)}")


def commit():
    """Short commit of the checkout, marked when it has local changes outside bench/RESULTS.md."""
    def git(*arguments):
        return subprocess.run(["git", "-C", ROOT, *arguments], capture_output=True, text=True, check=False).stdout.strip()

    changed = [line for line in git("status", "--porcelain").splitlines() if not line.endswith("bench/RESULTS.md")]
    return (git("rev-parse", "--short", "HEAD") or "unknown") + (" with local changes" if changed else "")


def versions():
    """Interpreter and peers."""
    names = ("numpy", "astropy", "nifty-ls", "finufft", "pandas")
    return f"Python {platform.python_version()}, " + ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)


def main():
    """Runs the benches asked for and writes the file."""
    parser = argparse.ArgumentParser(prog="bench/run", description="Us and the peers on the same input; writes bench/RESULTS.md.")
    parser.add_argument("--quick", action="store_true", help="small sizes, seconds instead of minutes, nothing written")
    parser.add_argument("--only", default="speed,accuracy,reading", help="comma-separated: speed, accuracy, reading")
    arguments = parser.parse_args()
    wanted = arguments.only.split(",")
    load = os.getloadavg()[0]
    sections = []
    if "speed" in wanted:
        rows = speed.table(arguments.quick)
        sections += ["", "## Lomb-Scargle: speed", "", "Standard normalisation, floating mean, regular grid with five points a peak, survey-like "
                     "sampling with gaps. orrery: `lomb_scargle(method=\"fast\")`; nifty-ls: backend finufft at its defaults; astropy: "
                     "`method=\"fast\"`, which is what its default picks on a regular grid, one thread always. Rounds are interleaved; times are "
                     "medians, ratios medians of the rounds' ratios with [quartiles], above 1 when orrery is faster.", "",
                     *speed.markdown(rows), "", "Short of the goal:", *speed.shortfalls(rows)]
    if "accuracy" in wanted:
        rows = accuracy.table(arguments.quick)
        sections += ["", "## Lomb-Scargle: accuracy", "", "`method=\"fast\"` against exact sums in long double: N = 3000, largest difference "
                     f"over all frequencies, relative to max(1, power). The oracle itself agrees with plain sums to {rows[0]['oracle']:.0e}.",
                     "", *accuracy.markdown(rows, accuracy.corot7(SHARED))]
    if "reading" in wanted:
        folder = os.path.join(ROOT, "build", "bench-data")
        os.makedirs(folder, exist_ok=True)
        sections += ["", "## Reading a large CSV", "", *reading.markdown(reading.table(folder, 2e7 if arguments.quick else 1e9))]
    head = ["# Results of `bench/run`", "", "Written by the command; do not edit.", "",
            f"- commit {commit()}, {datetime.date.today().isoformat()}", f"- {machine()}", f"- {versions()}",
            f"- load of the machine at the start {load:.2f}, at the end {os.getloadavg()[0]:.2f}"]
    text = "\n".join(head + sections) + "\n"
    if arguments.quick or wanted != ["speed", "accuracy", "reading"]:
        print(text)
        return
    with open(os.path.join(ROOT, "bench", "RESULTS.md"), "w", encoding="utf-8") as file:
        file.write(text)
    print("bench: wrote bench/RESULTS.md")


if __name__ == "__main__":
    main()
