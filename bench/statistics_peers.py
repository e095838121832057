"""Period statistics against P4J, PyAstronomy and supersmoother: same process, same input, answers compared before anything is timed."""

import numpy as np
import P4J.algorithms.multiharmonic_aov as p4j_aov
import P4J.algorithms.mutual_information as p4j_qmi
import P4J.algorithms.phase_dispersion_minimization as p4j_pdm
import P4J.algorithms.string_length as p4j_string
import supersmoother
from PyAstronomy.pyTiming import pyPDM

import orrery
import timing


def sky(n, seed=3):
    """A star of 0.61 days over 200 days, unequal errors. Short, because P4J keeps times in float."""
    random = np.random.default_rng(seed)
    t = np.sort(random.uniform(0, 200, n))
    t -= t[0]
    y = np.sin(2 * np.pi * t / 0.61) + 0.4 * np.sin(4 * np.pi * t / 0.61 + 1) + random.normal(0, 0.15, n)
    return t, y, random.uniform(0.1, 0.2, n)


def weighted_scale(y, dy):
    """P4J's bandwidth: the smaller of the weighted deviation and quartile range, and 0.9 N^(-1/5)."""
    w = dy**-2.0 / np.sum(dy**-2.0)
    order = np.argsort(y)
    place = np.cumsum(w[order]) - 0.5 * w[order]
    quartiles = np.diff(np.interp([0.25, 0.75], place, y[order]))[0] / 1.349
    mean = np.sum(w * y)
    return 0.9 * min(np.sqrt(np.sum(w * (y - mean) ** 2)), quartiles) * len(y) ** -0.2


def p4j(kernel, f):
    """One of P4J's statistics at each frequency, by its own loop over them."""
    return lambda: np.array([kernel.eval_frequency(np.float32(v)) for v in f])


def smoother_by_peer(t, y, dy, f):
    """The power of our header from the peer's smoother: its windows differ by a point, so answers agree roughly."""
    base = np.sum(np.abs(y - np.median(y)) / dy)

    def power():
        values = []
        for v in f:
            model = supersmoother.SuperSmoother(period=1 / v).fit(t, y, dy)
            values.append(1 - np.sum(np.abs(model.y - model.ysmooth_raw) / model.dy) / base)
        return np.array(values)

    return power


def cells(quick):
    """name, peer, points, frequencies, ours, theirs. The peer's own formula is the same where the tolerance is small."""
    n, count = (300, 200) if quick else (300, 1000)
    t, y, dy = sky(n)
    single = tuple(np.ascontiguousarray(v, dtype=np.float32) for v in (t, y, dy))
    f = np.linspace(0.5, 2.5, count)
    scanner = pyPDM.Scanner(minVal=0.5, maxVal=2.5 + 1e-9, dVal=2.0 / (count - 1), mode="frequency")

    def ours(data, **settings):
        return lambda: orrery.periodogram(*data, frequency=f, threads=1, **settings).value

    yield ("variance ratio, K = 3", "P4J", n, count, ours((t, y, dy), method="aov", harmonics=3), p4j(p4j_aov.MHAOV(*single, 3, 1), f))
    yield ("string length (Clarke, errors)", "P4J", n, count, ours((t, y, dy), method="string_length"), p4j(p4j_string.LKSL(*single), f))
    h = np.float32(weighted_scale(y, dy))
    yield ("mutual information (Cauchy-Schwarz)", "P4J", n, count, ours((t, y, dy), method="qmi"),
           p4j(p4j_qmi.QMI(*single, h, 1.0, 0, 0), f))
    yield ("phase dispersion, 8 bins", "P4J", n, count, ours((t, y, dy), method="pdm", bins=8), p4j(p4j_pdm.PDM(*single, 8), f))
    yield ("phase dispersion, 10 bins, equal weights", "PyAstronomy", n, count, ours((t, y), method="pdm", bins=10),
           lambda: pyPDM.PyPDM(t, y).pdmEquiBin(10, scanner)[1][:count])
    few = f[:: count // 50]
    yield ("super smoother", "supersmoother", n, len(few),
           lambda: orrery.periodogram(t, y, dy, method="supersmoother", frequency=few, threads=1).value, smoother_by_peer(t, y, dy, few))


def table(quick):
    """One row a statistic, one thread each."""
    rows = []
    for name, peer, n, count, ours, theirs in cells(quick):
        a, b = ours(), np.asarray(theirs(), dtype=float)
        best = np.argmax(a) if np.median(a) < a[np.argmax(np.abs(a - np.median(a)))] else np.argmin(a)
        row = {"name": name, "peer": peer, "n": n, "count": count,
               "difference": float(np.median(np.abs(a - b) / np.maximum(np.abs(a), 1e-9))),
               "correlation": float(np.corrcoef(a, b)[0, 1]), "same": bool(best in (np.argmax(b), np.argmin(b))),
               "times": timing.interleaved({"orrery": ours, "peer": theirs}, 1.0 if quick else 12.0, least=3 if quick else 7)}
        rows.append(row)
        each = {k: 1e9 * np.median(r.wall) / n / count for k, r in row["times"].items()}
        print(f"{name}: orrery {each['orrery']:.2f} ns a point and frequency, {peer} {each['peer']:.1f} "
              f"(x{timing.ratio(row['times']['peer'], row['times']['orrery'])[0]:.0f}; median difference {row['difference']:.1e}, "
              f"correlation {row['correlation']:.6f}, same best {row['same']})", flush=True)
    return rows


def markdown(rows):
    """The table of RESULTS.md."""
    out = ["| statistic | peer | points | frequencies | orrery ns a point and frequency | peer | peer / orrery | median relative difference | "
           "correlation | same best |", "|---|---|---|---|---|---|---|---|---|---|"]
    for row in rows:
        ns = {name: f"{1e9 * np.median(run.wall) / row['n'] / row['count']:.3g}" for name, run in row["times"].items()}
        middle, low, high = timing.ratio(row["times"]["peer"], row["times"]["orrery"])
        out.append(f"| {row['name']} | {row['peer']} | {row['n']} | {row['count']} | {ns['orrery']} | {ns['peer']} | **{middle:.0f}** "
                   f"[{low:.0f}, {high:.0f}] | {row['difference']:.0e} | {row['correlation']:.6f} | {'yes' if row['same'] else 'no'} |")
    return out
