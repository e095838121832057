"""The benches, and the one table they write. Called by bench/run, which makes the environment and sets the peers' threads."""

import argparse
import datetime
import importlib.metadata
import os
import platform
import subprocess

import accuracy
import alarms
import completeness
import features
import modes
import patterns
import periods
import reading
import rrlyrae
import speed
import statistics_peers
import tls
import transits

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
    names = ("numpy", "astropy", "nifty-ls", "finufft", "pandas", "transitleastsquares", "light-curve", "wotan", "numba", "P4J", "PyAstronomy", "supersmoother")
    return f"Python {platform.python_version()}, " + ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)


SECTIONS = ("speed", "periods", "accuracy", "alarms", "statistics", "transits", "tls", "completeness", "rrlyrae", "patterns", "modes",
            "features", "reading")


def transit_section(name, quick):
    """The same for the searches of transits."""
    if name == "transits":
        return "Box least squares", [
            "`box_least_squares` against astropy's `BoxLeastSquares.power(method=\"fast\")`, one thread each, the same periods, durations and bins.",
            "", *transits.markdown(transits.table(quick)), "",
            "Fast folding (`method=\"ffa\"`) with the same durations and periods of its own; astropy's time a period from an eighth of "
            "the periods above.",
            "", *transits.folding_markdown(transits.folding_table(quick))]
    if name == "tls":
        return "Transit least squares", [
            "`transit_least_squares` against the transitleastsquares package, one thread each. Injections: 25 days at half-hour cadence, white noise of "
            "200 ppm, planets of 2.5 to 11 days and 0.8 to 2.2 per cent of the star's radius, searched from 2 to 12.5 days; found: the highest peak has the right "
            "period and time and an SDE of 7.", "", *tls.markdown(tls.table(quick, SHARED))]
    return "Injection and recovery", [
        "`completeness` on one thread, processor time: 27 days at half-hour cadence searched from 0.7 to 24 days, and 300 nights of a survey from "
        "0.7 to 120 days, white noise, no control; against a loop over astropy's `BoxLeastSquares.power` on its `autoperiod` and "
        "`LombScargle.autopower` on the same injected series. Boxes: ours follow the duration of orbits, astropy's are five that stay.",
        "", *completeness.markdown(completeness.table(quick))]


def section(name, quick):
    """Heading and lines of one part of the file."""
    if name in ("transits", "tls", "completeness"):
        return transit_section(name, quick)
    if name == "speed":
        rows = speed.table(quick)
        return "Lomb-Scargle: speed", [
            "Standard normalisation, floating mean, regular grid with five points a peak, survey-like sampling with gaps. orrery: "
            "`lomb_scargle(method=\"fast\")`; nifty-ls: backend finufft at its defaults; astropy: `method=\"fast\"`, which is what its default "
            "picks on a regular grid, one thread always. Rounds are interleaved; times are medians, ratios medians of the rounds' ratios with "
            "[quartiles], above 1 when orrery is faster.", "", *speed.markdown(rows), "", "Short of the goal:", "", *speed.shortfalls(rows)]
    if name == "periods":
        return "Lomb-Scargle: harmonics, many stars, bands, growth", periods.markdown(periods.table(quick))
    if name == "accuracy":
        rows = accuracy.table(quick)
        return "Lomb-Scargle: accuracy", [
            "`method=\"fast\"` against exact sums in long double: N = 3000, largest difference over all frequencies, relative to max(1, power). "
            f"The oracle itself agrees with plain sums to {rows[0]['oracle']:.0e}.", "", *accuracy.markdown(rows, accuracy.corot7(SHARED))]
    if name == "alarms":
        return "False alarms and aliases", [
            "Skies of noise alone, N = 60, fmax T = 200: the part to whose highest peak a method gives at most the nominal probability. Then the alias "
            "report on RR Lyrae stars of Stripe 82, 0.2 to 1.2 days.", "", *alarms.markdown(alarms.table(quick, SHARED))]
    if name == "statistics":
        return "Period statistics", [
            "`periodogram(method=...)` against each peer's own kernel, called as its package calls it, one thread each, the same frequencies. P4J "
            "computes in float, drops bins with two points from the dispersion, and finds quartiles a little differently; supersmoother "
            "cuts its windows differently. No Python peer of the conditional entropy on a processor was found.",
            "", *statistics_peers.markdown(statistics_peers.table(quick))]
    if name == "rrlyrae":
        return "RR Lyrae stars of Stripe 82", [
            "Published periods found (Sesar et al. 2010), five bands together; trial periods of the sines 0.2 to 1.0 day.",
            "", *rrlyrae.markdown(rrlyrae.table(SHARED, quick))]
    if name == "patterns":
        return "Autocorrelation and wavelets", [
            "Against the definitions in vectorised numpy, one thread each.", "", *patterns.markdown(patterns.table(quick))]
    if name == "modes":
        return "Prewhitening and CLEAN", [
            "By hand: a loop of astropy's `LombScargle(method=\"fast\")` and scipy's `curve_fit` of all modes together; and the published loop of CLEAN in "
            "numpy. Differences of prewhitening in errors of the frequencies. Packages on PyPI are interactive or need another astropy.",
            "", *modes.markdown(modes.table(quick))]
    if name == "features":
        return "Features and trends", [
            "The variability features of light-curve (26 extractors, 31 numbers) by one call of `features_table` and one of its `Extractor.many`, "
            "one thread each; what differs in the seventh digit is its quantiles at a single-precision 0.4.", "",
            *features.markdown(features.table(quick))]
    folder = os.path.join(ROOT, "build", "bench-data")
    os.makedirs(folder, exist_ok=True)
    return "Reading a large CSV", reading.markdown(reading.table(folder, 2e7 if quick else 1e9))


def measured(name, quick):
    """A section as text, with what it was measured on."""
    load = os.getloadavg()[0]
    heading, lines = section(name, quick)
    where = f"Commit {commit()}, {datetime.date.today().isoformat()}; load of the machine at the start {load:.2f}, at the end {os.getloadavg()[0]:.2f}."
    return "\n".join([f"## {heading}", "", where, "", *lines]) + "\n"


def kept_sections(path):
    """The sections that the file has, by heading."""
    if not os.path.exists(path):
        return {}
    parts = open(path, encoding="utf-8").read().split("\n## ")[1:]
    return {part.split("\n", 1)[0]: f"## {part}".rstrip("\n") + "\n" for part in parts}


def main():
    """Runs the benches asked for and writes their sections of the file; those of others stay."""
    parser = argparse.ArgumentParser(prog="bench/run", description="Us and the peers on the same input; writes bench/RESULTS.md.")
    parser.add_argument("--quick", action="store_true", help="small sizes, seconds instead of minutes, nothing written")
    parser.add_argument("--only", default=",".join(SECTIONS), help=f"comma-separated: {', '.join(SECTIONS)}")
    arguments = parser.parse_args()
    wanted = arguments.only.split(",")
    if unknown := set(wanted) - set(SECTIONS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    path = os.path.join(ROOT, "bench", "RESULTS.md")
    sections = {} if arguments.quick else kept_sections(path)
    for name in wanted:
        text = measured(name, arguments.quick)
        sections[text.split("\n", 1)[0].removeprefix("## ")] = text
        if not arguments.quick:  # what is done is kept when a later one fails
            head = ["# Results of `bench/run`", "", "Written by the command; do not edit.", "", f"- {machine()}", f"- {versions()}", ""]
            with open(path, "w", encoding="utf-8") as file:
                file.write("\n".join(head) + "\n" + "\n".join(sections.values()))
    print("\n".join(sections.values()) if arguments.quick else "bench: wrote bench/RESULTS.md")


if __name__ == "__main__":
    main()
