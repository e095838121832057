"""Searches for transits through the package."""

import numpy as np
import pytest

import orrery


@pytest.fixture(scope="module")
def sky():
    random = np.random.default_rng(2)
    t = np.sort(random.uniform(0, 60, 2500))
    y = 1 - 0.012 * (np.abs((t - 1.1 + 1.6) % 3.2 - 1.6) < 0.08) + random.normal(0, 0.002, len(t))
    return t, y, np.full(len(t), 0.002)


def test_finds_an_injected_planet(sky):
    t, y, dy = sky
    found = orrery.box_least_squares(t, y, dy, duration=[0.1, 0.16, 0.2], min_period=1.0, max_period=8.0)
    best = found.best
    assert abs(best.period - 3.2) < 0.16 * 3.2 / 60
    assert abs(best.depth - 0.012) < 4 * best.depth_error
    assert best.depth_snr > 20
    assert "day, depth 0.01" in repr(found)
    inside = found.mask()
    assert inside.dtype == bool
    assert y[inside].mean() < y[~inside].mean() - 0.008
    statistics = found.statistics()
    odd, even = statistics["depth_odd"], statistics["depth_even"]
    assert abs(odd[0] - even[0]) < 4 * np.hypot(odd[1], even[1])
    assert statistics["per_transit_count"].sum() == inside.sum()
    assert statistics["harmonic_delta_log_likelihood"] < 0


def test_pieces_are_the_whole(sky):
    """The call is cut into pieces of periods: each must be what it is alone."""
    t, y, dy = sky
    period = np.linspace(1.0, 9.0, 999)
    whole = orrery.box_least_squares(t, y, dy, duration=0.2, period=period, objective="snr")
    for k in (0, 63, 64, 500, 998):
        one = orrery.box_least_squares(t, y, dy, duration=0.2, period=[period[k]], objective="snr", threads=1)
        assert one.objective[0] == whole.objective[k]
        assert one.transit_time[0] == whole.transit_time[k]


def test_refusals(sky):
    t, y, dy = sky
    with pytest.raises(orrery.InputError, match="within the shortest period"):
        orrery.box_least_squares(t, y, dy, duration=2.0, period=[1.0, 5.0])
    with pytest.raises(orrery.InputError, match="at least one period"):
        orrery.box_least_squares(t, y, dy, period=[])
    with pytest.raises(orrery.InputError, match="got both"):
        orrery.box_least_squares(t, y, dy, period=[3.0], min_period=2.0)
    with pytest.raises(orrery.InputError, match="likelihood"):
        orrery.box_least_squares(t, y, dy, objective="depth")
    with pytest.raises(orrery.InputError, match="no trial period has a box"):
        _ = orrery.box_least_squares([1.0, 1.0, 1.0], [1.0, 2.0, 3.0], period=[3.0]).best
