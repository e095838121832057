"""The fast periodogram against exact sums in long double, and the CoRoT-7 acceptance case."""

import os

import numpy as np

import orrery
import sky

NORMALIZATIONS = ("standard", "model", "log", "psd")
JULIAN = 2_450_000.0


def exact_sums(t, y, sigma, first, step, count, block=512):
    """Weighted sums of cos and sin at f and 2f in long double, exact phases at the start of every block of frequencies.

    Returns a dict of arrays (count,) and of the numbers W, Y, YY; y is not centred.
    """
    ld = np.longdouble
    t, y = t.astype(ld) - ld(t[0]), y.astype(ld)
    w = 1 / sigma.astype(ld) ** 2
    w /= w.sum()
    turn = 2 * ld("3.14159265358979323846264338327950288")
    phase = turn * (ld(step) * t)
    m = np.arange(block).astype(ld)[:, None]
    c1, s1 = np.cos(m * phase), np.sin(m * phase)
    c2, s2 = np.cos(2 * m * phase), np.sin(2 * m * phase)
    out = np.empty((6, count), ld)
    for start in range(0, count, block):
        at_start = turn * ((ld(first) + ld(step) * start) * t)
        c, s = np.cos(at_start), np.sin(at_start)
        cc, ss = np.cos(2 * at_start), np.sin(2 * at_start)
        real = c1 @ np.stack([w * c, w * y * c, w * s, w * y * s], 1)
        imaginary = s1 @ np.stack([w * c, w * y * c, w * s, w * y * s], 1)
        real2, imaginary2 = c2 @ np.stack([w * cc, w * ss], 1), s2 @ np.stack([w * cc, w * ss], 1)
        stop = min(start + block, count)
        k = slice(0, stop - start)
        out[0, start:stop] = (real[:, 0] - imaginary[:, 2])[k]  # sum w cos
        out[1, start:stop] = (real[:, 2] + imaginary[:, 0])[k]  # sum w sin
        out[2, start:stop] = (real[:, 1] - imaginary[:, 3])[k]  # sum w y cos
        out[3, start:stop] = (real[:, 3] + imaginary[:, 1])[k]  # sum w y sin
        out[4, start:stop] = (real2[:, 0] - imaginary2[:, 1])[k]  # sum w cos 2
        out[5, start:stop] = (real2[:, 1] + imaginary2[:, 0])[k]  # sum w sin 2
    return dict(zip(("C", "S", "YC", "YS", "C2", "S2"), out)) | {"Y": (w * y).sum(), "YY": (w * y * y).sum(),
                                                                 "chi2": (y * y / sigma.astype(ld) ** 2).sum(),
                                                                 "W": (1 / sigma.astype(ld) ** 2).sum()}


def exact_power(sums, count, fit_mean, normalization):
    """Power from the sums (Zechmeister & Kuerster 2009, eqs. 5-15); without a floating mean the weighted mean is taken off first."""
    C, S, YC, YS, C2, S2 = (sums[name][:count] for name in ("C", "S", "YC", "YS", "C2", "S2"))
    mean = sums["Y"]
    YC, YS = YC - mean * C, YS - mean * S  # data without their weighted mean
    YY = sums["YY"] - mean * mean
    CC, SS, CS = (1 + C2) / 2, (1 - C2) / 2, S2 / 2
    if fit_mean:
        CC, SS, CS = CC - C * C, SS - S * S, CS - C * S
    p = (YC * YC * SS + YS * YS * CC - 2 * YC * YS * CS) / (YY * (CC * SS - CS * CS))
    if normalization == "standard":
        return p
    if normalization == "model":
        return p / (1 - p)
    if normalization == "log":
        return -np.log1p(-p)
    return 0.5 * sums["W"] * YY * p


def check_oracle(t, y, sigma, first, step, count, sums):
    """The blocked sums against plain ones at 20 frequencies: an oracle needs an oracle."""
    ld = np.longdouble
    w = 1 / sigma.astype(ld) ** 2
    w /= w.sum()
    at = np.random.default_rng(1).integers(0, count, 20)
    worst = 0.0
    for k in at:
        x = 2 * ld("3.14159265358979323846264338327950288") * ((ld(first) + ld(step) * int(k)) * (t.astype(ld) - ld(t[0])))
        worst = max(worst, abs((w * np.cos(x)).sum() - sums["C"][k]), abs((w * y.astype(ld) * np.sin(x)).sum() - sums["YS"][k]),
                    abs((w * np.sin(2 * x)).sum() - sums["S2"][k]))
    # Phases reach 1e6 rad, of which long double keeps 1e-13; what is checked against it is asked for 1e-9.
    assert worst < 1e-13, f"the long-double oracle disagrees with plain sums by {worst}"
    return float(worst)


def table(quick):
    """Largest difference relative to max(1, |power|), for every normalisation, with and without floating mean and offset."""
    t, y, sigma = sky.ground_based(3000, seed=5)
    t = (t + JULIAN) - JULIAN  # times that a Julian date can hold, so that the offset is exact
    counts = (10_000, 100_000) if quick else (10_000, 100_000, 1_000_000)
    first, step, _ = sky.grid(t, counts[-1])
    sums = exact_sums(t, y, sigma, first, step, counts[-1])
    oracle = check_oracle(t, y, sigma, first, step, counts[-1], sums)
    rows = []
    for count in counts:
        for fit_mean in (True, False):
            row = {"count": count, "fit_mean": fit_mean, "oracle": oracle, "errors": {}}
            for normalization in NORMALIZATIONS:
                exact = exact_power(sums, count, fit_mean, normalization)
                plain, moved = (orrery.lomb_scargle(t + offset, y, sigma, frequency=orrery.FrequencyGrid(first, step, count), method="fast",
                                                    fit_mean=fit_mean, normalization=normalization, threads=1).power
                                for offset in (0.0, JULIAN))
                scale = np.maximum(1.0, np.abs(exact))
                row["errors"][normalization] = float(np.max(np.abs(plain - exact) / scale))
                if normalization == "standard":
                    row["range"] = (float(plain.min()), float(plain.max()))
                    row["offset"] = float(np.max(np.abs(moved - plain)))
            print(row, flush=True)
            rows.append(row)
    return rows


def corot7(shared):
    """Peak of the CoRoT-7 velocities on 200,000 frequencies 0.02-1.5 /day, or None when the file is not there."""
    path = os.path.join(shared, "rv", "CoRoT-7.txt")
    if not os.path.exists(path):
        print(f"accuracy: {path} is not there, the CoRoT-7 case is skipped", flush=True)
        return None
    t, y, sigma = np.loadtxt(path, comments="#", usecols=(0, 1, 2), unpack=True, skiprows=_header_rows(path))
    grid = orrery.FrequencyGrid(0.02, (1.5 - 0.02) / 199_999, 200_000)
    result = {}
    for method in ("fast", "exact"):
        power = orrery.lomb_scargle(t, y, sigma, frequency=grid, method=method).power
        best = int(np.argmax(power))
        result[method] = (float(power[best]), 1.0 / (0.02 + best * (1.5 - 0.02) / 199_999), float(power.min()))
    return result


def _header_rows(path):
    """Lines before the first that is all numbers."""
    with open(path, encoding="utf-8") as file:
        for i, text in enumerate(file):
            try:
                if len([float(word) for word in text.split()]) >= 3:
                    return i
            except ValueError:
                continue
    return 0


def markdown(rows, corot):
    """The section of RESULTS.md."""
    out = ["| Nf | floating mean | " + " | ".join(NORMALIZATIONS) + " | power range (standard) | change by an offset of 2,450,000 d |",
           "|---|---|" + "---|" * (len(NORMALIZATIONS) + 2)]
    for row in rows:
        errors = " | ".join(f"{row['errors'][name]:.1e}" for name in NORMALIZATIONS)
        out.append(f"| {row['count']} | {'yes' if row['fit_mean'] else 'no'} | {errors} | {row['range'][0]:.2e} ... {row['range'][1]:.6f} | "
                   f"{row['offset']:.1e} |")
    out.append("")
    if corot is None:
        out.append("CoRoT-7: the shared data were not there, not run.")
    else:
        for method, (power, period, lowest) in corot.items():
            out.append(f"CoRoT-7 velocities, 200,000 frequencies 0.02-1.5 /d, {method}: peak {power:.5f} at {period:.3f} d, lowest power "
                       f"{lowest:.1e} (expected 0.26366 at 23.42 d, nothing below 0).")
    return out
