"""Features against light-curve, trends against wotan: same process, same input, answers compared before anything is timed."""

import warnings

import light_curve as lc
import numba
import numpy as np
import wotan

import orrery
import timing

# The variability set of light-curve: what its own table of speeds calls that.
PEERS = [lc.Amplitude(), lc.AndersonDarlingNormal(), lc.BeyondNStd(1.0), lc.Cusum(), lc.Eta(), lc.EtaE(), lc.ExcessVariance(),
         lc.InterPercentileRange(0.25), lc.Kurtosis(), lc.LinearTrend(), lc.MagnitudePercentageRatio(), lc.MaximumSlope(), lc.Mean(),
         lc.MeanVariance(), lc.Median(), lc.MedianAbsoluteDeviation(), lc.MedianBufferRangePercentage(), lc.PercentAmplitude(),
         lc.PercentDifferenceMagnitudePercentile(), lc.ReducedChi2(), lc.Roms(), lc.Skew(), lc.StandardDeviation(), lc.StetsonK(),
         lc.WeightedMean(), lc.OtsuSplit()]
NAMES = [name for peer in PEERS for name in peer.names]
STARS = 1000

# name, points, days between them, window [day], method
TRENDS = [("K2", 4320, 0.0204, 0.9), ("TESS 2 min", 19_440, 1 / 720, 0.9)]
METHODS = ["biweight", "median", "andrewsinewave", "trim_mean"]


def survey(n, count):
    """Variable stars with noise, uneven times."""
    random = np.random.default_rng(n)
    out = []
    for _ in range(count):
        t = np.sort(random.uniform(0, 1000, n))
        dy = random.uniform(0.01, 0.05, n)
        out.append((t, 15 + 0.3 * np.sin(2 * np.pi * t / random.uniform(0.3, 30)) + dy * random.normal(size=n), dy))
    return out


def spots(n, step):
    """A spotted star with transits, flares and noise."""
    random = np.random.default_rng(n)
    t = np.arange(n) * step + random.uniform(-1e-5, 1e-5, n)
    y = 1 + 0.01 * np.sin(t) + random.normal(0, 1e-3, n) - 0.005 * (np.abs((t + 1) % 3.3) < 0.12)
    y[random.random(n) < 0.002] += 0.05
    return t, y


def feature_rows(quick):
    """One thread, stars one after the other in one call each."""
    rows = []
    peer = lc.Extractor(*PEERS)
    for n in (100, 1000, 10_000):
        stars = survey(n, STARS * 100 // n // (10 if quick else 1) + 1)
        runs = {
            "orrery": lambda stars=stars: orrery.features_table(stars, NAMES, threads=1).values,
            "light-curve": lambda stars=stars: np.array(peer.many(stars, sorted=True, check=False, n_jobs=1)),
        }
        ours, theirs = runs["orrery"](), runs["light-curve"]()
        difference = float(np.max(np.abs(ours - theirs) / np.maximum(np.abs(theirs), 1e-12)))
        row = {"n": n, "stars": len(stars), "difference": difference, "times": timing.interleaved(runs, 2.0 if quick else 10.0)}
        rows.append(row)
        print(f"features N {n}: " + ", ".join(f"{k} {1e6 * np.median(r.wall) / len(stars):.1f} us a star" for k, r in row["times"].items())
              + f" (x{timing.ratio(row['times']['light-curve'], row['times']['orrery'])[0]:.2f}, largest relative difference "
              f"{difference:.1e})", flush=True)
    return rows


def trend_rows(quick):
    """One thread each."""
    rows = []
    numba.set_num_threads(1)
    warnings.simplefilter("ignore")
    for name, n, step, window in TRENDS[:1] if quick else TRENDS:
        t, y = spots(n, step)
        for method in METHODS:
            runs = {
                "orrery": lambda method=method: orrery.flatten(t, y, window=window, method=method, threads=1).trend,
                "wotan": lambda method=method: wotan.flatten(t, y, window_length=window, method=method, return_trend=True)[1],
            }
            difference = float(np.nanmax(np.abs(runs["orrery"]() - runs["wotan"]())))
            row = {"name": name, "n": n, "method": method, "difference": difference,
                   "times": timing.interleaved(runs, 2.0 if quick else 6.0)}
            rows.append(row)
            print(f"trend {name}, {method}: " + ", ".join(f"{k} {1e3 * np.median(r.wall):.2f} ms" for k, r in row["times"].items())
                  + f" (x{timing.ratio(row['times']['wotan'], row['times']['orrery'])[0]:.2f}, difference {difference:.1e})", flush=True)
    return rows


def table(quick):
    """Both parts."""
    return feature_rows(quick), trend_rows(quick)


def markdown(parts):
    """The tables of RESULTS.md."""
    features, trends = parts
    out = ["| points | stars | orrery us a star | light-curve us a star | light-curve / orrery | largest relative difference | rounds |",
           "|---|---|---|---|---|---|---|"]
    for row in features:
        us = {name: f"{1e6 * np.median(run.wall) / row['stars']:.3g}" for name, run in row["times"].items()}
        middle, low, high = timing.ratio(row["times"]["light-curve"], row["times"]["orrery"])
        out.append(f"| {row['n']} | {row['stars']} | {us['orrery']} | {us['light-curve']} | **{middle:.2f}** [{low:.2f}, {high:.2f}] | "
                   f"{row['difference']:.0e} | {len(row['times']['orrery'].wall)} |")
    out += ["", "Trends: `flatten` against wotan, one thread each, windows of 0.9 day; largest difference in units of the flux.", "",
            "| series | points | method | orrery ms | wotan ms | wotan / orrery | largest difference | rounds |", "|---|---|---|---|---|---|---|---|"]
    for row in trends:
        ms = {name: f"{1e3 * np.median(run.wall):.3g}" for name, run in row["times"].items()}
        middle, low, high = timing.ratio(row["times"]["wotan"], row["times"]["orrery"])
        out.append(f"| {row['name']} | {row['n']} | {row['method']} | {ms['orrery']} | {ms['wotan']} | **{middle:.2f}** [{low:.2f}, {high:.2f}] | "
                   f"{row['difference']:.0e} | {len(row['times']['orrery'].wall)} |")
    return out
