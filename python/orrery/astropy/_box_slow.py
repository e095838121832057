"""Box least squares that looks at every point for every box: no bins, no running sums. A check of the engine's folding."""

from __future__ import annotations

import numpy as np

from .._columns import Floats


def slow_search(
    t: Floats, y: Floats, dy: Floats | None, period: Floats, duration: Floats, objective: str, oversample: int
) -> dict[str, Floats]:
    """The columns of the engine's search (P,). t from 0; boxes begin on multiples of min(duration) / oversample."""
    weight = np.ones_like(y) if dy is None else dy**-2.0
    step = duration.min() / oversample
    names = ("objective", "depth", "depth_error", "duration", "transit_time", "depth_snr", "log_likelihood")
    found = {name: np.full(len(period), -np.inf if name == "objective" else 0.0) for name in names}
    for p, one in enumerate(period):
        for length in duration:
            begin = step * np.arange(int(np.ceil(one / step)) + 1)
            best = _best_box(t, y, weight, one, length, begin, objective)
            if best is not None and best[0] > found["objective"][p]:
                for name, value in zip(names, best, strict=True):
                    found[name][p] = value
    return found


def _best_box(
    t: Floats, y: Floats, weight: Floats, period: float, duration: float, begin: Floats, objective: str
) -> tuple[float, ...] | None:
    """Objective, depth, ... of the best box of this length, in the order of `names` above; None without a box that has points."""
    middle = begin + 0.5 * duration
    inside = np.empty((2, len(begin)))
    rows = max(1, 1_000_000 // len(t))
    for k in range(0, len(begin), rows):
        phase = (t - middle[k:k + rows, None] + 0.5 * period) % period - 0.5 * period
        chosen = (np.abs(phase) < 0.5 * duration).astype(float)
        inside[:, k:k + rows] = chosen @ weight, chosen @ (weight * y)
    w_in, w_out = inside[0], weight.sum() - inside[0]
    usable = (w_in > 0) & (w_out > 1e-14 * weight.sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        depth = ((weight * y).sum() - inside[1]) / w_out - inside[1] / w_in
        error = np.sqrt(1.0 / w_in + 1.0 / w_out)
    score = np.where(usable & (depth >= 0), 0.5 * w_in * depth**2 if objective == "likelihood" else depth / error, -np.inf)
    k = int(np.argmax(score))
    if not np.isfinite(score[k]):
        return None
    return (score[k], depth[k], error[k], duration, middle[k] % period, depth[k] / error[k], 0.5 * w_in[k] * depth[k] ** 2)
