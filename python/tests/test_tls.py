"""orrery.tls: names of the transitleastsquares package, numbers of orrery.transit_least_squares."""

import numpy as np
import pytest

import orrery
from orrery.tls import cleaned_array, transit_mask, transitleastsquares

PERIOD, TIME = 5.2, 1.3
#: All result names of transitleastsquares 2.0.
NAMES = """SDE SDE_raw chi2_min chi2red_min period period_uncertainty T0 duration depth depth_mean depth_mean_even depth_mean_odd
    transit_depths transit_depths_uncertainties rp_rs snr snr_per_transit snr_pink_per_transit odd_even_mismatch transit_times
    per_transit_count transit_count distinct_transit_count empty_transit_count FAP in_transit_count after_transit_count
    before_transit_count periods power power_raw SR chi2 chi2red model_lightcurve_time model_lightcurve_model model_folded_phase
    folded_y folded_dy folded_phase model_folded_model""".split()


@pytest.fixture(scope="module")
def sky():
    t = np.arange(0, 50, 0.03)
    clean = orrery.transit_light_curve(t, period=PERIOD, transit_time=TIME, radius_ratio=0.04, scaled_axis=12.6, impact=0.3)
    return t, clean + np.random.default_rng(4).normal(0, 2e-4, len(t)), np.full(len(t), 2e-4)


@pytest.fixture(scope="module")
def results(sky):
    return transitleastsquares(*sky, verbose=False).power(period_min=3.0, u=[0.4804, 0.1867], show_progress_bar=False, use_threads=1)


def test_every_name_is_there(results):
    assert set(results) == set(NAMES)
    assert results.period == results["period"]
    with pytest.raises(AttributeError, match="perod"):
        _ = results.perod


def test_numbers_are_those_of_the_search(sky, results):
    found = orrery.transit_least_squares(*sky, min_period=3.0, impact=23.1 * np.cos(np.radians(89.21)))
    assert np.array_equal(results.power, found.power)
    assert np.array_equal(results.periods, found.period)
    assert results.SDE == found.sde > 15
    assert results.period == found.best.period == pytest.approx(PERIOD, abs=5 * results.period_uncertainty)
    assert results.FAP <= 8e-5


def test_transits_are_measured_from_their_points(sky, results):
    t, y, _ = sky
    assert results.T0 == pytest.approx(TIME, abs=0.01)
    assert results.duration == pytest.approx(PERIOD / np.pi * np.arcsin(np.sqrt(1.04**2 - 0.3**2) / 12.6), rel=0.15)  # steps of 1.1
    np.testing.assert_allclose(results.transit_times, TIME + PERIOD * np.arange(10), atol=0.02)
    inside = transit_mask(t, results.period, results.duration, results.T0)
    assert results.per_transit_count.sum() == inside.sum()
    assert results.depth_mean[0] == pytest.approx(y[inside].mean(), rel=1e-12)
    assert results.depth < results.depth_mean[0] < 1, "depths are levels, and the middle is the deepest"
    outside = y[~transit_mask(t, results.period, 2 * results.duration, results.T0)]
    assert results.snr == pytest.approx((1 - y[inside].mean()) / outside.std() * np.sqrt(inside.sum()), rel=1e-12)
    k = 3
    one = y[np.abs(t - results.transit_times[k]) < results.duration / 2]
    assert results.transit_depths[k] == pytest.approx(one.mean(), rel=1e-12)
    assert results.transit_depths_uncertainties[k] == pytest.approx(one.std() / np.sqrt(len(one)), rel=1e-12)
    assert results.odd_even_mismatch < 3, "one planet: odd and even are alike"
    assert results.transit_count == results.distinct_transit_count == 10
    # In, before and after: about as many points each, and the dip only in the middle.
    assert abs(results.before_transit_count - results.in_transit_count) <= 10
    assert abs(results.after_transit_count - results.in_transit_count) <= 10


def test_models_fit_the_points(sky, results):
    t, y, dy = sky
    model = np.interp(t, results.model_lightcurve_time, results.model_lightcurve_model)
    # Steps of 1.1 in duration leave up to a twentieth of the ingress, a few points in a hundred, off by a part of the depth.
    assert np.sum(((y - model) / dy) ** 2) < 1.1 * len(t)
    assert model.min() == pytest.approx(results.depth, abs=2e-5)
    folded = np.interp(results.folded_phase, results.model_folded_phase, results.model_folded_model)
    assert np.sum(((results.folded_y - folded) / results.folded_dy) ** 2) < 1.1 * len(t)
    assert abs(results.folded_phase[np.argmin(folded)] - 0.5) < 0.01
    assert np.all(np.diff(results.folded_phase) >= 0)


def test_an_eclipsing_pair_has_an_odd_even_mismatch():
    t = np.arange(0, 50, 0.03)
    y = np.random.default_rng(5).normal(1, 2e-4, len(t))
    for start, ratio in ((TIME, 0.05), (TIME + PERIOD, 0.03)):
        y -= 1 - orrery.transit_light_curve(t, period=2 * PERIOD, transit_time=start, radius_ratio=ratio, scaled_axis=20.0)
    found = transitleastsquares(t, y).power(period_min=4.0, period_max=6.0)
    assert found.period == pytest.approx(PERIOD, rel=0.002)
    assert found.odd_even_mismatch > 5


def test_options_are_heeded_or_refused_by_name(sky):
    model = transitleastsquares(*sky)
    some = model.power(period_min=5.0, period_max=5.5, R_star=1.0, R_star_max=2.0, M_star_min=0.5, n_transits_min=3, oversampling_factor=2,
                       duration_grid_step=1.2, transit_depth_min=2e-5, b=0.1, T0_fit_margin=0.05, backend="numba")
    assert some.periods.min() >= 5.0 - 1e-9
    assert some.periods.max() <= 5.5 + 1e-9
    assert len(some.periods) < len(model.power(period_min=5.0, period_max=5.5, oversampling_factor=4).periods)
    for options, message in [
        ({"period_mim": 3.0}, "period_mim"), ({"limb_dark": "linear"}, "limb_dark = 'quadratic'"), ({"u": [0.3]}, "two numbers"),
        ({"transit_template": "box"}, "box_least_squares"), ({"SDE_detrend": "hybrid"}, "SDE_detrend"), ({"ecc": 0.3}, "ecc"),
    ]:
        with pytest.raises(ValueError, match=message):
            model.power(period_min=5.0, **options)


def test_bad_rows_are_left_out_and_bad_series_refused(sky):
    t, y, dy = (c.copy() for c in sky)
    t[3], y[5], y[7], dy[9] = np.nan, np.inf, -1.0, 0.0
    masked = np.ma.masked_array(y, mask=np.arange(len(y)) == 11)
    assert len(cleaned_array(t, masked, dy)[0]) == len(t) - 5
    assert len(transitleastsquares(t, masked, dy).t) == len(t) - 5
    with pytest.raises(ValueError, match="at least 3"):
        transitleastsquares(t[:2], y[:2])
    with pytest.raises(ValueError, match="one time"):
        transitleastsquares(np.ones(9), np.ones(9))
    with pytest.raises(ValueError, match="one length"):
        transitleastsquares(t, y[:-1])
    with pytest.warns(UserWarning, match="mean flux of 1"):
        transitleastsquares(t, 100 * y)
    rising = 1 + 1e-4 * np.arange(200.0) ** 2 / 4e4
    with pytest.warns(UserWarning, match="no transit fits"):
        nothing = transitleastsquares(np.arange(200.0) * 0.1, rising).power(transit_depth_min=0.5)
    assert np.isnan(nothing.period)
    assert nothing.depth == 1.0
    assert set(nothing) == set(NAMES)
