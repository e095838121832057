"""Real stars with published or independently computed answers (shared data; each test skips when its file is absent)."""

import numpy as np
import pytest

import orrery


def test_kepler_17_has_its_planet_behind_the_spots(shared):
    """P = 1.4857 d (Desert et al. 2011), 1,459 points one day apart."""
    t, y, _ = np.loadtxt(shared("kepler/kepler17_downsample.dat")).T
    flat = orrery.flatten(t, y, window=3.0).flat  # spots turn in 12 days
    good = np.isfinite(flat) & (np.abs(flat - 1) < 0.03)
    scatter = 1.4826 * np.median(np.abs(flat[good] - np.median(flat[good])))
    series = (t[good], flat[good], np.full(good.sum(), scatter))
    found = orrery.box_least_squares(*series, duration=0.1, min_period=1.0, max_period=8.0)
    # Half a duration of drift over the span: P 0.1 / 2 / 1,458 d = 5e-5.
    assert found.best.period == pytest.approx(1.4857, abs=5e-5)
    assert found.best.depth_snr > 30
    # The alias of one cycle a day folds the same dips on top of each other; it is second, as its box holds other points as well.
    alias = 1 / (1 - 1 / 1.4857)
    near = np.abs(found.period - alias) < 0.002
    assert 0.3 < found.power[near].max() / found.power.max() < 1
    # Negative control: the same points at each other's times have no such box.
    mixed = orrery.box_least_squares(series[0], np.random.default_rng(1).permutation(series[1]), series[2], duration=0.1, min_period=1.0,
                                     max_period=8.0)
    assert mixed.power.max() < 0.3 * found.power.max()


def test_an_eros_cepheid(shared):
    star = orrery.read(shared("variables/eros2/lm0010n22323.time"), value="2", error="3")
    found = orrery.find_period(star, harmonics=2)
    assert found.period == pytest.approx(4.191, abs=0.002)
    assert found.log10_false_alarm_probability < -50


def test_a_macho_star(shared):
    star = orrery.read(shared("variables/macho/lc_1.3444.614.R.mjd"))
    found = orrery.lomb_scargle(star, min_period=0.2, max_period=10.0)
    assert found.period == pytest.approx(0.93696, abs=2e-5)


def test_hat_p_7_in_ten_days(shared):
    star = orrery.read(shared("kepler/kplr010666592-2009131110544_slc.fits"))
    flat = orrery.flatten(star.t, star.y, window=1.0, method="biweight").flat
    good = np.isfinite(flat)
    found = orrery.box_least_squares(star.t[good], flat[good], duration=0.15, min_period=1.0, max_period=4.0, min_transits=2)
    # Five transits in 9.7 d: half a duration over four cycles is 0.017 d.
    assert found.best.period == pytest.approx(2.2047, abs=0.017)
    assert 0.004 < found.best.depth < 0.008  # 0.0067 at the middle; a window of one day takes some off


def test_kic_1430163_alone_says_4_57_days(shared):
    star = orrery.read(shared("kepler/kplr001430163-2013011073258_llc.fits"))
    found = orrery.lomb_scargle(star, min_period=1.0, max_period=20.0)
    assert found.period == pytest.approx(4.57, abs=0.01)
    # Spots come and go: the formal error does not know it, rotation_period's does (3.88 +- 0.58 d, McQuillan et al. 2013).
    rotation = orrery.rotation_period(star)
    assert abs(rotation.period - 3.88) < 2 * 0.58
