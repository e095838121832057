"""What follows from a periodogram, and the period search: known answers, statistics, and a real star."""

import csv

import numpy as np
import pytest

import orrery


def test_best_peak(sinusoid):
    found = orrery.lomb_scargle(*sinusoid, min_period=0.5, max_period=20.0)
    best = found.best()
    # error of one sinusoid: sqrt(6 / N) s / (pi T a) in frequency, here about 1e-4; ten of them as a fence
    assert best.period == pytest.approx(1.7, abs=10 * best.period_error)
    expected = np.sqrt(6 / 200) * 0.1 / (np.pi * 50.0)
    assert 0.5 * expected < best.frequency_error < 2.0 * expected
    assert best.period_error == pytest.approx(best.frequency_error * best.period**2)
    assert (found.period, found.period_error) == (best.period, best.period_error)
    assert best.power >= found.power.max() and best.amplitude == pytest.approx(2.0, rel=0.05)
    assert found.power[np.argmin(np.abs(found.frequency - 1 / 1.7))] > 0.9
    np.testing.assert_allclose(found.model(sinusoid[0]), sinusoid[1], atol=0.6)  # six times the largest error


def test_repr_tells_the_answer(sinusoid):
    text = repr(orrery.lomb_scargle(*sinusoid, min_period=0.5, max_period=20.0))
    assert text.startswith("<Periodogram: period 1.") and "±" in text and "day, power 0.9" in text and "200 points, fast" in text
    assert repr(orrery.lomb_scargle(*sinusoid, frequency=[])) == "<Periodogram: no frequencies>"
    with pytest.raises(orrery.InputError, match="at least one frequency"):
        orrery.lomb_scargle(*sinusoid, frequency=[]).best()


def test_normalisation_of_the_best(sinusoid):
    p = orrery.lomb_scargle(*sinusoid, min_period=1.0, max_period=3.0).best().power
    for name, expected in (("model", p / (1 - p)), ("log", -np.log1p(-p))):
        found = orrery.lomb_scargle(*sinusoid, min_period=1.0, max_period=3.0, normalization=name)
        assert found.best().power == pytest.approx(expected, rel=1e-9)


def test_aliases_of_nightly_sampling():
    random = np.random.default_rng(4)
    t = np.arange(120) + random.normal(0, 0.03, 120)
    y = np.sin(2 * np.pi * t / 1.7) + 0.1 * random.normal(size=120)
    found = orrery.lomb_scargle(t, y, min_period=0.3, max_period=30.0)
    day = [a for a in found.aliases if a.relation in ("one cycle per day", "one cycle per sidereal day")]
    # |f +- 1| to within the width of a peak, 1 / T
    assert any(min(abs(1 / a.period - abs(found.best().frequency + n)) for n in (-1.0, 1.0)) < 1 / 120 for a in day)
    assert found.window[0].words == "one cycle per day" and found.window[0].height > 0.9
    assert found.ambiguous == any(not a.excluded for a in found.aliases)
    assert np.all(np.diff([a.delta_chi2 for a in found.aliases]) >= -1e-3)  # less is no order
    report = orrery.find_period(t, y, min_period=0.3, max_period=30.0)
    assert report.window and isinstance(report.ambiguous, bool) and report.rivals[0].relation == found.aliases[0].relation


def test_red_noise():
    random = np.random.default_rng(2)
    t = np.sort(random.uniform(0, 300, 150))
    white = orrery.damped_random_walk(t, random.normal(size=150), np.ones(150))
    y = orrery.DampedRandomWalk.sample(white, t)  # any walk
    assert y.shape == (150,) and (y == white.sample(t)).all() and (y != white.sample(t, stream=1)).any()
    walk = np.cumsum(random.normal(size=150)) * 0.3 + 0.1 * random.normal(size=150)
    fit = orrery.damped_random_walk(t, walk, np.full(150, 0.1))
    assert fit.log_likelihood > fit.log_likelihood_white + 20
    assert fit.log_likelihood_at(fit.sigma, fit.tau) == pytest.approx(fit.log_likelihood)
    assert fit.log_likelihood_at(fit.sigma, 3 * fit.tau) < fit.log_likelihood and repr(fit).startswith("<DampedRandomWalk: sigma ")
    power = orrery.lomb_scargle(t, walk, np.full(150, 0.1), min_period=2.0, max_period=300.0)
    assert power.false_alarm_probability() < 1e-6 < 0.01 < power.false_alarm_probability(method="red_noise", resamples=200)
    null = power.red_noise(resamples=200)
    assert null.expected.shape == power.power.shape and null.level(0.01, 0.4) < null.level(0.01)
    assert null.probability(null.level(0.1)) == pytest.approx(0.1, abs=0.02)
    assert orrery.find_period(t, walk, np.full(150, 0.1), min_period=2.0, alarm="red_noise", resamples=100).false_alarm_error > 0
    with pytest.raises(orrery.InputError, match="not all equal"):
        orrery.damped_random_walk(np.ones(5), np.arange(5.0))


def test_false_alarms(sinusoid):
    t, _, dy = sinusoid
    strong = orrery.lomb_scargle(*sinusoid, min_period=0.5, max_period=20.0)
    assert strong.false_alarm_probability() < 1e-30
    noise = orrery.lomb_scargle(t, np.random.default_rng(5).normal(size=200), min_period=0.5, max_period=20.0)
    level = noise.false_alarm_level(0.01)
    assert noise.false_alarm_probability(level) == pytest.approx(0.01, rel=1e-6)
    for low, high in (("single", "naive"), ("naive", "davies"), ("baluev", "davies")):
        assert noise.false_alarm_probability(level, method=low) <= noise.false_alarm_probability(level, method=high)
    # Baluev's law is close to the truth and at most a little above it: of 400 shuffled series about 80 exceed its level of 0.2, and
    # fewer than 40 or more than 120 would have probability 1e-6 for a truth between 0.16 and 0.23
    usual = noise.false_alarm_level(0.2)
    share = noise.false_alarm_probability(usual, method="bootstrap", resamples=400, seed=1)
    assert 0.1 < share < 0.3
    assert share == noise.false_alarm_probability(usual, method="bootstrap", resamples=400, seed=1)
    uneven = orrery.lomb_scargle(*sinusoid, frequency=np.geomspace(0.05, 2, 300))
    assert uneven.false_alarm_probability() < 1e-30
    with pytest.raises(orrery.InputError, match="FrequencyGrid for method 'bootstrap'"):
        uneven.false_alarm_probability(method="bootstrap")
    with pytest.raises(orrery.InputError, match="'single', 'naive', 'davies', 'baluev', 'bootstrap'"):
        noise.false_alarm_probability(method="guess")


def test_golden_false_alarms():
    """FAP(Z = 0.6, up to 0.5 per day) of the ten golden points: astropy's convention searches from 0."""
    t = np.array([0, 1.3, 2.1, 4.7, 5.9, 7.2, 8.8, 11.1, 12.4, 15])
    dy = np.array([0.1, 0.2, 0.15, 0.1, 0.3, 0.2, 0.1, 0.25, 0.2, 0.15])
    y = np.array([1.2, -0.3, 0.8, -1.1, 0.5, 0.9, -0.7, 0.2, 1, -0.4])
    found = orrery.lomb_scargle(t, y, dy, frequency=orrery.FrequencyGrid(1e-9, 0.5 / 1000, 1001))
    # the grid starts at 1e-9 instead of 0, hence 1e-8
    assert found.false_alarm_probability(0.6, method="baluev") == pytest.approx(0.569141741167, rel=1e-7)
    assert found.false_alarm_probability(0.6, method="naive") == pytest.approx(0.266475038748, rel=1e-7)
    assert found.false_alarm_probability(0.6, method="davies") == pytest.approx(0.841134109282, rel=1e-7)


def test_find_period(sinusoid):
    found = orrery.find_period(*sinusoid)
    assert found.period == pytest.approx(1.7, abs=10 * found.period_error)
    assert found.n_used == 200 and found.n_dropped == 0 and found.kept.dtype == np.bool_ and found.kept.all()
    assert len(found.power) == found.grid.count == len(found.frequency)
    assert found.false_alarm_probability < 1e-30 and found.log10_false_alarm_probability < -30
    assert repr(found).startswith("<PeriodSearch: period 1.") and "false-alarm probability" in repr(found)
    value, error = found.model(sinusoid[0])
    assert np.abs(value - sinusoid[1]).max() < 0.6 and (error > 0).all() and (error < 0.1).all()
    level = found.false_alarm_power(0.01)
    assert found.log10_false_alarm_probability_of(level) == pytest.approx(-2.0, abs=1e-6)


def test_find_period_clips_and_refuses(sinusoid):
    t, y, dy = sinusoid
    wild = y.copy()
    wild[::40] += 30.0
    found = orrery.find_period(t, wild, dy, sigma_clip=5.0)
    assert found.n_dropped == 5 and not found.kept[::40].any() and found.period == pytest.approx(1.7, rel=1e-3)
    for options, says in (({"harmonics": 0}, "harmonics"), ({"min_period": 2.0, "max_period": 1.0}, "period")):
        with pytest.raises(orrery.InputError, match=says):
            orrery.find_period(t, y, dy, **options)
    with pytest.raises(orrery.InputError, match="too few points"):
        found.model(t, band=3)


def test_corot7(shared):
    path = shared("rv/CoRoT-7.txt")
    series = orrery.read(path)
    assert len(series) == 177 and series.quantity == "velocity"
    grid = orrery.FrequencyGrid(0.02, (1.5 - 0.02) / 199_999, 200_000)
    for method in ("fast", "exact"):
        found = orrery.lomb_scargle(series, frequency=grid, method=method)
        assert found.power.max() == pytest.approx(0.26366, abs=5e-6) and found.period == pytest.approx(23.42, abs=0.005)
        assert found.power.min() >= 0.0


def test_published_period_of_an_rr_lyrae(shared):
    with open(shared("rrlyrae_s82/periods_20.csv"), encoding="utf-8") as file:
        rows = [row for row in csv.reader(line for line in file if not line.startswith("#"))]
    names = [name.strip().lower() for name in rows[0]]
    stars = [dict(zip(names, row)) for row in rows[1:]]
    right = 0
    for star in stars:
        series = orrery.read(shared(f"rrlyrae_s82/lightcurves/{star['id']}.dat"))
        assert series.band_names == ["u", "g", "r", "i", "z"]
        found = orrery.find_period(series, min_period=0.2, max_period=1.2)
        period = float(next(value for name, value in star.items() if name.startswith("period")))
        right += abs(found.period / period - 1) < 1e-4
    # a plain one-harmonic sum over five bands finds 14 of the 20; aliases of a day take the others
    assert len(stars) == 20 and right >= 14
