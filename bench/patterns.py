"""Autocorrelation of gappy series and wavelet maps against plain numpy: same process, same input, answers compared first."""

import numpy as np

import orrery
import timing


def sky(n):
    """Uneven times, a sine and noise."""
    random = np.random.default_rng(n)
    t = np.sort(random.uniform(0, 200, n))
    return t, np.sin(2 * np.pi * t / 7) + random.normal(0, 0.3, n)


def slots(t, y, lags, step):
    """Slotted autocorrelation by all pairs, vectorised."""
    x = (y - y.mean()) / y.std()
    d = t[None, :] - t[:, None]
    place = np.floor(d / step + 0.5).astype(int)
    good = (place >= 0) & (place < len(lags))
    products = np.outer(x, x)[good]
    return np.bincount(place[good], products, len(lags)) / np.maximum(1, np.bincount(place[good], minlength=len(lags)))


def wavelet(t, y, frequency, tau, decay):
    """Foster's Z by his matrices, one place at a time, vectorised over points."""
    out = np.zeros((len(frequency), len(tau)))
    for i, f in enumerate(frequency):
        for j, middle in enumerate(tau):
            u = 2 * np.pi * f * (t - middle)
            w = np.exp(-decay * u * u)
            basis = np.stack([np.ones_like(u), np.cos(u), np.sin(u)])
            effective = w.sum() ** 2 / (w * w).sum()
            coefficients = np.linalg.solve((basis * w) @ basis.T, (basis * w) @ y)
            model = coefficients @ basis
            mean = (w * y).sum() / w.sum()
            vx = (w * y * y).sum() / w.sum() - mean**2
            vy = (w * model * model).sum() / w.sum() - ((w * model).sum() / w.sum()) ** 2
            out[i, j] = (effective - 3) * vy / (2 * (vx - vy))
    return out


def table(quick):
    """One row a case."""
    rows = []
    t, y = sky(500 if quick else 2000)
    step, count = 0.5, 100
    cases = [("autocorrelation, slots", len(t), {
        "orrery": lambda: orrery.autocorrelation(t, y, step=step, max_lag=step * (count - 1), kernel="slot").value,
        "numpy": lambda: slots(t, y, np.arange(count), step)})]
    frequency, tau = np.linspace(0.05, 0.5, 20 if quick else 60), np.linspace(20, 180, 20 if quick else 60)
    cases.append(("weighted wavelet Z", len(t), {
        "orrery": lambda: orrery.weighted_wavelet(t, y, frequency=frequency, time=tau, threads=1).z,
        "numpy": lambda: wavelet(t, y, frequency, tau, 0.0125)}))
    for name, n, runs in cases:
        ours, theirs = runs["orrery"](), runs["numpy"]()
        row = {"name": name, "n": n, "difference": float(np.max(np.abs(ours - theirs) / np.maximum(1, np.abs(theirs)))),
               "times": timing.interleaved(runs, 2.0 if quick else 10.0)}
        rows.append(row)
        print(f"{name}: {1e3 * np.median(row['times']['orrery'].wall):.2f} ms, numpy x{timing.ratio(row['times']['numpy'], row['times']['orrery'])[0]:.1f}, "
              f"difference {row['difference']:.1e}", flush=True)
    return rows


def markdown(rows):
    """The table of RESULTS.md."""
    out = ["| method | points | orrery ms | numpy ms | numpy / orrery | largest difference |", "|---|---|---|---|---|---|"]
    for row in rows:
        ms = {name: f"{1e3 * np.median(run.wall):.3g}" for name, run in row["times"].items()}
        middle, low, high = timing.ratio(row["times"]["numpy"], row["times"]["orrery"])
        out.append(f"| {row['name']} | {row['n']} | {ms['orrery']} | {ms['numpy']} | **{middle:.1f}** [{low:.1f}, {high:.1f}] | {row['difference']:.0e} |")
    return out
