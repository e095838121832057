"""RR Lyrae stars of SDSS Stripe 82: how many of the published periods each method finds, and how long it takes."""

import os
import time

import numpy as np

import orrery

TOLERANCE = 2e-4  # relative
BANDS = "ugriz"


def published(folder):
    """(id, type, period) of every star."""
    with open(os.path.join(folder, "table2_periods.dat"), encoding="utf-8") as file:
        rows = [line.split() for line in file if not line.startswith("#")]
    return [(row[0], row[1], float(row[2])) for row in rows]


def series(folder, star):
    """The five bands of a star as one series."""
    rows = np.loadtxt(os.path.join(folder, "lightcurves", f"{star}.dat"))
    t, y, dy, band = [], [], [], []
    for k, name in enumerate(BANDS):
        seen = rows[:, 3 + 3 * k] > -90
        t.append(rows[seen, 2 + 3 * k])
        y.append(rows[seen, 3 + 3 * k])
        dy.append(np.maximum(rows[seen, 4 + 3 * k], 1e-3))
        band += [name] * int(seen.sum())
    return orrery.Series.from_arrays(np.concatenate(t), np.concatenate(y), np.concatenate(dy), band=np.array(band), quantity="magnitude")


def methods():
    """Name -> function of a series that gives period and type ('' when it does not say)."""
    def sines(harmonics):
        return lambda s: (orrery.find_period(s, min_period=0.2, max_period=1.0, harmonics=harmonics).period, "")

    def templates(amplitudes):
        def run(s):
            found = orrery.find_rr_lyrae(s, amplitudes=amplitudes)
            return found.period, found.type
        return run

    return {"find_period, 1 harmonic, five bands": sines(1), "find_period, 3 harmonics, five bands": sines(3),
            "find_rr_lyrae, one amplitude for all bands": templates("shared"), "find_rr_lyrae, an amplitude a band": templates("free")}


def table(shared, quick):
    """One row a method; none when the stars are not there."""
    folder = os.path.join(shared, "rrlyrae_s82")
    if not os.path.isdir(folder):
        print("RR Lyrae: skipped, no stars in the shared data", flush=True)
        return []
    stars = published(folder)[:: 15 if quick else 1]
    rows = []
    for name, method in methods().items():
        right, types, misses, start = 0, 0, [], time.process_time()
        for star, kind, truth in stars:
            period, found = method(series(folder, star))
            if abs(period / truth - 1) < TOLERANCE:
                right += 1
            else:
                misses.append((star, kind, truth, period))
            types += found == kind
        rows.append({"name": name, "stars": len(stars), "right": right, "types": types, "misses": misses,
                     "seconds": (time.process_time() - start) / len(stars)})
        print(f"RR Lyrae {name}: {right} of {len(stars)} = {100 * right / len(stars):.1f} %, {1e3 * rows[-1]['seconds']:.0f} ms of CPU a star", flush=True)
    return rows


def markdown(rows):
    """The table of RESULTS.md, and the stars that the templates miss."""
    if not rows:
        return ["Skipped: the shared data is not there."]
    out = ["| method | periods within 2e-4 | | types right | ms of CPU a star, reading included |", "|---|---|---|---|---|"]
    for row in rows:
        types = f"{row['types']} of {row['stars']}" if row["types"] else "-"
        out.append(f"| {row['name']} | {row['right']} of {row['stars']} | **{100 * row['right'] / row['stars']:.1f} %** | {types} | {1e3 * row['seconds']:.0f} |")
    out += ["", f"Missed by {rows[-1]['name']}:", "", "| star | type | published [day] | found [day] | difference of frequencies [1/day] |", "|---|---|---|---|---|"]
    out += [f"| {star} | {kind} | {truth:.6f} | {period:.6f} | {1 / period - 1 / truth:+.5f} |" for star, kind, truth, period in rows[-1]["misses"]]
    return out
