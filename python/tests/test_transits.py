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
    with pytest.raises(orrery.InputError, match="durations with grid='box'"):
        orrery.box_least_squares(t, y, dy, grid="box")
    with pytest.raises(orrery.InputError, match="expected no periods with fast folding"):
        orrery.box_least_squares(t, y, dy, method="ffa", period=[3.0])
    with pytest.raises(orrery.InputError, match="ffa"):
        orrery.box_least_squares(t, y, dy, method="quick")
    with pytest.raises(orrery.InputError, match="trial periods"):
        orrery.box_least_squares(t, y, dy, duration=1e-7, max_period=50.0)
    with pytest.raises(orrery.InputError, match="expected at most 5e7 trial periods"):
        orrery.box_least_squares(t, y, dy, duration=1e-7, grid="box", min_period=0.1)


def test_methods_agree_on_the_planet_and_say_which_they_are(sky):
    t, y, dy = sky
    for method in ("brute", "ffa", "sparse"):
        found = orrery.box_least_squares(t, y, dy, method=method, min_period=1.0, max_period=8.0)
        assert found.method == method
        assert found.reason == "as asked"
        assert abs(found.best.period - 3.2) < 0.16 * 3.2 / 60
        assert abs(found.best.depth - 0.012) < 0.002
        assert f"({method})" in repr(found)
        assert (np.diff(found.period) > 0).all()
        assert (len(found.exact) > 0) == (method == "ffa")
    assert len(found.warnings) == 0


def test_fast_folding_gives_the_exact_numbers_at_its_peaks(sky):
    t, y, dy = sky
    found = orrery.box_least_squares(t, y, dy, method="ffa", duration=[0.1, 0.16], min_period=1.0, max_period=8.0)
    k = int(np.argmax(found.objective))
    assert k in found.exact
    again = orrery.box_least_squares(t, y, dy, method="brute", duration=[0.1, 0.16], period=found.period[k])
    for name in ("objective", "depth", "depth_error", "duration", "transit_time", "depth_snr", "log_likelihood"):
        assert getattr(again, name)[0] == getattr(found, name)[k]


def test_durations_follow_the_star(sky):
    t, y, dy = sky
    sun = orrery.box_least_squares(t, y, dy, method="brute", min_period=3.0, max_period=3.5)
    dwarf = orrery.box_least_squares(t, y, dy, method="brute", star_radius=0.2, star_mass=0.2, min_period=3.0, max_period=3.5)
    assert dwarf.duration.max() < sun.duration.max()
    assert dwarf.duration.max() <= 0.109 * 3.5 ** (1 / 3) * (0.008 / 0.2) ** (1 / 3) * 1.05  # density^(-1/3), and half a bin


def test_few_points_without_bins():
    random = np.random.default_rng(5)
    t = np.sort(random.uniform(0, 300, 120))
    y = 1 - 0.05 * (np.abs((t - 1.1 + 1.6) % 3.2 - 1.6) < 0.1) + random.normal(0, 0.004, len(t))
    found = orrery.box_least_squares(t, y, np.full(len(t), 0.004), min_period=1.0, max_period=10.0)
    assert found.method == "sparse"
    assert "fewer than 300 points" in found.reason
    assert abs(found.best.period - 3.2) < 0.2 * 3.2 / 300
    short = orrery.box_least_squares(np.arange(200.0), random.normal(size=200), duration=0.05, min_period=0.3, max_period=2.0)
    assert any("shorter than the cadence" in w for w in short.warnings)
