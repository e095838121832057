"""Prewhitening and CLEAN against what one writes by hand: astropy's periodogram and scipy's fit in a loop, and the paper's loop in numpy."""

import numpy as np
from astropy.timeseries import LombScargle
from scipy.optimize import curve_fit

import orrery
import timing

MODES = ((5.734, 1.0, 0.1), (6.9218, 0.6, 0.7), (11.468, 0.35, 0.4), (7.02, 0.2, 0.9), (3.117, 0.12, 0.55))


def star(n):
    """A delta Scuti star from one observatory: nights of six hours in three seasons."""
    random = np.random.default_rng(n)
    t = np.sort(365.25 * random.integers(0, 3, n) + random.integers(0, 100, n) + 0.25 * random.uniform(size=n))
    y = 9 + sum(a * np.sin(2 * np.pi * (f * t + p)) for f, a, p in MODES) + 0.15 * random.normal(size=n)
    return t, y, np.full(n, 0.15)


def by_hand(t, y, dy, grid, count):
    """Frequencies, amplitudes and errors of `count` modes: highest peak, fit of all modes together, and again."""
    frequency = grid.values()
    epoch = t.mean()
    sines = lambda x, c, *p: c + sum(p[3 * j + 1] * np.sin(2 * np.pi * p[3 * j] * (x - epoch)) +
                                     p[3 * j + 2] * np.cos(2 * np.pi * p[3 * j] * (x - epoch)) for j in range(len(p) // 3))
    best, left = np.array([np.average(y, weights=dy**-2)]), y - np.average(y, weights=dy**-2)
    for _ in range(count):
        power = LombScargle(t, left, dy).power(frequency, method="fast", assume_regular_frequency=True)
        f = frequency[np.argmax(power)]
        x = 2 * np.pi * f * (t - epoch)
        a, b = np.linalg.lstsq(np.array([np.sin(x), np.cos(x)]).T / dy[:, None], left / dy, rcond=None)[0]
        best, covariance = curve_fit(sines, t, y, [*best, f, a, b], dy, ftol=1e-12, xtol=1e-12)
        left = y - sines(t, *best)
    LombScargle(t, left, dy).power(frequency, method="fast", assume_regular_frequency=True)
    return best[1::3], np.hypot(best[2::3], best[3::3]), np.sqrt(np.diag(covariance))[1::3]


def clean_by_hand(t, y, step, count, gain, rounds):
    """Roberts, Lehar & Dreher's loop over arrays; sums by the times, as there is no transform to call."""
    wave = np.exp(-2j * np.pi * step * np.outer(np.arange(2 * count - 1), t - round(t[0] + 0.5 * np.ptp(t)))) / len(t)
    window = wave.sum(axis=1)
    both = np.concatenate([window[:0:-1].conj(), window])  # from -2M to 2M
    left = wave[:count] @ (y - y.mean())
    middle = len(window) - 1
    for _ in range(rounds):
        p = int(np.argmax(np.abs(left)))
        w = window[2 * p]
        a = gain * (left[p] - left[p].conj() * w) / (1 - abs(w) ** 2)
        k = np.arange(count)
        left = left - a * both[middle + k - p] - a.conj() * both[middle + k + p]
    return left


def table(quick):
    """One row a case."""
    rows = []
    for n in (400,) if quick else (400, 3000):
        t, y, dy = star(n)
        grid = orrery.FrequencyGrid(0.5, 0.0002, 75000)
        runs = {"orrery": lambda: orrery.prewhiten(t, y, dy, frequency=grid, max_modes=5, min_snr=0),
                "by hand": lambda: by_hand(t, y, dy, grid, 5)}
        mine, (frequency, amplitude, error) = runs["orrery"](), runs["by hand"]()
        far = max(np.max(np.abs(mine.frequency - frequency) / error), np.max(np.abs(mine.frequency_error / error - 1)),
                  np.max(np.abs(mine.amplitude / amplitude - 1)))
        rows.append(_row("prewhitening, 5 modes, 75,000 frequencies", n, far, runs, quick))
    t, y, _ = star(300)
    step, count, rounds = 0.2 / np.ptp(t), 8000 if quick else 20000, 200
    runs = {"orrery": lambda: orrery.clean(t, y, max_frequency=step * (count - 0.5), step=step, gain=0.3, iterations=rounds),
            "by hand": lambda: clean_by_hand(t, y, step, count, 0.3, rounds)}
    far = np.max(np.abs(runs["orrery"]().residual - runs["by hand"]()))
    rows.append(_row(f"CLEAN, {count} frequencies, {rounds} rounds", len(t), far, runs, quick))
    return rows


def _row(name, n, difference, runs, quick):
    row = {"name": name, "n": n, "difference": float(difference), "times": timing.interleaved(runs, 2.0 if quick else 10.0)}
    print(f"{name}, {n} points: {1e3 * np.median(row['times']['orrery'].wall):.2f} ms, by hand "
          f"x{timing.ratio(row['times']['by hand'], row['times']['orrery'])[0]:.1f}, difference {row['difference']:.1e}", flush=True)
    return row


def markdown(rows):
    """The table of RESULTS.md."""
    out = ["| method | points | orrery ms | by hand ms | by hand / orrery | largest difference |", "|---|---|---|---|---|---|"]
    for row in rows:
        ms = {name: f"{1e3 * np.median(run.wall):.3g}" for name, run in row["times"].items()}
        middle, low, high = timing.ratio(row["times"]["by hand"], row["times"]["orrery"])
        out.append(f"| {row['name']} | {row['n']} | {ms['orrery']} | {ms['by hand']} | **{middle:.1f}** [{low:.1f}, {high:.1f}] | {row['difference']:.0e} |")
    return out
