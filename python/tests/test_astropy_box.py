"""orrery.astropy.BoxLeastSquares: the engine against the brute force, against known boxes, and against astropy itself."""

import copy
import pickle

import numpy as np
import pytest

pytest.importorskip("astropy", reason="astropy is not installed here: orrery.astropy is not tested")

import astropy.timeseries as theirs
from astropy import units as u
from astropy.time import Time, TimeDelta

from orrery.astropy import BoxLeastSquares, BoxLeastSquaresResults


@pytest.fixture(scope="module")
def sky():
    random = np.random.default_rng(2)
    t = np.sort(random.uniform(3, 43, 600))
    dy = random.uniform(0.001, 0.003, len(t))
    return t, 1 - 0.012 * (np.abs((t - 4.1 + 1.6) % 3.2 - 1.6) < 0.1) + dy * random.normal(size=len(t)), dy


@pytest.mark.parametrize("objective", ["likelihood", "snr"])
def test_folding_is_the_brute_force(sky, objective):
    """Periods that are whole numbers of bins: elsewhere the folds of the engine have a last bin that is cut short, the brute force none."""
    t, y, dy = sky
    period = 0.02 * np.array([60, 85, 131, 160, 217])
    for errors in (dy, None):
        bls = BoxLeastSquares(t, y, errors)
        fast, slow = (bls.power(period, 0.2, objective, method) for method in ("fast", "slow"))
        for key in set(fast) - {"objective"}:
            np.testing.assert_allclose(fast[key], slow[key], rtol=1e-9, err_msg=key)


def test_finds_the_box(sky):
    found = BoxLeastSquares(*sky).autopower([0.1, 0.2, 0.3], minimum_period=1.0, maximum_period=8.0)
    k = int(np.argmax(found.power))
    assert abs(found.period[k] - 3.2) < 0.2 * 3.2 / 40
    assert abs(found.depth[k] - 0.012) < 4 * found.depth_err[k]
    assert found.depth_snr[k] > 15
    assert t_distance(found.transit_time[k], 4.1, 3.2) < 0.05
    assert sky[0].min() <= found.transit_time.min()


def t_distance(a, b, period):
    return abs((a - b + period / 2) % period - period / 2)


@pytest.mark.parametrize("seed", range(6))
def test_agrees_with_astropy(seed):
    random = np.random.default_rng(seed)
    t = random.uniform(-5, 30, 400) + 1e3 * (seed % 2)
    dy = random.uniform(0.5, 2, 400) if seed % 3 else None
    y = random.normal(size=400)
    own, other = BoxLeastSquares(t, y, dy), theirs.BoxLeastSquares(t, y, dy)
    duration = [0.1, 0.23, 0.4]
    np.testing.assert_array_equal(own.autoperiod(duration, frequency_factor=2), other.autoperiod(duration, frequency_factor=2))
    a, b = (bls.autopower(duration, objective=["snr", "likelihood"][seed % 2], frequency_factor=5) for bls in (own, other))
    assert list(a) == list(b)
    for key in set(a) - {"objective", "transit_time"}:
        np.testing.assert_allclose(a[key], b[key], rtol=1e-8, err_msg=key)
    # A box at the seam of the fold can hold the same points in two places: rounding decides which comes first.
    apart = t_distance(a.transit_time, b.transit_time, a.period)
    assert apart.max() < 0.01 * (1 + 1e-9)  # a bin
    assert np.mean(apart > 1e-9) < 1e-3
    k = int(np.argmax(b.power))
    box = (b.period[k], b.duration[k], b.transit_time[k])
    mine, yours = own.compute_stats(*box), other.compute_stats(*box)
    assert set(mine) == set(yours)
    for key in mine:
        np.testing.assert_allclose(mine[key], yours[key], rtol=1e-7, err_msg=key)
    np.testing.assert_allclose(own.model(t, *box), other.model(t, *box), rtol=1e-10)
    np.testing.assert_array_equal(own.transit_mask(t, *box), other.transit_mask(t, *box))


def test_units_and_times(sky):
    t, y, dy = sky
    plain = BoxLeastSquares(t, y, dy).autopower(0.2, minimum_period=2.0)
    bls = BoxLeastSquares(t * u.day, y * u.mJy, dy)  # errors without a unit are in that of y
    found = bls.autopower(4.8 * u.hour, minimum_period=48 * u.hour)
    np.testing.assert_allclose(found.period.to_value(u.day), plain.period, rtol=1e-12)
    np.testing.assert_allclose(found.power.value, plain.power, rtol=1e-6)  # 4.8 hours are 0.2 days but for rounding
    assert found.depth.unit == u.mJy
    assert BoxLeastSquares(t * u.day, y * u.mJy).power(3.0, 0.2).log_likelihood.unit == u.mJy**2
    start = Time(2459000.5, format="jd")
    absolute = BoxLeastSquares(start + t * u.day, y, dy)
    again = absolute.autopower(0.2 * u.day, minimum_period=2 * u.day)
    k = int(np.argmax(again.power))
    assert isinstance(again.transit_time, Time)
    assert t_distance((again.transit_time[k] - start).to_value(u.day), 4.1, 3.2) < 0.05
    assert absolute.transit_mask(start + t * u.day, 3.2 * u.day, 0.2 * u.day, start + 4.1 * u.day).sum() > 20
    relative = BoxLeastSquares(TimeDelta(t * u.day), y, dy)
    assert relative.compute_stats(3.2 * u.day, 0.2 * u.day, 4.1 * u.day)["transit_times"].unit == u.day
    with pytest.raises(TypeError, match="transit_time was provided as a relative time but the BoxLeastSquares class was initialized with absolute"):
        absolute.model(start + t * u.day, 3.2 * u.day, 0.2 * u.day, 4.1 * u.day)
    with pytest.raises(u.UnitConversionError):
        BoxLeastSquares(t * u.day, y * u.mJy, dy * u.mag)
    with pytest.raises(u.UnitConversionError):
        bls.autoperiod(0.2 * u.mag)


def test_results_are_a_dictionary_with_attributes():
    found = BoxLeastSquaresResults(period=[1.0], power=[2.0])
    found.depth = 3.0
    assert found["depth"] == found.depth == 3.0
    assert {"period", "power", "depth"} <= set(dir(found))
    assert "power: [2.0]" in repr(found)
    for twin in (copy.deepcopy(found), pickle.loads(pickle.dumps(found))):
        assert twin == found
        assert isinstance(twin, BoxLeastSquaresResults)
    del found.depth
    with pytest.raises(AttributeError):
        _ = found.depth


def test_refusals(sky):
    t, y, dy = sky
    bls = BoxLeastSquares(t, y, dy)
    for call, message in [
        (lambda: bls.power([1.0, 5.0], 2.0), "duration must be shorter than the minimum period"),
        (lambda: bls.power([[1.0]], 0.1), "one dimension"), (lambda: bls.power([], 0.1), "at least one"),
        (lambda: bls.power(3.0, 0.1, objective="depth"), "allowed objectives"), (lambda: bls.power(3.0, 0.1, method="quick"), "allowed methods"),
        (lambda: bls.power(3.0, 0.1, oversample=0), "oversample"), (lambda: bls.autoperiod(0.1, minimum_n_transit=1), "min_transits"),
        (lambda: bls.autoperiod(1e-7), "5e7 trial periods"), (lambda: BoxLeastSquares(t, y, 0 * dy).power(3.0, 0.1), "uncertainties > 0"),
        (lambda: BoxLeastSquares(t, np.where(t > 20, np.nan, y)).power(3.0, 0.1), "finite"),
    ]:
        with pytest.raises(ValueError, match=message):
            call()
