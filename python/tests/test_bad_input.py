"""Bad input, as it comes: every cell of the table is one clear message or a right answer, in little memory."""

import os
import re
import subprocess
import sys
import textwrap

import numpy as np
import pytest

import orrery

TRUE = 3.1  # [day]
_random = np.random.default_rng(1)
T = np.sort(_random.uniform(0, 40, 60))
Y = 15 + 0.3 * np.sin(2 * np.pi * T / TRUE) + 0.02 * _random.normal(size=60)
DY = np.full(60, 0.02)
PAIRS = np.repeat(T[::2], 2)
ODD = np.arange(60) == 7

INPUTS = {
    "none": (T[:0], Y[:0], DY[:0]),
    "one": (T[:1], Y[:1], DY[:1]),
    "two": (T[:2], Y[:2], DY[:2]),
    "three": (T[:3], Y[:3], DY[:3]),
    "no errors": (T, Y, None),
    "equal errors": (T, Y, DY),
    "errors of zero": (T, Y, 0 * DY),
    "an error of zero": (T, Y, np.where(ODD, 0.0, DY)),
    "errors NaN": (T, Y, np.nan * DY),
    "a value NaN": (T, np.where(ODD, np.nan, Y), DY),
    "constant": (T, 0 * Y + 15, DY),
    "pairs of times": (PAIRS, 15 + 0.3 * np.sin(2 * np.pi * PAIRS / TRUE) + 0.02 * _random.normal(size=60), DY),
    "one time": (0 * T + 5, Y, DY),
}

FEW = r"expected (at least \d|times that span|a span of the times)|no trial period has a dip"
ZERO = r"expected finite uncertainties > 0, got \d+ bad values?, first at index"
REFUSED = {
    "none": FEW, "one": FEW, "two": FEW, "three": FEW,
    "errors of zero": ZERO, "an error of zero": ZERO, "errors NaN": ZERO,
    "a value NaN": r"expected finite values, got 1 bad value, first at index 7 \(nan\)",
    "constant": r"the series is constant and has no period: (all 60 values are 15|in each band)",
    "one time": r"times? that (span|differ)|span of the times > 0|times that are not all equal",
}

#: The period of each method, with what it may differ: a multiple of it where the method is known to take one.
PERIODS = {
    "lomb_scargle": lambda *a: orrery.lomb_scargle(*a).period,
    "lomb_scargle exact": lambda *a: orrery.lomb_scargle(*a, method="exact").period,
    "find_period": lambda *a: orrery.find_period(*a).period,
    "multiband": lambda t, y, dy: orrery.lomb_scargle_multiband(t, y, dy, bands=np.full(len(t), "g")).period,
    **{f"periodogram {m}": lambda *a, m=m: orrery.periodogram(*a, method=m, max_period=5.0).period
       for m in ("lomb_scargle", "aov", "pdm", "entropy", "string_length", "qmi", "supersmoother")},
}
DIPS = {
    "box_least_squares": lambda *a: orrery.box_least_squares(*a).best.period,
    "transit_least_squares": lambda *a: orrery.transit_least_squares(*a).best.period,
}


@pytest.mark.parametrize("method", PERIODS)
@pytest.mark.parametrize("given", INPUTS)
def test_periods(given, method):
    ask = PERIODS[method]
    if given in REFUSED:
        with pytest.raises(orrery.InputError, match=REFUSED[given]) as refusal:
            ask(*INPUTS[given])
        assert "\n" not in str(refusal.value)
        return
    # Binned statistics know the period to a bin of a cycle over the 13 cycles of the span: 1 %.
    assert ask(*INPUTS[given]) == pytest.approx(TRUE, rel=0.015)


@pytest.mark.parametrize("method", DIPS)
@pytest.mark.parametrize("given", [name for name in INPUTS if name in REFUSED])
def test_dips(given, method):
    with pytest.raises(orrery.InputError, match=REFUSED[given]) as refusal:
        DIPS[method](*INPUTS[given])
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("given", INPUTS)
def test_trends_and_features_answer_what_has_values(given):
    t, y, dy = INPUTS[given]
    if given in ("none", "a value NaN"):
        with pytest.raises(orrery.InputError, match="finite|at least 1"):
            orrery.flatten(t, y, window=3.0)
        with pytest.raises(orrery.InputError, match="finite|at least 1"):
            orrery.features(t, y, dy)
        return
    assert np.isfinite(orrery.flatten(t, y, window=3.0).flat).all()
    if given in REFUSED and REFUSED[given] == ZERO:
        with pytest.raises(orrery.InputError, match=ZERO):
            orrery.features(t, y, dy)
        return
    found = orrery.features(t, y, dy)
    for name in found:
        assert np.isfinite(found[name]) or found.reason(name), f"{name} is {found[name]} without a reason"
    assert found["mean"] == pytest.approx(y.mean(), rel=1e-12)


def test_a_constant_series_has_power_zero_and_says_so():
    found = orrery.lomb_scargle(*INPUTS["constant"])
    assert np.all(found.power == 0)
    assert "all 60 values are the same, no period" in repr(found)
    assert "no period" in repr(orrery.periodogram(*INPUTS["constant"], method="pdm"))
    assert orrery.find_planets(*INPUTS["constant"]) == []


def test_one_band_with_one_point_is_left_out():
    t, y, band = np.append(T, 3.3), np.append(Y, 99.0), np.append(np.full(60, "g"), "r")
    assert orrery.lomb_scargle_multiband(t, y, bands=band).period == pytest.approx(TRUE, rel=0.005)


@pytest.mark.parametrize("method", ["lomb_scargle", "pdm", "aov", "entropy", "string_length", "qmi", "supersmoother"])
def test_a_frequency_of_zero_is_named(method):
    with pytest.raises(orrery.InputError, match="expected finite frequencies > 0, got 0 at index 0"):
        orrery.periodogram(T, Y, DY, method=method, frequency=[0.0, 0.3])
    with pytest.raises(orrery.InputError, match="expected every period > 0"):
        orrery.box_least_squares(T, Y, DY, period=[0.0, 2.0], duration=0.1)


def test_periods_below_the_cadence_are_warned_of():
    t = np.arange(200.0)
    y = np.sin(2 * np.pi * t / 7.3)
    # With one point a day, frequency 1 + 1 / 7.3 gives the same values: only the range asked for excludes the truth.
    found = orrery.find_period(t, y, min_period=0.8, max_period=0.95)
    assert found.period == pytest.approx(1 / (1 + 1 / 7.3), rel=1e-3)
    assert "shorter than twice the cadence, 1 day" in found.warnings[0]
    assert found.warnings[0] in repr(found)
    assert "twice the cadence" in orrery.lomb_scargle(t, y, min_period=0.8, max_period=0.95).warnings[0]
    assert "twice the cadence" in orrery.periodogram(t, y, method="pdm", min_period=0.8, max_period=0.95).warnings[0]
    assert orrery.find_period(t, y).warnings == []
    assert orrery.find_period(T, Y, DY).warnings == []  # irregular: 3.1 days is above the shortest spacing


def test_noiseless_digits_are_not_shown():
    words = repr(orrery.find_period(T, np.sin(2 * np.pi * T / TRUE)))
    assert max(len(number.replace(".", "").lstrip("0")) for number in re.findall(r"\d+\.?\d*(?!\d*e)", words)) <= 10


TOO_LARGE = {
    "lomb_scargle": "orrery.lomb_scargle(t, y, min_period=1e-13)",
    "find_period": "orrery.find_period(t, y, min_period=1e-9)",
    "pdm": "orrery.periodogram(t, y, method='pdm', min_period=1e-13)",
    "supersmoother": "orrery.periodogram(t, y, method='supersmoother', min_period=1e-13)",
    "box": "orrery.box_least_squares(t, y, min_period=1e-7, duration=1e-8)",
    "box grid": "orrery.box_least_squares(t, y, min_period=1e-5, duration=1e-6, grid='box')",
    "a grid made by hand": "orrery.lomb_scargle(t, y, frequency=orrery.FrequencyGrid(0.1, 1e-9, 10**9))",
    "transits": "orrery.transit_least_squares(numpy.arange(0, 1e7, 1e5), y[:1].repeat(100), star_radius=1e-3)",
}


@pytest.mark.parametrize("call", TOO_LARGE)
def test_grids_beyond_reason_are_refused_before_they_are_allocated(call):
    # 1 GiB of address space above what the import took: the smallest of these grids would need more than 4.
    program = f"""
        import resource, numpy, orrery
        t = numpy.linspace(0, 40, 60) ** 1.01
        y = numpy.sin(t)
        now = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + 2**30, now + 2**30))
        try:
            {TOO_LARGE[call]}
        except orrery.InputError as error:
            print(error)
        """
    done = subprocess.run([sys.executable, "-P", "-c", textwrap.dedent(program)], capture_output=True, text=True, env=dict(os.environ))
    assert done.returncode == 0, done.stderr
    assert re.search(r"expected at most [\de]+ (frequencies|trial periods), got [\d.]+e\+\d+|GB", done.stdout), done.stdout


@pytest.mark.parametrize("given", INPUTS)
def test_modes(given):
    if given in REFUSED and given != "constant":
        with pytest.raises(orrery.InputError, match=REFUSED[given]) as refusal:
            orrery.prewhiten(*INPUTS[given])
        assert "\n" not in str(refusal.value)
        return
    found = orrery.prewhiten(*INPUTS[given], max_modes=1)
    if given == "constant":
        assert len(found) == 0 and "0 modes" in repr(found)
    else:
        assert found.period == pytest.approx([TRUE], rel=0.005)


@pytest.mark.parametrize("given", INPUTS)
def test_clean(given):
    if given in REFUSED and given not in ("two", "three", "constant"):
        with pytest.raises(orrery.InputError, match=REFUSED[given]) as refusal:
            orrery.clean(*INPUTS[given])
        assert "\n" not in str(refusal.value)
        return
    found = orrery.clean(*INPUTS[given], max_frequency=1.0)
    assert np.all(np.isfinite(found.amplitude))  # two points are two frequencies at best, but no error
    if given == "constant":
        assert found.amplitude.max() < 1e-9
    if given not in REFUSED:
        # To half a step of 1 / (5 T), and the beam's breadth: 0.005.
        assert found.best_frequency == pytest.approx(1 / TRUE, abs=0.005)
