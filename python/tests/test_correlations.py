"""Autocorrelation, rotation and wavelets through the package."""

import numpy as np
import pytest

import orrery


@pytest.fixture(scope="module")
def sky():
    random = np.random.default_rng(5)
    t = np.sort(random.uniform(0, 90, 500))
    return t, np.sin(2 * np.pi * t / 6.0) + random.normal(0, 0.2, 500), np.full(500, 0.2)


def test_slots_are_the_mean_of_their_pairs(sky):
    t, y, dy = sky
    r = orrery.autocorrelation(t, y, dy, step=0.7, max_lag=20, kernel="slot", remove_noise=True)
    x = y - y.mean()
    d = t[None, :] - t[:, None]
    products = np.outer(x, x) / (np.var(y) - 0.04)
    for k in (1, 7, 20):
        inside = (d >= r.lag[k] - 0.35) & (d < r.lag[k] + 0.35)
        assert r.pairs[k] == inside.sum()
        assert r.value[k] == pytest.approx(products[inside].mean(), abs=1e-10)


def test_cross_correlation_finds_a_delay(sky):
    t, y, dy = sky
    r = orrery.cross_correlation((t, y, dy), (t + 1.5, y), step=0.25, max_lag=5)
    assert abs(r.lag[np.argmax(r.value)] - 1.5) < 0.3
    assert len(r.lag) == 41


def test_z_transformed(sky):
    z = orrery.z_autocorrelation(sky[0], sky[1], max_lag=9)
    assert (z.pairs >= 11).all()
    assert (z.error_low > 0).all() and (z.error_high > 0).all()
    assert z.lag[np.argmin(z.value)] == pytest.approx(3, abs=1)


def test_rotation_and_its_trap():
    t = np.arange(0, 240, 0.2)
    angle = 2 * np.pi * t / 12
    y = 1 - 0.01 * np.maximum(0, np.cos(angle)) - 0.008 * np.maximum(0, -np.cos(angle)) + np.random.default_rng(1).normal(0, 0.001, len(t))
    found = orrery.rotation_period(t, y)
    assert found.period == pytest.approx(12, abs=0.1)
    assert found.second_chosen and found.first_lag == pytest.approx(6, abs=0.2)
    assert "half a turn" in repr(found)
    trap = orrery.find_period(t, y, min_period=2, max_period=60)
    assert trap.period == pytest.approx(6, abs=0.1)


def test_wavelet_follows_a_drift(sky):
    t = sky[0]
    y = np.sin(2 * np.pi * (0.4 * t + 0.002 * t**2))
    frequency = np.linspace(0.2, 1.0, 81)
    whole = orrery.weighted_wavelet(t, y, frequency=frequency, time=[20.0, 45.0, 70.0])
    np.testing.assert_allclose(whole.ridge, 0.4 + 0.004 * np.array([20, 45, 70]), atol=0.05)
    one = orrery.weighted_wavelet(t, y, frequency=frequency[40:41], time=[45.0], threads=1)
    assert one.z[0, 0] == whole.z[40, 1]  # the call is cut into pieces of rows


def test_refusals(sky):
    t, y, _ = sky
    with pytest.raises(orrery.InputError, match="step > 0"):
        orrery.autocorrelation(t, y, step=0.0)
    with pytest.raises(orrery.InputError, match="values that vary"):
        orrery.autocorrelation(t, np.ones(500))
    with pytest.raises(orrery.InputError, match="gaussian"):
        orrery.autocorrelation(t, y, kernel="box")
    with pytest.raises(orrery.InputError, match="options >= 0"):
        orrery.rotation_period(t, y, detrend=-1)
    with pytest.raises(orrery.InputError, match="frequencies > 0"):
        orrery.weighted_wavelet(t, y, frequency=[0.0])
    with pytest.raises(orrery.InputError, match="2e8 places"):
        orrery.weighted_wavelet(t, y, frequency=np.ones(20_000), time=np.zeros(20_000))
