"""Lomb-Scargle against astropy and nifty-ls: same process, same input, answers compared before anything is timed."""

import astropy.timeseries
import nifty_ls
import numpy as np
import threadpoolctl

import orrery
import sky
import timing

CELLS = [(300, 100_000), (3000, 10_000), (3000, 100_000), (3000, 1_000_000), (100_000, 1_000_000)]


def candidates(t, y, sigma, grid, threads):
    """The same periodogram (standard normalisation, floating mean) by us and by the peers; each returns the power."""
    first, step, count = grid
    frequency = first + step * np.arange(count)
    ours = orrery.FrequencyGrid(first, step, count)
    theirs = astropy.timeseries.LombScargle(t, y, sigma)
    return {
        "orrery": lambda: orrery.lomb_scargle(t, y, sigma, frequency=ours, method="fast", threads=threads).power,
        "nifty-ls": lambda: nifty_ls.lombscargle(t, y, sigma, fmin=first, fmax=frequency[-1], Nf=count, backend="finufft",
                                                 nthreads=threads).power,
        "astropy": lambda: theirs.power(frequency, method="fast", assume_regular_frequency=True),
    }


def cell(n, n_frequency, threads, budget):
    """One row of the table."""
    t, y, sigma = sky.ground_based(n, seed=n) if n <= 3000 else sky.from_space(n, seed=n)
    t = t - t[0]
    with threadpoolctl.threadpool_limits(threads, user_api="blas"):
        runs = candidates(t, y, sigma, sky.grid(t, n_frequency), threads)
        power = {name: np.asarray(run()) for name, run in runs.items()}
        difference = {name: float(np.max(np.abs(power[name] - power["orrery"]))) for name in runs}
        times = timing.interleaved(runs, budget)
    return {"n": n, "n_frequency": n_frequency, "threads": threads, "difference": difference, "times": times}


def table(quick):
    """All cells, one thread each and then two threads each."""
    rows = []
    for threads in (1, 2):
        for n, n_frequency in CELLS[:3] if quick else CELLS:
            row = cell(n, n_frequency, threads, budget=3.0 if quick else 20.0)
            print(line(row), flush=True)
            rows.append(row)
    return rows


def line(row):
    """One row in words, for the terminal."""
    text = f"N {row['n']}, Nf {row['n_frequency']}, {row['threads']} thread(s):"
    for name, run in row["times"].items():
        text += f" {name} {1e3 * np.median(run.wall):.2f} ms"
        if name != "orrery":
            text += f" (x{timing.ratio(run, row['times']['orrery'])[0]:.2f}, max difference {row['difference'][name]:.1e})"
    return text


def markdown(rows):
    """The table of RESULTS.md."""
    out = ["| N | Nf | threads | orrery ms (CPU) | nifty-ls ms (CPU) | nifty-ls / orrery | astropy ms (CPU) | astropy / orrery | "
           "max difference: nifty-ls, astropy | rounds |", "|---|---|---|---|---|---|---|---|---|---|"]
    for row in rows:
        times, us = row["times"], row["times"]["orrery"]
        ms = {name: f"{1e3 * np.median(run.wall):.3g} ({1e3 * np.median(run.cpu):.3g})" for name, run in times.items()}
        ratios = {}
        for name in ("nifty-ls", "astropy"):
            middle, low, high = timing.ratio(times[name], us)
            ratios[name] = f"**{middle:.2f}** [{low:.2f}, {high:.2f}]"
        out.append(f"| {row['n']} | {row['n_frequency']} | {row['threads']} | {ms['orrery']} | {ms['nifty-ls']} | {ratios['nifty-ls']} | "
                   f"{ms['astropy']} | {ratios['astropy']} | {row['difference']['nifty-ls']:.0e}, {row['difference']['astropy']:.0e} | "
                   f"{len(us.wall)} |")
    return out


def shortfalls(rows):
    """Where the goals of the project are missed: a sentence a cell, or one that says that none is."""
    out = []
    for row in rows:
        times = row["times"]
        nifty = timing.ratio(times["nifty-ls"], times["orrery"])[0]
        astropy_ratio = timing.ratio(times["astropy"], times["orrery"])[0]
        where = f"N = {row['n']}, Nf = {row['n_frequency']}, {row['threads']} thread(s)"
        if nifty < 1.0:
            out.append(f"- {where}: slower than nifty-ls ({nifty:.2f} of its speed; goal: never slower).")
        elif row["n_frequency"] >= 1_000_000 and nifty < 2.0:
            out.append(f"- {where}: {nifty:.2f} times nifty-ls (goal at 1e6: 2).")
        if row["n_frequency"] >= 1_000_000 and astropy_ratio < 30.0:
            out.append(f"- {where}: {astropy_ratio:.1f} times astropy (goal at 1e6: 30).")
    return out or ["- none: every cell meets its goal."]
