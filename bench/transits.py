"""Box least squares against astropy: same process, same input, answers compared before anything is timed."""

import astropy.timeseries
import numpy as np

import orrery
import timing

# name, points, span [day], shortest and longest period [day], number of periods, durations [day]
CELLS = [
    ("K2, 1 duration", 4320, 90.0, 0.6, 20.0, 4000, [0.2]),
    ("K2, 10 durations", 4320, 90.0, 0.6, 20.0, 4000, list(np.linspace(0.05, 0.4, 10))),
    ("TESS 2 min, 10 durations", 19_440, 27.0, 0.6, 12.0, 2000, list(np.linspace(0.05, 0.4, 10))),
    ("Kepler 4 years, 10 durations", 70_080, 1460.0, 1.0, 300.0, 400, list(np.linspace(0.1, 0.6, 10))),
]


def sky(n, span):
    """A flat star with noise and a planet of 7.3 days."""
    random = np.random.default_rng(n)
    t = np.linspace(0, span, n) + random.uniform(-1e-4, 1e-4, n)  # times on a bin's edge would fall either way
    y = 1 - 0.003 * (np.abs((t - 2.0 + 3.65) % 7.3 - 3.65) < 0.1) + random.normal(0, 0.001, n)
    return t, y, random.uniform(0.0008, 0.0012, n)


def table(quick):
    """One row a cell, one thread."""
    rows = []
    for name, n, span, low, high, count, durations in CELLS[:2] if quick else CELLS:
        t, y, dy = sky(n, span)
        period = 1 / np.linspace(1 / low, 1 / high, count // 8 if quick else count)
        theirs = astropy.timeseries.BoxLeastSquares(t, y, dy)
        runs = {
            "orrery": lambda: orrery.box_least_squares(t, y, dy, period=period, duration=durations, threads=1),
            "astropy": lambda: theirs.power(period, durations, method="fast"),
        }
        ours, peer = runs["orrery"](), runs["astropy"]()
        pairs = ((ours.power, peer.power), (ours.depth, peer.depth), (ours.depth_snr, peer.depth_snr))
        difference = max(float(np.max(np.abs(a - np.asarray(b)) / np.maximum(np.abs(np.asarray(b)), 1e-300))) for a, b in pairs)
        same_place = np.abs(np.asarray(peer.transit_time) - ours.transit_time) < 1e-9
        row = {"name": name, "periods": len(period), "difference": difference, "times": timing.interleaved(runs, 3.0 if quick else 12.0),
               "same": float(np.mean((np.abs(np.asarray(peer.duration) - ours.duration) < 1e-12) & same_place))}
        rows.append(row)
        print(f"BLS {name}: " + ", ".join(f"{k} {1e6 * np.median(r.wall) / len(period):.1f} us a period" for k, r in row["times"].items())
              + f" (x{timing.ratio(row['times']['astropy'], row['times']['orrery'])[0]:.2f}, difference {difference:.1e}, same box {row['same']:.4f})", flush=True)
    return rows


def folding_table(quick):
    """Fast folding against astropy's fast method, a period each: the periods differ, as fast folding has its own, so the best boxes are
    compared. One row a cell, one thread; then four years of Kepler with the durations of a Sun on all cores."""
    rows = []
    for name, n, span, low, high, count, durations in CELLS[:2] if quick else CELLS:
        t, y, dy = sky(n, span)
        few = 1 / np.linspace(1 / low, 1 / high, max(50, count // 8))
        theirs = astropy.timeseries.BoxLeastSquares(t, y, dy)
        runs = {
            "orrery": lambda: orrery.box_least_squares(
                t, y, dy, method="ffa", duration=durations, min_period=low, max_period=high, threads=1),
            "astropy": lambda: theirs.power(few, durations, method="fast"),
        }
        found = runs["orrery"]()
        again = theirs.power([found.best.period], durations, method="fast")  # the peak in their bins: the numbers must be the same
        rows.append({"name": name, "periods": len(found.period), "their_periods": len(few), "planet": found.best.period,
                     "difference": abs(float(again.depth[0]) / found.best.depth - 1),
                     "times": timing.interleaved(runs, 3.0 if quick else 12.0)})
        print("FFA {}: {:.2f} us a period, astropy {:.2f}".format(name, *(microseconds(rows[-1]))), flush=True)
    if not quick:
        t, y, dy = sky(*CELLS[3][1:3])
        run = {"orrery": lambda: orrery.box_least_squares(t, y, dy, method="ffa", min_transits=2)}
        found = run["orrery"]()
        rows.append({"name": "Kepler 4 years, Keplerian durations and periods, all cores", "periods": len(found.period),
                     "planet": found.best.period, "times": timing.interleaved(run, 12.0)})
        print(f"FFA Kepler, all cores: {np.median(rows[-1]['times']['orrery'].wall):.2f} s for {len(found.period)} periods", flush=True)
    return rows


def microseconds(row):
    """A period each: ours, theirs."""
    return [1e6 * np.median(row["times"][k].wall) / row[n] for k, n in (("orrery", "periods"), ("astropy", "their_periods"))]


def folding_markdown(rows):
    """The table of RESULTS.md."""
    out = ["| series | periods | best period [day] | orrery us a period | astropy us a period | astropy / orrery | depth of the best against astropy's | seconds in all |",
           "|---|---|---|---|---|---|---|---|"]
    for row in rows:
        seconds = np.median(row["times"]["orrery"].wall)
        if "astropy" in row["times"]:
            ours, theirs = microseconds(row)
            compared = f"{ours:.3g} | {theirs:.3g} | **{theirs / ours:.1f}** | {row['difference']:.0e}"
        else:
            compared = f"{1e6 * seconds / row['periods']:.3g} | - | - | -"
        out.append(f"| {row['name']} | {row['periods']} | {row['planet']:.4f} | {compared} | {seconds:.3g} |")
    return out


def markdown(rows):
    """The table of RESULTS.md."""
    out = ["| series | periods | orrery us a period | astropy us a period | astropy / orrery | largest relative difference | same box | rounds |",
           "|---|---|---|---|---|---|---|---|"]
    for row in rows:
        us = {name: f"{1e6 * np.median(run.wall) / row['periods']:.3g}" for name, run in row["times"].items()}
        middle, low, high = timing.ratio(row["times"]["astropy"], row["times"]["orrery"])
        out.append(f"| {row['name']} | {row['periods']} | {us['orrery']} | {us['astropy']} | **{middle:.2f}** [{low:.2f}, {high:.2f}] | "
                   f"{row['difference']:.0e} | {100 * row['same']:.2f} % | {len(row['times']['orrery'].wall)} |")
    return out
