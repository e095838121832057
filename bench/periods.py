"""Lomb-Scargle beyond one series and one sinusoid: harmonics, many stars, several bands, and how the time grows with the grid."""

import astropy.timeseries
import nifty_ls
import numpy as np
import threadpoolctl

import orrery
import sky
import timing

HARMONICS = 4
ASTROPY_MOST = 100_000  # frequencies: its fastchi2 takes 0.14 ms of CPU for each


def milliseconds(run):
    """Median wall clock and CPU."""
    return f"{1e3 * np.median(run.wall):.3g} ({1e3 * np.median(run.cpu):.3g})"


def ratio_text(peer, us):
    middle, low, high = timing.ratio(peer, us)
    return f"**{middle:.2f}** [{low:.2f}, {high:.2f}]"


def require_qr_agrees(t, y, sigma, frequency, power):
    """The direct sums are ours: they are compared with numpy's Householder factors of the design matrix, which no code of ours made."""
    tau, w = t - np.mean(t), 1 / sigma
    target = w * (y - np.average(y, weights=w**2))
    k = np.arange(1, HARMONICS + 1)
    for f, p in zip(frequency, power):
        phase = 2 * np.pi * f * np.outer(tau, k)
        q = np.linalg.qr(w[:, None] * np.hstack([np.ones((len(t), 1)), np.sin(phase), np.cos(phase)]))[0]
        theirs = np.sum((q.T @ target) ** 2) / np.sum(target**2)
        if not abs(theirs - p) < 1e-8:  # the factors lose 1e-16 times the condition, which is up to 1e7 below a turn
            raise AssertionError(f"power at {f} per day: {p} by sums, {theirs} by QR")


def harmonics(n, n_frequency, threads, budget):
    """K = 4: nifty-ls with its backend for nterms > 1, finufft_chi2, and astropy's fastchi2."""
    t, y, sigma = sky.ground_based(n, seed=n)
    t = t - t[0]
    first, step, count = sky.grid(t, n_frequency)
    frequency = first + step * np.arange(count)
    ours, theirs = orrery.FrequencyGrid(first, step, count), astropy.timeseries.LombScargle(t, y, sigma, nterms=HARMONICS)
    runs = {
        "orrery": lambda: orrery.lomb_scargle(t, y, sigma, frequency=ours, harmonics=HARMONICS, method="fast", threads=threads).power,
        "nifty-ls": lambda: nifty_ls.lombscargle(t, y, sigma, fmin=first, fmax=frequency[-1], Nf=count, nterms=HARMONICS,
                                                 backend="finufft_chi2", nthreads=threads).power,
        "astropy": lambda: theirs.power(frequency, method="fastchi2", assume_regular_frequency=True),
    }
    with threadpoolctl.threadpool_limits(threads, user_api="blas"):
        if n_frequency > ASTROPY_MOST:
            del runs["astropy"]
        exact = orrery.lomb_scargle(t, y, sigma, frequency=frequency[:1000], harmonics=HARMONICS, method="exact").power
        require_qr_agrees(t, y, sigma, frequency[:1000:50], exact[::50])
        difference = {name: float(np.max(np.abs(np.asarray(run())[:1000] - exact))) for name, run in runs.items()}
        times = timing.interleaved(runs, budget, least=3)
    return {"n": n, "n_frequency": n_frequency, "threads": threads, "difference": difference, "times": times}


def many_stars(stars, n, n_frequency, threads, budget):
    """One call for all stars, each with its own times; nifty-ls star by star (the release on PyPI has no batch of unlike times)."""
    series = [sky.ground_based(n, seed=k) for k in range(stars)]
    series = [(t - t[0], y, sigma) for t, y, sigma in series]
    grids = [sky.grid(t, n_frequency) for t, _, _ in series]
    own = [orrery.FrequencyGrid(*grid) for grid in grids]

    def looped():
        return [nifty_ls.lombscargle(t, y, sigma, fmin=first, fmax=first + step * (count - 1), Nf=count, backend="finufft",
                                     nthreads=threads).power
                for (t, y, sigma), (first, step, count) in zip(series, grids, strict=True)]

    runs = {"orrery": lambda: orrery.lomb_scargle_batch(series, frequency=own, threads=threads), "nifty-ls looped": looped}
    with threadpoolctl.threadpool_limits(threads, user_api="blas"):
        batch, loop = runs["orrery"](), looped()
        difference = max(float(np.max(np.abs(batch.power(k) - loop[k]))) for k in range(stars))
        times = timing.interleaved(runs, budget, least=3)
    return {"stars": stars, "n": n, "n_frequency": n_frequency, "threads": threads, "difference": difference, "times": times}


def bands(n, n_frequency, budget):
    """Five bands, both models of astropy's multiband. Its 'fast' weights a band by its squared powers, so only the peak is compared."""
    t, y, sigma = sky.ground_based(n, seed=5)
    t, band = t - t[0], np.arange(n) % 5
    theirs = astropy.timeseries.LombScargleMultiband(t, y, band, sigma)
    rows = []
    # Astropy's flexible model takes milliseconds a frequency: a tenth of the grid is enough to know them.
    for model, settings, count in (("fast", {"model": "independent"}, n_frequency), ("flexible", {"model": "flexible"}, n_frequency // 10)):
        step = sky.grid(t, count)[1]
        first = max(0.5, 1.0 / 0.6417 - 0.5 * step * count) if count < 8000 else 0.5 * step  # the signal lies within
        frequency = first + step * np.arange(count)
        grid = orrery.FrequencyGrid(first, step, count)
        runs = {"orrery": lambda s=settings, g=grid: orrery.lomb_scargle_multiband(t, y, sigma, band, frequency=g, method="fast",
                                                                                   threads=1, **s).power,
                "astropy": lambda m=model, f=frequency: theirs.power(f, method=m, sb_method="fast")}
        power = {name: np.asarray(run()) for name, run in runs.items()}
        rows.append({"model": model, "n": n, "n_frequency": count, "same_peak": power["orrery"].argmax() == power["astropy"].argmax(),
                     "difference": float(np.max(np.abs(power["orrery"] - power["astropy"]))),
                     "times": timing.interleaved(runs, budget, least=3)})
    return rows


def scaling(counts, budget):
    """Least CPU time of each grid and the slope of its logarithm against that of the number of frequencies."""
    t, y, sigma = sky.ground_based(3000, seed=3000)
    t = t - t[0]
    runs = {str(count): (lambda g=orrery.FrequencyGrid(*sky.grid(t, count)): orrery.lomb_scargle(t, y, sigma, frequency=g, method="fast",
                                                                                                 threads=1).power) for count in counts}
    times = timing.interleaved(runs, budget, least=5)
    seconds = [float(times[str(count)].cpu.min()) for count in counts]
    return {"counts": counts, "seconds": seconds, "slope": float(np.polyfit(np.log(counts), np.log(seconds), 1)[0])}


def table(quick):
    """Everything of the section."""
    budget = 2.0 if quick else 20.0
    cells = [(300, 2_000)] if quick else [(300, 100_000), (3000, 100_000), (3000, 1_000_000)]
    rows = {"harmonics": [harmonics(*cell, threads, budget) for threads in (1, 2) for cell in cells],
            "stars": [many_stars(20 if quick else 1000, 100, 10_000, threads, budget) for threads in (1, 2)],
            "bands": bands(300, 1_000 if quick else 20_000, budget),
            "scaling": scaling([30_000, 100_000, 300_000] if quick else [30_000, 100_000, 300_000, 1_000_000, 3_000_000], budget)}
    print("\n".join(markdown(rows)), flush=True)
    return rows


def markdown(rows):
    """The tables of RESULTS.md."""
    out = [f"K = {HARMONICS} harmonics, floating mean, one regular grid. Milliseconds of wall clock (CPU); distance from direct sums over the first "
           "thousand frequencies, where the matrices are worst.", "",
           "| N | Nf | threads | orrery | nifty-ls | nifty-ls / orrery | astropy fastchi2 | astropy / orrery | from direct sums: orrery, nifty-ls, astropy |",
           "|---|---|---|---|---|---|---|---|---|"]
    for row in rows["harmonics"]:
        times, astropy_cells = row["times"], "not run | "
        if "astropy" in times:
            astropy_cells = f"{milliseconds(times['astropy'])} | {ratio_text(times['astropy'], times['orrery'])}"
        out.append(f"| {row['n']} | {row['n_frequency']} | {row['threads']} | {milliseconds(times['orrery'])} | {milliseconds(times['nifty-ls'])} | "
                   f"{ratio_text(times['nifty-ls'], times['orrery'])} | {astropy_cells} | "
                   f"{', '.join(f'{d:.0e}' for d in row['difference'].values())} |")
    out += ["", "Many stars, each with its own times and grid: `lomb_scargle_batch` in one call against nifty-ls star by star. The release of "
            "nifty-ls on PyPI (1.1.0) has no batch of stars with unlike times, so this is a loop in Python.", "",
            "| stars | N | Nf | threads | orrery | nifty-ls looped | nifty-ls / orrery | max difference |", "|---|---|---|---|---|---|---|---|"]
    for row in rows["stars"]:
        times = row["times"]
        out.append(f"| {row['stars']} | {row['n']} | {row['n_frequency']} | {row['threads']} | {milliseconds(times['orrery'])} | "
                   f"{milliseconds(times['nifty-ls looped'])} | {ratio_text(times['nifty-ls looped'], times['orrery'])} | {row['difference']:.0e} |")
    out += ["", "Five bands, one thread: `lomb_scargle_multiband` against astropy's `LombScargleMultiband`. Astropy's `fast` weights each band by "
            "the sum of its squared powers, ours by its chi2, so there the peak is compared, not the power.", "",
            "| model | N | Nf | orrery | astropy | astropy / orrery | same peak | max difference |", "|---|---|---|---|---|---|---|---|"]
    for row in rows["bands"]:
        times = row["times"]
        out.append(f"| {row['model']} | {row['n']} | {row['n_frequency']} | {milliseconds(times['orrery'])} | {milliseconds(times['astropy'])} | "
                   f"{ratio_text(times['astropy'], times['orrery'])} | {'yes' if row['same_peak'] else 'NO'} | {row['difference']:.0e} |")
    s = rows["scaling"]
    ms = ", ".join(f"{count}: {1e3 * second:.3g}" for count, second in zip(s["counts"], s["seconds"], strict=True))
    return [*out, "", f"Growth with the grid, N = 3000, one thread: least CPU milliseconds by Nf {ms}; slope of the logarithms **{s['slope']:.3f}** "
            "(goal: 1.00 to 1.08)."]
