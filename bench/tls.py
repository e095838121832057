"""Transit least squares against the transitleastsquares package: same process, same light curve, same grids; and recovery of injections.

The peer has two kernels that matter: "fused-pl", its default (an approximation by piecewise-linear templates), and "numba",
    the algorithm of
its paper. Both run on one thread here, as ours does."""

import contextlib
import io
import os
import warnings

import numpy as np

import orrery
import timing

SEED = 20190301


def peer(t, y, **settings):
    """The package's result, without its prints and warnings."""
    import transitleastsquares

    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        return transitleastsquares.transitleastsquares(t, y, verbose=False).power(show_progress_bar=False, use_threads=1, **settings)


def k2_3(shared):
    """The light curve of K2-3, a running median over 25 points divided out; or None."""
    path = os.path.join(shared, "kepler", "EPIC201367065.csv")
    if not os.path.exists(path):
        return None
    t, y = np.loadtxt(path, delimiter=",").T
    half = 12
    padded = np.concatenate([np.zeros(half), y, np.zeros(half)])  # as scipy.signal.medfilt, which the package's own test uses
    trend = np.array([np.median(padded[i:i + 2 * half + 1]) for i in range(len(y))])
    return t, y / trend


def simulated():
    """A star of 80 days with a planet of 10 days, for when the shared file is absent."""
    random = np.random.default_rng(SEED)
    t = np.arange(0, 80, 0.0204)
    flux = orrery.transit_light_curve(t, period=10.05, transit_time=3.2, radius_ratio=0.034, scaled_axis=29.0, impact=0.3)
    return t, flux + random.normal(0, 6e-5, len(t))


def same_grids(t):
    """Whether periods and durations are the package's, number by number."""
    from transitleastsquares import duration_grid, period_grid

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = np.sort(period_grid(R_star=1, M_star=1, time_span=np.ptp(t)))
    ours = orrery.transit_period_grid(np.ptp(t))
    durations = orrery.transit_duration_grid(ours[0], ours[-1])
    return (len(ours) == len(theirs) and np.allclose(ours, theirs, rtol=1e-9)
            and np.allclose(durations, duration_grid(theirs, shortest=None), rtol=1e-9))


def speed(quick, shared):
    """Times and detection efficiency on K2-3, one thread."""
    t, y = k2_3(shared) or simulated()
    limits = {"period_min": 8.0} if quick else {}
    ours = lambda: orrery.transit_least_squares(t, y, min_period=limits.get("period_min"), threads=1)  # noqa: E731
    runs = {"orrery": ours, "fused-pl": lambda: peer(t, y, backend="fused-pl", **limits)}
    results = {name: run() for name, run in runs.items()}
    best = results["orrery"].best
    row = {"points": len(t), "periods": len(results["orrery"].period), "grids": same_grids(t), "sde": results["orrery"].sde,
           "period": best.period, "peer_sde": float(results["fused-pl"].SDE), "peer_period": float(results["fused-pl"].period),
           "times": timing.interleaved(runs, 3.0 if quick else 30.0, least=3)}
    slow = lambda: peer(t, y, backend="numba", **limits)  # noqa: E731
    row["numba_sde"] = float(slow().SDE)
    row["numba"] = timing.interleaved({"orrery": ours, "numba": slow}, 1.0, least=1 if quick else 3)
    return row


SAME = ("SDE", "period", "T0", "duration", "depth", "rp_rs", "snr", "odd_even_mismatch", "transit_count", "FAP")


def drop_in(quick, shared):
    """Values of orrery.tls beside the peer's, and the result names that only one of them has."""
    from orrery.tls import transitleastsquares

    t, y = k2_3(shared) or simulated()
    limits = {"period_min": 8.0} if quick else {}
    ours, theirs = transitleastsquares(t, y).power(verbose=False, **limits), peer(t, y, **limits)
    return {"values": [(name, float(ours[name]), float(theirs[name])) for name in SAME], "names": sorted(set(ours) ^ set(theirs))}


def injections(count):
    """Seeded stars: 25 days at half-hour cadence, white noise of 200 ppm, a planet of 2.5 to 11 days and an SNR around the threshold."""
    random = np.random.default_rng(SEED)
    for _ in range(count):
        t = np.arange(0, 25, 0.0204)
        period = random.uniform(2.5, 11.0)
        orbit = {"period": period, "transit_time": random.uniform(0, period), "radius_ratio": random.uniform(0.008, 0.022),
                 "scaled_axis": 4.2 * period ** (2 / 3), "impact": random.uniform(0, 0.7)}
        yield t, orrery.transit_light_curve(t, **orbit) + random.normal(0, 2e-4, len(t)), orbit


def is_found(period, time, orbit, span):
    """The right period within what smears the last transit by half a duration, and the right time."""
    duration = orbit["period"] / np.pi * np.arcsin(1 / orbit["scaled_axis"])
    good = abs(period - orbit["period"]) < 0.5 * duration * orbit["period"] / span
    apart = abs((time - orbit["transit_time"] + 0.5 * orbit["period"]) % orbit["period"] - 0.5 * orbit["period"])
    return bool(good and apart < duration)


def recovery(count):
    """How many injected planets are the highest peak with an SDE above 7; periods of 2 to 12.5 days, the same for both."""
    found = {"orrery": 0, "fused-pl": 0}
    only = {"orrery": 0, "fused-pl": 0}
    for t, y, orbit in injections(count):
        ours = orrery.transit_least_squares(t, y, min_period=2.0)
        k = int(np.argmax(ours.power))
        theirs = peer(t, y, backend="fused-pl", period_min=2.0)
        hit = {"orrery": ours.sde >= 7 and is_found(ours.period[k], ours.transit_time[k], orbit, np.ptp(t)),
               "fused-pl": bool(theirs.SDE >= 7) and is_found(float(theirs.period), float(theirs.T0), orbit, np.ptp(t))}
        for name in found:
            found[name] += hit[name]
            only[name] += hit[name] and not all(hit.values())
    return {"count": count, "found": found, "only": only}


def table(quick, shared):
    """Everything of the section."""
    row = {"drop_in": drop_in(quick, shared), "speed": speed(quick, shared), "recovery": recovery(40 if quick else 500)}
    s = row["speed"]
    fast, slow = timing.ratio(s["times"]["fused-pl"], s["times"]["orrery"]), timing.ratio(s["numba"]["numba"], s["numba"]["orrery"])
    print(f"TLS {s['points']} points, {s['periods']} periods, grids equal: {s['grids']}: {np.median(s['times']['orrery'].wall):.3f} s, x{fast[0]:.1f} of fused-pl, "
          f"x{slow[0]:.1f} of numba; SDE {s['sde']:.2f}, {s['peer_sde']:.2f}, {s['numba_sde']:.2f}; recovery {row['recovery']}", flush=True)
    return row


def markdown(row):
    """The tables of RESULTS.md."""
    s, r = row["speed"], row["recovery"]
    fast, slow = timing.ratio(s["times"]["fused-pl"], s["times"]["orrery"]), timing.ratio(s["numba"]["numba"], s["numba"]["orrery"])
    ours, default, paper = (np.median(x.wall) for x in (s["times"]["orrery"], s["times"]["fused-pl"], s["numba"]["numba"]))
    return [
        f"K2-3, {s['points']} points, {s['periods']} periods; period and duration grids equal the package's: {'yes' if s['grids'] else 'NO'}.", "",
        "| kernel | seconds | / orrery | SDE | period [day] |", "|---|---|---|---|---|",
        f"| orrery | {ours:.3g} | 1 | {s['sde']:.2f} | {s['period']:.5f} |",
        f"| transitleastsquares, its default (fused-pl) | {default:.3g} | **{fast[0]:.1f}** [{fast[1]:.1f}, {fast[2]:.1f}] | {s['peer_sde']:.2f} | {s['peer_period']:.5f} |",
        f"| transitleastsquares, as in its paper (numba) | {paper:.3g} | **{slow[0]:.1f}** [{slow[1]:.1f}, {slow[2]:.1f}] | {s['numba_sde']:.2f} | |", "",
        f"Injections, {r['count']}: found by orrery {r['found']['orrery']}, by fused-pl {r['found']['fused-pl']}; by one of them alone "
        f"{r['only']['orrery']} and {r['only']['fused-pl']}.", "",
        "`orrery.tls.transitleastsquares` in the place of the package's class, the same call; result names that only one has: "
        f"{', '.join(row['drop_in']['names']) or 'none'}.", "", "| | orrery.tls | transitleastsquares |", "|---|---|---|",
        *(f"| {name} | {ours:.6g} | {theirs:.6g} |" for name, ours, theirs in row["drop_in"]["values"])]
