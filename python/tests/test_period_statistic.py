"""Period statistics through the package."""

import numpy as np
import pytest

import orrery

METHODS = ("lomb_scargle", "aov", "pdm", "entropy", "string_length", "qmi", "supersmoother")
MINIMA = ("pdm", "entropy", "string_length")


@pytest.fixture(scope="module")
def sky():
    random = np.random.default_rng(5)
    t = np.sort(random.uniform(0, 120, 250))
    y = 15 + 0.4 * np.sin(2 * np.pi * t / 1.7321) + 0.2 * np.sin(4 * np.pi * t / 1.7321 + 1) + random.normal(0, 0.05, len(t))
    return t, y, random.uniform(0.04, 0.06, len(t))


@pytest.mark.parametrize("method", METHODS)
def test_every_method_finds_the_period(sky, method):
    curve = orrery.periodogram(*sky, method=method, min_period=1.2, max_period=3.0)
    assert abs(curve.period - 1.7321) < 0.2 * 1.7321**2 / 120
    assert curve.contrast > 4
    assert curve.minimum == (method in MINIMA)
    assert curve.best.value * (-1 if curve.minimum else 1) >= curve.goodness.max() - 1e-9  # sought between the frequencies
    assert "period 1.73" in repr(curve)
    # On one thread, at a list of frequencies, in another order: the same numbers.
    alone = orrery.periodogram(*sky, method=method, frequency=curve.frequency[::-1].copy(), threads=1)
    assert np.allclose(alone.value[::-1], curve.value, rtol=1e-7, atol=1e-9)


def test_a_long_curve_is_cut_into_parts_that_are_the_whole(sky):
    """The call is cut by its cost: each part must be what it is alone."""
    t, y, dy = sky
    grid = orrery.FrequencyGrid(0.05, 0.0004, 20_000)
    for method in ("pdm", "qmi", "string_length"):
        whole = orrery.periodogram(t, y, dy, method=method, frequency=grid)
        for k in (0, 4999, 5000, 19_999):
            one = orrery.periodogram(t, y, dy, method=method, frequency=[grid.values()[k]])
            assert one.value[0] == pytest.approx(whole.value[k], rel=1e-12)


def test_formulae_in_numpy(sky):
    t, y, dy = sky
    f = np.array([0.3, 0.57732, 1.1])
    for k, frequency in enumerate(f):
        phase = ((t - t.min()) * frequency) % 1
        order = np.argsort(phase)
        steps = np.diff(np.append(y[order], y[order[0]]))
        lafler_kinman = orrery.periodogram(t, y, method="string_length", frequency=f, measure="lafler_kinman").value[k]
        assert lafler_kinman == pytest.approx((steps**2).sum() / ((y - y.mean()) ** 2).sum(), rel=1e-12)
        count, *_ = np.histogram2d(phase, y, bins=(10, 5), range=((0, 1), (y.min(), y.max())))
        p = count / len(t)
        column = p.sum(axis=1, keepdims=True)
        expected = np.where(p > 0, p * np.log(np.where(p > 0, column / np.where(p > 0, p, 1), 1)), 0).sum()
        assert orrery.periodogram(t, y, method="entropy", frequency=f).value[k] == pytest.approx(expected, rel=1e-12)


def test_probabilities(sky):
    t, y, dy = sky
    curve = orrery.periodogram(t, y, dy, method="aov", harmonics=2, min_period=1.2, max_period=3.0)
    assert curve.single_probability() < 1e-30
    assert orrery.periodogram(t, y, dy, method="pdm", frequency=[0.7]).single_probability(1.0) > 0.3
    assert orrery.periodogram(t, y, dy, method="qmi", frequency=[0.7]).single_probability() is None
    assert orrery.periodogram(t, y, dy, method="entropy", min_period=1.2, max_period=3.0).shuffled_probability(19) == 0.05
    noise = orrery.periodogram(t, np.random.default_rng(1).normal(size=len(t)), method="entropy", min_period=1.2, max_period=3.0)
    assert noise.shuffled_probability(19) > 0.05  # this seed; under the law it fails for one in twenty
    assert noise.shuffled_probability(19, seed=3) == noise.shuffled_probability(19, seed=3)


def test_smoother(sky):
    t, y, dy = sky
    smooth = orrery.super_smoother(t, y, dy, period=1.7321)
    assert np.std(y - smooth.value) < 0.06
    assert np.std(smooth.residual) > np.std(y - smooth.value)
    assert smooth.span.min() >= 0.05
    assert smooth.span.max() <= 0.5
    star = orrery.Series.from_arrays(t, y, dy)
    assert np.array_equal(orrery.super_smoother(star, period=1.7321).value, smooth.value)


def test_refusals(sky):
    t, y, dy = sky
    with pytest.raises(orrery.InputError, match="'pdm'.*got 'box'"):
        orrery.periodogram(t, y, dy, method="box")
    with pytest.raises(orrery.InputError, match=r"settings of 'pdm' \(bins, covers, interpolate\), got harmonics"):
        orrery.periodogram(t, y, dy, method="pdm", harmonics=3)
    with pytest.raises(orrery.InputError, match="got both"):
        orrery.periodogram(t, y, dy, method="pdm", frequency=[1.0], min_period=2.0)
    with pytest.raises(orrery.InputError, match="clarke"):
        orrery.periodogram(t, y, dy, method="string_length", measure="rope")
    with pytest.raises(orrery.InputError, match="67108864 frequencies"):
        orrery.periodogram(t, y, dy, method="pdm", frequency=orrery.FrequencyGrid(0.1, 1e-9, 10**9))
    with pytest.raises(orrery.InputError, match="at least 4"):
        orrery.periodogram(t[:3], y[:3], method="entropy", frequency=[1.0])
    with pytest.raises(orrery.InputError, match="at least 4"):
        orrery.periodogram(t[:3], y[:3], method="entropy", frequency=[])
    with pytest.raises(orrery.InputError, match="period > 0"):
        orrery.super_smoother(t, y, period=0.0)
    with pytest.raises(orrery.InputError, match="at least one frequency"):
        _ = orrery.periodogram(t, y, method="pdm", frequency=[]).best
