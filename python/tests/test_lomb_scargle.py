"""Lomb-Scargle periodograms: golden values, brute force, astropy where it is installed, and what is refused."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import orrery

T = [0, 1.3, 2.1, 4.7, 5.9, 7.2, 8.8, 11.1, 12.4, 15]
Y = [1.2, -0.3, 0.8, -1.1, 0.5, 0.9, -0.7, 0.2, 1, -0.4]
DY = [0.1, 0.2, 0.15, 0.1, 0.3, 0.2, 0.1, 0.25, 0.2, 0.15]
F = [0.05, 0.1, 0.2, 0.37, 0.5]
STANDARD = [0.361495940151, 0.377143372847, 0.303961937719, 0.232357403775, 0.787028674305]


def golden(**options):
    return orrery.lomb_scargle(T, Y, DY, frequency=F, **options).power


def brute_force(t, y, dy, frequency, harmonics=1, fit_mean=True):
    """1 - chi2 / chi2_0 by dense least squares at each frequency."""
    w = 1 / np.asarray(dy)
    y = np.asarray(y) - np.average(y, weights=w**2)
    out = []
    for f in frequency:
        phase = 2 * np.pi * f * np.asarray(t)
        columns = [np.ones_like(phase)] if fit_mean else []
        for k in range(1, harmonics + 1):
            columns += [np.sin(k * phase), np.cos(k * phase)]
        a = np.stack(columns, 1) * w[:, None]
        rest = y * w - a @ np.linalg.lstsq(a, y * w, rcond=None)[0]
        out.append(1 - rest @ rest / ((y * w) @ (y * w)))
    return np.array(out)


# Twelve digits were kept of the golden values, so they are good to 1e-12; psd has 10 digits of numbers near 100.
def test_golden_values():
    np.testing.assert_allclose(golden(), STANDARD, rtol=0, atol=2e-12)
    np.testing.assert_allclose(golden(normalization="model")[[0, 4]], [0.566160754304, 3.69546779003], rtol=1e-11)
    np.testing.assert_allclose(golden(normalization="log")[[0, 4]], [0.448627245113, 1.54659774349], rtol=1e-11)
    np.testing.assert_allclose(golden(normalization="psd")[[0, 4]], [72.3690289803, 157.557788658], rtol=1e-11)
    np.testing.assert_allclose(golden(fit_mean=False)[[0, 4]], [0.345733943841, 0.694579164768], rtol=0, atol=2e-12)
    np.testing.assert_allclose(golden(harmonics=2), [0.537314002333, 0.594738590485, 0.708329780713, 0.549260920147, 0.882889026247],
                               rtol=0, atol=2e-12)


@given(st.integers(0, 10_000), st.integers(1, 3), st.booleans())
def test_exact_is_dense_least_squares(seed, harmonics, fit_mean):
    random = np.random.default_rng(seed)
    t = np.sort(random.uniform(0, 30, 40))
    y, dy = random.normal(size=40), random.uniform(0.5, 2.0, 40)
    f = random.uniform(0.05, 2.0, 7)
    power = orrery.lomb_scargle(t, y, dy, frequency=f, harmonics=harmonics, fit_mean=fit_mean, method="exact").power
    # lstsq in double on a matrix of condition below 1e3: 1e-13 per digit lost
    np.testing.assert_allclose(power, brute_force(t, y, dy, f, harmonics, fit_mean), rtol=0, atol=1e-9)


@given(st.integers(0, 10_000), st.sampled_from(["standard", "model", "log", "psd"]), st.booleans(), st.integers(1, 2))
def test_fast_is_exact(seed, normalization, fit_mean, harmonics):
    random = np.random.default_rng(seed)
    t = 2_450_000.0 + np.sort(random.uniform(0, 200, 300))
    y, dy = 10 + random.normal(size=300), random.uniform(0.5, 2.0, 300)
    options = {"frequency": orrery.FrequencyGrid(0.0025, 0.001, 5000), "normalization": normalization, "fit_mean": fit_mean,
               "harmonics": harmonics}
    fast = orrery.lomb_scargle(t, y, dy, method="fast", **options)
    exact = orrery.lomb_scargle(t, y, dy, method="exact", **options)
    assert (fast.method, exact.method) == ("fast", "exact")
    # 1e-9 of the scale is what the fast method promises; the power of noise stays near 0, psd goes up to chi2_0 / 2 of some hundreds
    scale = max(1.0, float(np.max(exact.power)))
    np.testing.assert_allclose(fast.power, exact.power, rtol=0, atol=1e-9 * scale)


def test_power_does_not_depend_on_threads(sinusoid):
    grid = orrery.FrequencyGrid(0.001, 0.0005, 20_000)
    for method in ("fast", "exact"):
        one = orrery.lomb_scargle(*sinusoid, frequency=grid, method=method, threads=1).power
        two = orrery.lomb_scargle(*sinusoid, frequency=grid, method=method, threads=2).power
        np.testing.assert_array_equal(one, two)


def test_a_long_call_in_pieces_is_the_same(sinusoid):
    """More than 0.4 s of work by the border's reckoning is cut into pieces; the seams must not show."""
    t = np.linspace(0.0, 400.0, 100_000) + 1e-3 * np.sin(np.arange(100_000))
    y = np.sin(2 * np.pi * t / 1.7)
    grid = orrery.FrequencyGrid(0.01, 1e-5, 2_000_000)
    cut = orrery.lomb_scargle(t, y, frequency=grid, method="fast").power
    middle = orrery.FrequencyGrid(grid.first + grid.step * 990_000, grid.step, 20_000)
    part = orrery.lomb_scargle(t, y, frequency=middle, method="fast").power
    np.testing.assert_allclose(cut[990_000:1_010_000], part, rtol=0, atol=1e-9)
    assert len(cut) == grid.count


def test_astropy_agrees(sinusoid):
    periodograms = pytest.importorskip("astropy.timeseries", reason="astropy is not installed here")
    f = np.linspace(0.01, 3.0, 2000)
    for options in ({}, {"normalization": "psd"}, {"fit_mean": False}, {"normalization": "log"}):
        power = orrery.lomb_scargle(*sinusoid, frequency=f, **options).power
        theirs = periodograms.LombScargle(*sinusoid, **options).power(f, method="slow")
        # the default tolerance of astropy's own tests; their 'slow' sums in double
        np.testing.assert_allclose(power, theirs, rtol=1e-7, atol=1e-9)


def test_arrays_are_not_copied(sinusoid):
    t = np.linspace(0, 1000, 1_000_000)
    y = np.sin(t)
    tracemalloc.start()
    orrery.lomb_scargle(t, y, np.ones_like(t), frequency=[0.1, 0.2])  # the one array made here: 8 MB of ones
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1.2 * 8e6


def test_grid_from_limits(sinusoid):
    t = sinusoid[0]
    grid = orrery.lomb_scargle(*sinusoid, min_period=0.5, max_period=10.0, oversampling=8).grid
    assert grid.first == pytest.approx(0.1) and abs(grid.last - 2.0) <= grid.step
    assert grid.step == pytest.approx(1 / (8 * np.ptp(t)))
    same = orrery.lomb_scargle(*sinusoid, min_frequency=0.1, max_frequency=2.0, oversampling=8).grid
    assert same == grid
    assert orrery.lomb_scargle(*sinusoid).grid.last == pytest.approx(5 * 200 / (2 * np.ptp(t)), rel=1e-3)


def test_even_arrays_go_the_fast_way_and_uneven_ones_do_not(sinusoid):
    assert orrery.lomb_scargle(*sinusoid, frequency=np.linspace(0.1, 3, 5000)).method == "fast"
    uneven = np.geomspace(0.1, 3, 50)
    assert orrery.lomb_scargle(*sinusoid, frequency=uneven).method == "exact"
    with pytest.raises(orrery.InputError, match="uneven array"):
        orrery.lomb_scargle(*sinusoid, frequency=uneven, method="fast")


def test_frequency_grid():
    grid = orrery.FrequencyGrid(0.5, 0.25, 4)
    np.testing.assert_array_equal(grid.values(), [0.5, 0.75, 1.0, 1.25])
    assert len(grid) == grid.count == 4 and grid.last == 1.25
    assert repr(grid) == "FrequencyGrid(first=0.5, step=0.25, count=4)"
    assert grid == orrery.FrequencyGrid(0.5, 0.25, 4) and grid != orrery.FrequencyGrid(0.5, 0.25, 5)
    for wrong in ((0.0, 1.0, 3), (1.0, 0.0, 3), (1.0, 1.0, 0), (float("nan"), 1.0, 2), (1.0, float("inf"), 2)):
        with pytest.raises(orrery.InputError, match="FrequencyGrid: expected"):
            orrery.FrequencyGrid(*wrong)


@pytest.mark.parametrize("arguments, options, says", [
    ((T, Y[:3]), {}, "one length"), ((T,), {}, "times alone"), (([1, 2, 3], [1, 2, 3]), {"frequency": F}, "at least 4 points"),
    ((T, [*Y[:9], np.nan]), {}, "finite values, got 1 bad value, first at index 9"), ((T, Y, [0.0] * 10), {}, "uncertainties > 0"),
    ((T, Y), {"frequency": [0.1, -0.2]}, "frequencies > 0"), ((T, Y), {"frequency": F, "min_period": 1.0}, "got both"),
    ((T, Y), {"min_period": 1.0, "max_frequency": 1.0}, "once"), ((T, Y), {"min_period": -1.0}, "finite min_period > 0"),
    ((T, Y), {"harmonics": 9}, "1 to 8 harmonics"), ((T, Y), {"normalization": "other"}, "'standard', 'model', 'log', 'psd'"),
    ((T, Y), {"method": "best"}, "'auto', 'exact', 'fast'"), (([1] * 10, Y), {}, "span"), ((T, Y), {"band": "g"}, "expected a Series"),
    ((T, Y), {"oversampling": 0.0}, "oversampling"), ((T, Y), {"max_frequency": 1e12}, "at most"),
])
def test_what_cannot_be_searched_is_refused(arguments, options, says):
    with pytest.raises(orrery.InputError, match=says) as error:
        orrery.lomb_scargle(*arguments, **options)
    assert "\n" not in str(error.value)


def test_series_and_bands(sinusoid):
    t, y, dy = sinusoid
    series = orrery.Series.from_arrays(np.r_[t, t], np.r_[y, y + 5], np.r_[dy, dy], band=["g"] * 200 + ["r"] * 200)
    grid = orrery.FrequencyGrid(0.1, 0.01, 100)
    plain = orrery.lomb_scargle(t, y, dy, frequency=grid).power
    np.testing.assert_array_equal(orrery.lomb_scargle(series, frequency=grid, band="g").power, plain)
    assert len(orrery.lomb_scargle(series, frequency=grid, band="all")) == 100
    with pytest.raises(orrery.InputError, match="one of 'g', 'r' or 'all'"):
        orrery.lomb_scargle(series, frequency=grid)
    with pytest.raises(orrery.InputError, match="got both"):
        orrery.lomb_scargle(series, y, frequency=grid)
