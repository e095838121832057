"""Several bands together: numbers against dense algebra in numpy, bad input."""

import numpy as np
import pytest

import orrery


def sky(n=120, bands=3, seed=1, span=40.0):
    random = np.random.default_rng(seed)
    t = np.sort(random.uniform(0, span, n))
    band = random.integers(0, bands, n)
    dy = random.uniform(0.1, 0.4, n)
    y = 15 + band + (1 - 0.2 * band) * np.sin(2 * np.pi * t / 1.37 + 0.1 * band) + dy * random.normal(size=n)
    return t, y, dy, np.array(["g", "r", "i", "z"])[band]


def dense_power(t, y, dy, band, f, base, own, reg_base, reg_band):
    """Written from VanderPlas & Ivezic's equations: design matrix, trace regularisation, solve."""
    columns = [np.ones_like(t)] + [g(2 * np.pi * k * f * t) for k in range(1, base + 1) for g in (np.sin, np.cos)]
    y = y.copy()
    for name in np.unique(band):
        rows = band == name
        y[rows] -= np.average(y[rows], weights=dy[rows] ** -2)
        columns += [rows * c for c in [np.ones_like(t)] + [g(2 * np.pi * k * f * t) for k in range(1, own + 1) for g in (np.sin, np.cos)]]
    a = (np.array(columns) / dy).T
    normal = a.T @ a
    shared = 1 + 2 * base
    weight = np.r_[np.full(shared, reg_base), np.full(len(normal) - shared, reg_band)] * np.trace(normal)
    b = a.T @ (y / dy)
    return b @ np.linalg.solve(normal + np.diag(weight), b) / np.sum((y / dy) ** 2)


@pytest.mark.parametrize(("base", "own", "reg_base", "reg_band"), [(1, 1, 0.0, 1e-4), (3, 1, 1e-3, 1e-2), (0, 2, 0.0, 1e-5), (2, 0, 0.0,
    1e-3)])
def test_power_is_that_of_dense_algebra(base, own, reg_base, reg_band):
    t, y, dy, band = sky()
    grid = orrery.FrequencyGrid(0.1, 0.003, 3000)
    settings = {"base_harmonics": base, "band_harmonics": own, "base_regularization": reg_base, "band_regularization": reg_band}
    fast = orrery.lomb_scargle_multiband(t, y, dy, band, frequency=grid, method="fast", **settings)
    exact = orrery.lomb_scargle_multiband(t, y, dy, band, frequency=grid.values()[::-1], **settings)
    assert (fast.method, exact.method) == ("fast", "exact")
    np.testing.assert_allclose(fast.power, exact.power[::-1], rtol=0, atol=1e-9)  # the transform's promise
    for k in range(0, 3000, 251):
        truth = dense_power(t, y, dy, band, grid.values()[k], base, own, reg_base, reg_band)
        assert fast.power[k] == pytest.approx(truth, abs=2e-9)  # 1e-9 of ours, and what numpy's solve loses to 1e-5 of regularisation
    assert abs(fast.period - 1.37) < 5 * fast.period_error < 0.05


def test_independent_bands_are_the_chi2_weighted_sum_of_single_ones():
    t, y, dy, band = sky()
    grid = orrery.FrequencyGrid(0.1, 0.003, 500)
    together = orrery.lomb_scargle_multiband(t, y, dy, band, frequency=grid, model="independent")
    gain = total = 0.0
    for name in "gri":
        rows = band == name
        one = orrery.lomb_scargle(t[rows], y[rows], dy[rows], frequency=grid)
        chi2 = np.sum(((y[rows] - np.average(y[rows], weights=dy[rows] ** -2)) / dy[rows]) ** 2)
        gain, total = gain + chi2 * one.power, total + chi2
    np.testing.assert_allclose(together.power, gain / total, rtol=0, atol=1e-9)


def test_model_and_residuals_at_any_frequency():
    t, y, dy, band = sky()
    found = orrery.lomb_scargle_multiband(t, y, dy, band, min_period=0.5, max_period=5.0)
    rows = band == "r"
    assert found.bands == ["g", "i", "r"]
    np.testing.assert_allclose(found.residuals("r"), y[rows] - found.model(t[rows], "r"), rtol=0, atol=1e-12)
    assert np.std(found.residuals("r") / dy[rows]) < 1.3
    assert np.std(found.residuals("r", frequency=0.5)) > 1.5 * np.std(found.residuals("r"))
    fit = found.fit()
    phase = 2 * np.pi * fit.frequency * (7.0 - fit.epoch)
    by_hand = fit.mean[2] + sum(p.constant + p.sine[0] * np.sin(phase) + p.cosine[0] * np.cos(phase) for p in (fit.shared, fit.bands[2]))
    assert found.model([7.0], "r")[0] == pytest.approx(by_hand, rel=1e-12)


def test_a_series_with_bands_and_threads():
    t, y, dy, band = sky(n=3000)
    series = orrery.Series.from_arrays(t, y, dy, band=band)
    one = orrery.lomb_scargle_multiband(series, min_period=0.2, max_period=5.0, threads=1)
    two = orrery.lomb_scargle_multiband(series, min_period=0.2, max_period=5.0, threads=2)
    assert np.array_equal(one.power, two.power)
    assert "period 1.3" in repr(one)


def test_bad_input():
    t, y, dy, band = sky()
    for arguments, words in [
        ((t, y, dy), "bands"), ((t, y, dy, band[:-1]), "one name a row"), ((t, y[:-1], dy, band), "one length"), ((t, y, 0 * dy, band), "uncertainties > 0"),
    ]:
        with pytest.raises(orrery.InputError, match=words):
            orrery.lomb_scargle_multiband(*arguments, min_period=1, max_period=2)
    for settings, words in [
        ({"base_harmonics": 0, "band_harmonics": 0}, "not both 0"), ({"band_regularization": -1.0}, "regularisations"), ({"model": "x"}, "model"),
        ({"normalization": "x"}, "normalization"), ({"method": "x"}, "method"),
    ]:
        with pytest.raises(orrery.InputError, match=words):
            orrery.lomb_scargle_multiband(t, y, dy, band, min_period=1, max_period=2, **settings)
    with pytest.raises(orrery.InputError, match="'g', 'i', 'r'"):
        orrery.lomb_scargle_multiband(t, y, dy, band, min_period=1, max_period=2).model([1.0], "u")
    lonely = np.where(np.arange(len(t)) == 5, "u", band)  # one band with one point
    assert orrery.lomb_scargle_multiband(t, y, dy, lonely, min_period=1, max_period=2).power.max() < 1
