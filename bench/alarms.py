"""False alarms and aliases: are the probabilities what they say, and does the report warn where the period is wrong?"""

import csv
import os
import time

import astropy.timeseries
import numpy as np

import orrery
import timing

NOMINAL = (0.1, 0.05, 0.01)
POINTS, SPAN, CYCLES = 60, 50.0, 200.0  # fmax T = 200
METHODS = ("naive", "davies", "baluev", "bootstrap")
RESAMPLES = 199


def sky(seed, red=0.0, tau=5.0):
    """White noise with unequal errors at random times, and a damped random walk of standard deviation `red`."""
    random = np.random.default_rng(seed)
    t = np.sort(random.uniform(0, SPAN, POINTS))
    dy = random.uniform(0.5, 1.5, POINTS)
    y = dy * random.normal(size=POINTS)
    if red:
        state = random.normal()
        for i in range(POINTS):
            if i:
                a = np.exp(-(t[i] - t[i - 1]) / tau)
                state = a * state + np.sqrt(1 - a * a) * random.normal()
            y[i] += red * state
    return t, y, dy


def probabilities(case, seed):
    """What each method says of the highest peak of one sky."""
    harmonics, bands = case
    t, y, dy = sky(seed)
    if bands == 1:
        grid = orrery.FrequencyGrid(0.001, 0.1 / (harmonics * SPAN), int(CYCLES * 10 * harmonics))  # ten a peak of the last
        found = orrery.lomb_scargle(t, y, dy, frequency=grid, harmonics=harmonics, threads=1)
        top = float(found.power.max())
        return {method: found.false_alarm_probability(top, method=method, resamples=RESAMPLES, seed=seed) for method in METHODS}
    series = orrery.Series.from_arrays(t, y, dy, band=np.where(np.arange(POINTS) % bands, "a", "b"))
    limits = {"min_period": SPAN / CYCLES, "max_period": 1000.0, "oversampling": 10.0, "harmonics": harmonics}
    return {method: orrery.find_period(series, alarm=method, resamples=RESAMPLES, seed=seed, **limits).false_alarm_probability
            for method in METHODS}


def counts(said):
    """How many of the probabilities are at most each nominal one."""
    return [int(np.sum(np.array(said) <= nominal * (1 + 1e-9))) for nominal in NOMINAL]


def calibration(runs):
    """Exceedances at the nominal probabilities, white noise: one row a case and method."""
    rows = []
    for case, name in (((1, 1), "K = 1"), ((2, 1), "K = 2"), ((1, 2), "K = 1, two bands")):
        said = {method: [] for method in METHODS}
        for seed in range(runs):
            for method, p in probabilities(case, seed).items():
                said[method].append(p)
        for method in METHODS:
            rows.append({"case": name, "method": method, "runs": runs, "counts": counts(said[method])})
            print(f"alarms, white noise, {name}, {method}: {rows[-1]['counts']} of {runs}", flush=True)
    return rows


def red_noise(runs):
    """The same for skies of a damped random walk twice as loud as the errors."""
    said = {"baluev": [], "red_noise, anywhere": [], "red_noise, by frequency": []}
    for seed in range(runs):
        t, y, dy = sky(10_000 + seed, red=2.0)
        found = orrery.lomb_scargle(t, y, dy, frequency=orrery.FrequencyGrid(0.002, 0.004, 1000), threads=1)
        top = float(found.power.max())
        null = found.red_noise(resamples=199, seed=seed)
        standing = int(np.argmax(-np.log1p(-found.power) / null.expected))
        said["baluev"].append(found.false_alarm_probability(top))
        said["red_noise, anywhere"].append(null.probability(top))
        said["red_noise, by frequency"].append(null.probability(float(found.power[standing]), float(found.frequency[standing])))
    rows = []
    for method, p in said.items():
        rows.append({"case": "red noise", "method": method, "runs": runs, "counts": counts(p)})
        print(f"alarms, red noise, {method}: {rows[-1]['counts']} of {runs}", flush=True)
    return rows


def verdict(row):
    """Within three binomial standard deviations of nominal, above or below."""
    out = []
    for nominal, count in zip(NOMINAL, row["counts"]):
        far = (count - nominal * row["runs"]) / np.sqrt(nominal * (1 - nominal) * row["runs"])
        out.append("yes" if abs(far) <= 3 else "too many" if far > 0 else "fewer")
    return ", ".join(out)


def stripe82(shared, name):
    """The five bands of one star, rows without a measurement left out."""
    rows = np.loadtxt(os.path.join(shared, "rrlyrae_s82", "lightcurves", name))
    columns = {"t": [], "y": [], "dy": [], "band": []}
    for b, band in enumerate("ugriz"):
        t, y, dy = rows[:, 2 + 3 * b], rows[:, 3 + 3 * b], rows[:, 4 + 3 * b]
        good = (y > 0) & (dy > 0)
        for key, column in zip(columns, (t[good], y[good], dy[good], np.full(good.sum(), band))):
            columns[key].append(column)
    return orrery.Series.from_arrays(*(np.concatenate(columns[key]) for key in ("t", "y", "dy")), band=np.concatenate(columns["band"]))


def rrlyrae_aliases(shared, limit=None):
    """Stripe 82: how often the period is right, and how often the report calls it ambiguous when it is wrong and when it is right."""
    folder = os.path.join(shared, "rrlyrae_s82")
    if not os.path.isdir(folder):
        print("alarms: no shared RR Lyrae stars: skipped")
        return []
    with open(os.path.join(folder, "table2_periods.dat"), encoding="utf-8") as file:
        rows = list(csv.reader(file, delimiter=" ", skipinitialspace=True))
    period = {row[0]: float(row[2]) for row in rows if row and row[0].isdigit()}
    names = [n for n in sorted(os.listdir(os.path.join(folder, "lightcurves"))) if n[:-4] in period][:limit]
    rows = []
    for harmonics in (1, 2, 3, 4):
        row = {"harmonics": harmonics, "stars": len(names), "right": 0, "wrong": 0, "flagged_right": 0, "flagged_wrong": 0, "listed": 0, "open": 0}
        start = time.process_time()
        for name in names:
            truth = period[name[:-4]]
            found = orrery.find_period(stripe82(shared, name), min_period=0.2, max_period=1.2, harmonics=harmonics)
            right = abs(found.period / truth - 1) < 2e-4
            row["right" if right else "wrong"] += 1
            row["flagged_right" if right else "flagged_wrong"] += found.ambiguous
            match = [rival for rival in found.rivals if abs(rival.period / truth - 1) < 2e-4]
            row["listed"] += bool(not right and match)
            row["open"] += bool(not right and match and not match[0].excluded)
        row["ms"] = 1e3 * (time.process_time() - start) / len(names)
        rows.append(row)
        print(f"aliases, RR Lyrae, K = {harmonics}: right {row['right']} of {row['stars']}, flagged {row['flagged_wrong']} of {row['wrong']} wrong and "
              f"{row['flagged_right']} right", flush=True)
    return rows


def speed(quick):
    """Bootstrap of the highest peak against astropy's, the same grid; astropy's with few replicas, for it makes each anew."""
    t, y, dy = sky(1)
    count = 1000 if quick else 10_000
    grid = orrery.FrequencyGrid(0.004, 0.004, count)
    found = orrery.lomb_scargle(t, y, dy, frequency=grid, threads=1)
    theirs = astropy.timeseries.LombScargle(t, y, dy)
    top = float(found.power.max())
    baluev = float(theirs.false_alarm_probability(top, method="baluev", maximum_frequency=grid.last - grid.first))  # it counts from 0
    difference = abs(found.false_alarm_probability(top) / baluev - 1)
    few, many = 5, 1000
    runs = {
        "orrery": lambda: found.false_alarm_probability(top, method="bootstrap", resamples=many),
        "astropy": lambda: theirs.false_alarm_probability(top, method="bootstrap", maximum_frequency=grid.last, samples_per_peak=5,
                                                          method_kwds={"n_bootstraps": few}),
    }
    times = timing.interleaved(runs, 3.0 if quick else 12.0)
    ratio = np.median(times["astropy"].cpu) / few / (np.median(times["orrery"].cpu) / many)
    row = {"frequencies": count, "ours": 1e3 * np.median(times["orrery"].cpu) / many, "theirs": 1e3 * np.median(times["astropy"].cpu) / few,
           "ratio": ratio, "difference": difference}
    print(f"bootstrap, {count} frequencies: {row['ours']:.3f} ms a replica, astropy {row['theirs']:.2f} (x{ratio:.0f}); Baluev differs by {difference:.1e}", flush=True)
    return row


def table(quick, shared):
    """Everything that RESULTS.md shows."""
    runs = 100 if quick else 2000
    return {"white": calibration(runs), "red": red_noise(runs // 4), "stars": rrlyrae_aliases(shared, 30 if quick else None),
            "speed": speed(quick)}


def markdown(found):
    """The tables of RESULTS.md."""
    out = ["| noise | method | skies | at 10 % | at 5 % | at 1 % | within 3 sigma of nominal |", "|---|---|---|---|---|---|---|"]
    for row in [*found["white"], *found["red"]]:
        shares = " | ".join(f"{100 * count / row['runs']:.1f} %" for count in row["counts"])
        out.append(f"| {row['case']} | {row['method']} | {row['runs']} | {shares} | {verdict(row)} |")
    out += ["", "Baluev and Davies are upper limits: fewer is what they promise, too many would be wrong. Naive counts one frequency for each 1 / T.", "",
            "| RR Lyrae, five bands | right within 2e-4 | wrong ones flagged ambiguous | right ones flagged | truth among the rivals of wrong ones, and not "
            "excluded | CPU ms a star |", "|---|---|---|---|---|---|"]
    for row in found["stars"]:
        out.append(f"| K = {row['harmonics']} | {row['right']} of {row['stars']} | {row['flagged_wrong']} of {row['wrong']} | {row['flagged_right']} of "
                   f"{row['right']} | {row['listed']}, {row['open']} | {row['ms']:.0f} |")
    s = found["speed"]
    return out + ["", f"Bootstrap, {s['frequencies']} frequencies, N = {POINTS}: {s['ours']:.3f} ms of CPU a replica, astropy {s['theirs']:.2f} ms: **{s['ratio']:.0f}** "
                      f"times. Baluev's probability of the two differs by {s['difference']:.0e}."]
