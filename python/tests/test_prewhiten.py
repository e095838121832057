"""Prewhitening, CLEAN, and models, residuals and windows of a periodogram, through the package."""

import numpy as np
import pytest

import orrery

MODES = [(5.734, 1.0, 0.1), (6.9218, 0.6, 0.7), (11.468, 0.35, 0.4)]


def star(seed=1, n=800, noise=0.2):
    """Nights of six hours in two seasons; the third mode is twice the first."""
    random = np.random.default_rng(seed)
    t = 2450000.0 + 365.25 * random.integers(0, 2, n) + random.integers(0, 60, n) + 0.25 * random.uniform(size=n)
    y = 9 + sum(a * np.sin(2 * np.pi * (f * (t - 2450000) + p)) for f, a, p in MODES)
    return t, y + noise * random.normal(size=n), np.full(n, noise)


def test_modes_errors_relations_and_model():
    t, y, dy = star()
    found = orrery.prewhiten(t, y, dy, min_period=0.08, max_period=2)
    assert len(found) == 3 and found.stop == "snr"
    for j, (f, a, p) in enumerate(MODES):
        # Nine numbers at four sigma: 6e-4.
        assert abs(found.frequency[j] - f) < 4 * found.frequency_error[j]
        assert abs(found.amplitude[j] - a) < 4 * found.amplitude_error[j]
        off = found.phase[j] - (f * (found.epoch - 2450000) + p)
        assert abs(off - round(off)) < 4 * found.phase_error[j]
    # Montgomery & O'Donoghue 1999, white noise: 3 % for the numbers, more for a window with gaps.
    np.testing.assert_allclose(found.amplitude_error, np.sqrt(2 / 800) * 0.2, rtol=0.15)
    assert found.relation == ["", "", "2 f1"]
    assert found.resolved.all()
    np.testing.assert_allclose(found.period, 1 / found.frequency)
    np.testing.assert_allclose(found.residual, y - found.model(t), atol=1e-9)  # a Julian date keeps 5e-10 day
    np.testing.assert_allclose(found.model(t, modes=0), found.offset)
    assert len(found.residual_amplitude) == found.grid.count
    assert "3 modes" in repr(found) and "2 f1" in repr(found) and "below the limit" in repr(found)
    assert set(found.to_dict()) >= {"frequency", "amplitude", "phase", "relation"}
    assert all(len(values) == 3 for values in found.to_dict().values())


def test_minimum_and_errors_are_those_of_dense_algebra():
    t, y, dy = star(seed=2, n=400)
    found = orrery.prewhiten(t, y, dy, max_modes=2, min_period=0.08, max_period=2)
    tau = t - found.epoch
    columns = [np.ones_like(t)]
    for f, a, p in zip(found.frequency, found.amplitude, found.phase):
        x = 2 * np.pi * (f * tau + p)
        columns += [2 * np.pi * tau * a * np.cos(x), np.sin(x), 2 * np.pi * a * np.cos(x)]
    j = np.array(columns).T / dy[:, None]
    size = np.linalg.norm(j, axis=0)  # columns of one length: the algebra is then good to 1e-12
    r = (y - found.model(t)) / dy
    covariance = np.linalg.inv((j / size).T @ (j / size)) / np.outer(size, size) * (r @ r) / found.dof
    step = np.linalg.lstsq(j / size, r, rcond=None)[0] / size
    error = np.sqrt(np.diag(covariance))
    np.testing.assert_allclose(step / error, 0, atol=1e-6)  # at the minimum; times keep 5e-10 day
    mine = np.array([found.frequency_error, found.amplitude_error, found.phase_error]).T.ravel()
    np.testing.assert_allclose(mine, error[1:], rtol=1e-7)
    assert found.dof == 400 - 7


def test_noise_has_no_modes_and_words_for_every_stop():
    random = np.random.default_rng(5)
    t = random.uniform(0, 30, 200)
    quiet = orrery.prewhiten(t, random.normal(size=200), min_snr=0, max_false_alarm=1e-3)  # fails one time in a thousand
    assert len(quiet) == 0 and quiet.stop == "false_alarm"
    assert repr(quiet).startswith("<Prewhitening: 0 modes; stopped: ")
    np.testing.assert_allclose(quiet.model(t), quiet.offset)
    assert orrery.prewhiten(t, np.sin(9 * t), max_modes=1).stop == "count"


@pytest.mark.parametrize("wrong", [{"max_modes": -1}, {"min_snr": -1.0}, {"frequency": [0.1, 0.5, 0.7]}, {"separation": float("nan")}])
def test_refuses(wrong):
    t, y, dy = star(n=50)
    with pytest.raises(orrery.InputError):
        orrery.prewhiten(t, y, dy, **wrong)
    with pytest.raises(orrery.InputError):
        orrery.prewhiten(t[:3], y[:3])


def test_four_points_have_no_mode():
    t, y, dy = star(n=4)
    assert orrery.prewhiten(t, y, dy, min_period=0.1).stop == "too_few_points"


def test_clean_takes_the_aliases_and_zero_rounds_take_nothing():
    t, y, dy = star(n=500, noise=0.05)
    t, y = t[t < 2450100], y[t < 2450100]
    found = orrery.clean(t, y, max_frequency=14, gain=0.3, floor=0.02)
    at = lambda f: int(np.argmin(np.abs(found.frequency - f)))
    top = lambda a, f: a[at(f) - 5:at(f) + 6].max()
    for f, a, _ in MODES:
        # The grid's distance from the top, and noise: 5 %.
        assert abs(top(found.amplitude, f) - a) < 0.05
    assert top(found.dirty_amplitude, 4.734) > 0.4
    assert top(found.amplitude, 4.734) < 0.1
    assert "Clean: highest at 5.73" in repr(found)
    none = orrery.clean(t, y, max_frequency=14, iterations=0)
    np.testing.assert_array_equal(none.amplitude, none.dirty_amplitude)
    w = np.ones(len(t)) / len(t)
    k = [0, 100, at(5.734)]
    oracle = [np.sum(w * (y - y.mean()) * np.exp(-2j * np.pi * none.frequency[i] * (t - none.epoch))) for i in k]
    np.testing.assert_allclose(none.dirty[k], oracle, atol=1e-9)
    with pytest.raises(orrery.InputError):
        orrery.clean(t, y, step=1.0)


def test_window_power_is_the_sum_over_the_times():
    t, y, dy = star(n=200)
    dy = np.random.default_rng(1).uniform(0.1, 0.3, 200)
    p = orrery.lomb_scargle(t, y, dy, min_period=0.1, max_period=10)
    f = np.array([0.0, 0.5, 1.0, 1.0027, 3.3])
    w = 1 / dy**2 / np.sum(1 / dy**2)
    expected = np.abs(np.exp(2j * np.pi * np.multiply.outer(f, t - t[0])) @ w) ** 2
    np.testing.assert_allclose(p.window_power(f), expected, atol=1e-9)
    whole = p.window_power()
    assert whole.shape == p.power.shape
    np.testing.assert_allclose(whole[::1000], p.window_power(p.frequency[::1000]), atol=1e-9)
    assert p.window_power([1.0])[0] > 10 * p.window_power([0.5])[0]  # nights: the day


@pytest.mark.parametrize("harmonics", [1, 3])
@pytest.mark.parametrize("fit_mean", [True, False])
def test_model_and_residuals_at_any_frequency_are_astropys(harmonics, fit_mean):
    timeseries = pytest.importorskip("astropy.timeseries")
    t, y, dy = star(n=150)
    t = t - 2450000
    mine = orrery.lomb_scargle(t, y, dy, harmonics=harmonics, fit_mean=fit_mean, min_period=0.1, max_period=2)
    peer = timeseries.LombScargle(t, y, dy, nterms=harmonics, fit_mean=fit_mean, center_data=True)
    grid = np.linspace(0, 3, 50)
    for frequency in (5.734, 3.21):
        expected = peer.model(grid, frequency)
        np.testing.assert_allclose(mine.model(grid, frequency), expected, atol=1e-8)
        np.testing.assert_allclose(mine.residuals(frequency), y - peer.model(t, frequency), atol=1e-8)
    np.testing.assert_allclose(mine.residuals(), y - mine.model(t))
    assert mine.residuals().std() < mine.residuals(3.21).std()
