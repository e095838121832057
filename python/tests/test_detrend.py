"""Detrending through the package."""

import numpy as np
import pytest

import orrery


def star(n=600, seed=3):
    """A spotted star with a gap and noise."""
    random = np.random.default_rng(seed)
    t = np.sort(random.uniform(0, 12, n))
    t[t > 6] += 2
    return t, 1 + 0.02 * np.sin(t) + random.normal(0, 1e-3, n)


def test_median_is_numpys_window_by_window():
    t, y = star()
    out = orrery.flatten(t, y, window=0.8, method="median")
    assert out.pieces == 2
    for i in range(0, len(t), 13):
        window = (t >= t[i] - 0.4) & (t < t[i] + 0.4)
        assert out.trend[i] == pytest.approx(np.median(y[window]), rel=1e-15)
    assert np.array_equal(out.flat, y / out.trend)


def test_biweight_solves_its_equation():
    t, y = star()
    out = orrery.flatten(t, y, window=0.8)
    for i in range(0, len(t), 13):
        x = y[(t >= t[i] - 0.4) & (t < t[i] + 0.4)]
        u = (x - out.trend[i]) / (5 * np.median(np.abs(x - np.median(x))))
        weight = np.where(np.abs(u) < 1, (1 - u**2) ** 2, 0)
        assert abs(np.sum((x - out.trend[i]) * weight) / np.sum(weight)) < 1e-11  # 1e-9 of the MAD of 1e-3, and a margin


def test_rows_order_threads_and_missing():
    t, y = star()
    one = orrery.flatten(t, y, window=0.8, threads=1)
    rows = orrery.flatten(t, np.stack([y, 2 * y]), window=0.8)
    assert np.array_equal(rows.trend[0], one.trend)
    assert np.allclose(rows.flat[1], one.flat, rtol=1e-12, atol=0)
    back = orrery.flatten(t[::-1], y[::-1], window=0.8)
    assert np.allclose(back.trend[::-1], one.trend, rtol=1e-12, atol=0)
    hole = y.copy()
    hole[7] = np.nan
    with pytest.raises(orrery.InputError, match="index 7"):
        orrery.flatten(t, hole, window=0.8)
    skipped = orrery.flatten(t, hole, window=0.8, missing="skip")
    assert np.isnan(skipped.trend[7]) and np.isfinite(np.delete(skipped.trend, 7)).all()


def test_magnitudes_are_differences():
    series = orrery.embedded("eros_cepheid")
    out = orrery.flatten(series, window=50.0, band=series.band_names[0])
    y = series.select_band(series.band_names[0]).y
    assert np.array_equal(out.flat, y - out.trend)


def test_refusals():
    t, y = star()
    with pytest.raises(orrery.InputError, match="window > 0"):
        orrery.flatten(t, y, window=0)
    with pytest.raises(orrery.InputError, match="'biweight'"):
        orrery.flatten(t, y, window=1, method="magic")
    with pytest.raises(orrery.InputError, match="shape"):
        orrery.flatten(t, y, window=1, mask=[True])
    with pytest.raises(orrery.InputError, match="one length"):
        orrery.flatten(t, y[1:], window=1)
    with pytest.raises(orrery.InputError, match="row 1"):
        orrery.flatten(t, np.stack([y, y * np.nan]), window=1)
