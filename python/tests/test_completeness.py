"""Injection and recovery through the package."""

import numpy as np
import pytest

import orrery


@pytest.fixture(scope="module")
def sky():
    t = np.arange(0.0, 24.0, 0.05)
    return t, 1.0 + np.random.default_rng(3).normal(0.0, 1e-3, len(t)), np.full(len(t), 1e-3)


def test_the_map_of_transits(sky):
    found = orrery.completeness(*sky, period=(2.0, 6.0, 3), size=(5e-5, 3e-2, 5), trials=4, threshold=7.0, control=30)
    assert found.fraction.shape == (5, 3) == found.expected.shape
    assert found.injected.sum() == 60 == len(found.trials.period)
    assert np.all(found.fraction[0] == 0)
    assert np.all(found.fraction[-1] == 1)
    assert np.all((found.low <= found.fraction) & (found.fraction <= found.high))
    assert np.all(np.diff(found.expected.mean(axis=1)) > 0)
    assert abs(found.fraction.mean() - found.expected.mean()) < 0.2, "theory and search agree: white noise"
    assert found.control.judged == 30
    assert found.control.rate < 0.2
    assert found.at(2.5, 0.02)[0] == 1.0
    assert found.radius_edges[0] == pytest.approx(109.08 * np.sqrt(5e-5))
    assert "of 60 transits recovered" in repr(found)
    counts = {name: int((found.trials.outcome == name).sum()) for name in ("recovered", "alias", "other", "missed")}
    assert counts["recovered"] == found.recovered.sum()
    assert counts["alias"] == found.aliases.sum()
    assert sum(counts.values()) == 60


def test_threads_change_nothing_and_more_trials_keep_the_first(sky):
    options = {"period": [2.0, 3.0, 5.0], "size": [1e-3, 4e-3], "control": 0, "threshold": 7.0, "method": "box_brute"}
    one = orrery.completeness(*sky, trials=3, threads=1, **options)
    two = orrery.completeness(*sky, trials=3, threads=2, **options)
    more = orrery.completeness(*sky, trials=4, **options)
    assert np.array_equal(one.trials.statistic, two.trials.statistic)
    assert np.array_equal(one.trials.statistic, more.trials.statistic[:6])
    other = orrery.completeness(*sky, trials=3, seed=1, **options)
    assert not np.array_equal(one.trials.period, other.trials.period)


def test_variables_with_a_threshold_of_their_own():
    random = np.random.default_rng(5)
    t = np.sort(random.uniform(0, 60, 150))
    noise = random.normal(15, 0.1, 150), np.full(150, 0.1)
    found = orrery.completeness(t, *noise, kind="variable", period=(0.5, 5.0, 2), size=[0.005, 0.01, 0.3, 0.4], trials=5, control=100, false_alarm=0.05, magnitudes=True, shape="sawtooth")
    assert found.calibrated
    assert found.method == "lomb_scargle"
    assert 3.5 < found.threshold < 6.5
    assert np.all(found.fraction[-1] == 1)
    assert found.fraction[0].max() < 0.5
    with pytest.raises(orrery.InputError, match="radii belong to transits"):
        _ = found.radius_edges


def test_magnitudes_hold_the_same_transits(sky):
    t, flux, dy = sky
    options = {"period": [2.0, 4.0], "size": [1e-3, 8e-3], "trials": 5, "threshold": 7.0, "control": 0}
    a = orrery.completeness(t, flux, dy, **options)
    b = orrery.completeness(t, 12 - 2.5 * np.log10(flux), dy * 2.5 / np.log(10), magnitudes=True, **options)
    assert np.allclose(a.trials.statistic, b.trials.statistic, rtol=0.02), "errors follow the flux: a part in a thousand"


def test_defaults_reach_from_nothing_to_everything(sky):
    found = orrery.completeness(*sky, trials=1, threshold=7.0, control=0)
    assert found.fraction.shape == (8, 8)
    assert found.fraction[0].mean() < 0.2
    assert found.fraction[-1].mean() > 0.7


def test_what_was_injected_is_there(sky):
    t, y, _ = sky
    orbit = {"period": 5.0, "transit_time": 1.0, "radius_ratio": 0.1, "scaled_axis": 12.0, "impact": 0.2}
    assert np.allclose(orrery.inject_transit(t, y, **orbit), y * orrery.transit_light_curve(t, **orbit), rtol=1e-15)
    wave = orrery.inject_variable(t, y, period=3.0, amplitude=0.2, epoch=0.7, harmonics=[0.5], magnitudes=False) - y
    angle = 2 * np.pi * (t - 0.7) / 3.0
    assert np.allclose(wave, 0.2 * (np.cos(angle) + 0.5 * np.cos(2 * angle)), atol=1e-12)


def test_refusals(sky):
    t, y, dy = sky
    good = {"period": [2.0, 4.0], "size": [1e-3, 2e-3], "threshold": 7.0, "control": 0}
    for change, words in (({"kind": "comet"}, "kind"), ({"method": "lomb_scargle"}, "box search"), ({"period": (4.0, 2.0, 3)}, "low < high"), ({"size": [0.1, 0.5]}, "0.25"),
                          ({"trials": 0}, "trials"), ({"threshold": None}, "control"), ({"shape": "sawtooth"}, "transit_form"), ({"period": [0.01, 2.0]}, "outside the star")):
        with pytest.raises(orrery.InputError, match=words):
            orrery.completeness(t, y, dy, **{**good, **change})
    for n in (1, 2, 3):
        with pytest.raises(orrery.InputError):
            orrery.completeness(t[:n], y[:n], **good)
    with pytest.raises(orrery.InputError, match="scatter"):
        orrery.completeness(t, np.ones(len(t)), **good)
    with pytest.raises(orrery.InputError, match="uncertainties"):
        orrery.completeness(t, y, np.zeros(len(t)), **good)
    found = orrery.completeness(t, y, dy, trials=1, **good)
    with pytest.raises(orrery.InputError, match="period"):
        found.at(9.0, 1.5e-3)
    with pytest.raises(orrery.InputError, match="as many"):
        orrery.inject_transit(t, y[:3], period=2.0, transit_time=0.0, radius_ratio=0.1, scaled_axis=8.0)
