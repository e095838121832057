"""Transit least squares and the search for planets through the package."""

import os

import numpy as np
import pytest

import orrery


@pytest.fixture(scope="module")
def sky():
    random = np.random.default_rng(4)
    t = np.arange(0, 50, 0.03)
    y = np.ones(len(t))
    for period, time, ratio in ((5.2, 1.3, 0.04), (11.7, 4.1, 0.035)):
        y *= orrery.transit_light_curve(t, period=period, transit_time=time, radius_ratio=ratio, scaled_axis=4.2 * period ** (2 / 3),
                                        impact=0.3)
    return t, y + random.normal(0, 2e-4, len(t)), np.full(len(t), 2e-4)


def test_the_stronger_planet_is_found(sky):
    found = orrery.transit_least_squares(*sky, min_period=3.0)
    assert "SDE" in repr(found)
    assert found.sde == found.power.max() > 15
    best = found.best
    assert abs(best.period - 5.2) < 5 * best.period_error + 0.001
    assert best.depth > 0, "depth is a drop"
    assert abs(best.depth - (1 - orrery.transit_light_curve([1.3], period=5.2, transit_time=1.3, radius_ratio=0.04, scaled_axis=12.6,
                                                            impact=0.3)[0])) < 6 * best.depth_error
    assert best.verdict == "sure"
    assert not best.ambiguous
    assert best.transit_count == len(best.transit_times) == 10
    assert best.false_alarm_probability <= 8e-5
    inside = best.mask(sky[0])
    assert sky[1][inside].mean() < sky[1][~inside].mean() - 0.5 * best.depth


def test_planets_one_after_the_other(sky):
    planets = orrery.find_planets(*sky, min_period=3.0, max_planets=4)
    accepted = sorted(planet.period for planet in planets if planet.accepted)
    assert len(accepted) == 2
    assert np.allclose(accepted, [5.2, 11.7], atol=0.01)
    assert not planets[-1].accepted
    assert planets[1].periodogram.power.shape == planets[0].periodogram.power.shape


def test_threads_change_nothing(sky):
    one = orrery.transit_least_squares(*sky, min_period=4.0, threads=1)
    many = orrery.transit_least_squares(*sky, min_period=4.0)
    assert np.array_equal(one.power, many.power)


def test_grids_are_those_of_the_package():
    assert [len(orrery.transit_period_grid(0.1)), len(orrery.transit_period_grid(20)), len(orrery.transit_period_grid(1000,
        star_radius=0.1))] == [
        268, 1716, 4308558]
    periods = orrery.transit_period_grid(20)
    durations = orrery.transit_duration_grid(periods[0], periods[-1], step=1.05)
    assert len(durations) == 69
    assert durations[0] == pytest.approx(0.004562690993268325, abs=1e-9)


def test_k2_3_says_that_the_third_period_is_ambiguous():
    path = os.path.join(os.environ.get("ORRERY_SHARED_DATA", "../shared/data"), "kepler", "EPIC201367065.csv")
    if not os.path.exists(path):
        pytest.skip("shared data file kepler/EPIC201367065.csv is not there")
    t, y = np.loadtxt(path, delimiter=",").T
    half = 24
    flux = y / np.array([np.median(y[max(0, i - half):i + half + 1]) for i in range(len(y))])
    planets = orrery.find_planets(t, flux, min_period=5.0)
    assert [round(planet.period, 1) for planet in planets] == [10.1, 24.6, 22.3]
    assert planets[2].ambiguous
    assert "44.5" in planets[2].verdict_text


def test_refusals(sky):
    t, y, dy = sky
    with pytest.raises(orrery.InputError, match="got both"):
        orrery.transit_least_squares(t, y, dy, period=[3.0], min_period=2.0)
    with pytest.raises(orrery.InputError, match="at least one period"):
        orrery.transit_least_squares(t, y, dy, period=[])
    with pytest.raises(orrery.InputError, match="a span of the times"):
        orrery.transit_least_squares([], [])
    with pytest.raises(orrery.InputError, match="no trial period has a dip"):
        _ = orrery.transit_least_squares([0.0, 1.0, 2.0, 3.5], [1.0, 1.1, 1.2, 1.0], [0.1] * 4, period=[1.7, 1.8]).best
    with pytest.raises(orrery.InputError, match="impact"):
        orrery.transit_least_squares(t, y, dy, period=[3.0], impact=1.5)
    with pytest.raises(orrery.InputError, match="max_planets"):
        orrery.find_planets(t, y, dy, max_planets=0)
    with pytest.raises(orrery.InputError, match="eccentricity"):
        orrery.transit_light_curve(t, period=3.0, transit_time=0.0, radius_ratio=0.1, scaled_axis=9.0, eccentricity=1.0)
