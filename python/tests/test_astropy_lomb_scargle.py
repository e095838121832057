"""orrery.astropy.LombScargle: against long double, golden values, laws of noise, and astropy itself."""

import doctest
import math

import numpy as np
import pytest

pytest.importorskip("astropy", reason="astropy is not installed here: orrery.astropy is not tested")

import astropy.timeseries as theirs
from astropy import units as u
from astropy.table import MaskedColumn
from astropy.time import Time, TimeDelta

import orrery.astropy
from orrery.astropy import LombScargle, _alarm, _box, _lomb_scargle

# Ten points, and what astropy 5.2 says of them.
T = np.array([0, 1.3, 2.1, 4.7, 5.9, 7.2, 8.8, 11.1, 12.4, 15])
Y = np.array([1.2, -0.3, 0.8, -1.1, 0.5, 0.9, -0.7, 0.2, 1, -0.4])
DY = np.array([0.1, 0.2, 0.15, 0.1, 0.3, 0.2, 0.1, 0.25, 0.2, 0.15])
F = np.array([0.05, 0.1, 0.2, 0.37, 0.5])


def sky(seed, n=80, span=20.0):
    random = np.random.default_rng(seed)
    t = random.uniform(0, span, n)
    dy = random.uniform(0.5, 1.5, n)
    return t, 10 + 2 * np.sin(2 * np.pi * t) + dy * random.normal(size=n), dy


def exact_power(t, y, dy, frequency, nterms=1, fit_mean=True, center_data=True):
    """1 - chi2 / chi2_0 by twice repeated Gram-Schmidt in long double."""
    t, y = t.astype(np.longdouble), y.astype(np.longdouble)
    w = np.ones_like(t) if dy is None else 1 / dy.astype(np.longdouble) ** 2
    if fit_mean or center_data:
        y = y - (w * y).sum() / w.sum()
    turn = 8 * np.arctan(np.longdouble(1))
    powers = []
    for f in frequency.astype(np.longdouble):
        columns = [np.ones_like(t)] if fit_mean else []
        columns += [wave(turn * ((k * f * t) % 1)) for k in range(1, nterms + 1) for wave in (np.sin, np.cos)]
        left, basis = y * np.sqrt(w), []
        for column in columns:
            rest = column * np.sqrt(w)
            for _ in range(2):
                for q in basis:
                    rest = rest - q * (q @ rest)
            basis.append(rest / np.sqrt(rest @ rest))
        for _ in range(2):
            for q in basis:
                left = left - q * (q @ left)
        powers.append(float(1 - (left @ left) / ((y * y) @ w)))
    return np.array(powers)


def test_examples_in_docstrings():
    for module in (_lomb_scargle, _box):
        found = doctest.testmod(module)
        assert found.attempted > 0
        assert found.failed == 0


def test_every_public_name_is_documented():
    for name in orrery.astropy.__all__:
        cls = getattr(orrery.astropy, name)
        for method in [cls, *(f for key, f in vars(cls).items() if callable(f) and not key.startswith("_"))]:
            assert method.__doc__, (name, method)


def test_golden_values():
    power = {norm: LombScargle(T, Y, DY, normalization=norm).power(F) for norm in ("standard", "model", "log", "psd")}
    # Twelve digits were written down.
    np.testing.assert_allclose(power["standard"],
                               [0.361495940151, 0.377143372847, 0.303961937719, 0.232357403775, 0.787028674305], rtol=2e-11)
    np.testing.assert_allclose(power["model"][[0, 4]], [0.566160754304, 3.69546779003], rtol=2e-11)
    np.testing.assert_allclose(power["log"][[0, 4]], [0.448627245113, 1.54659774349], rtol=2e-11)
    np.testing.assert_allclose(power["psd"][[0, 4]], [72.3690289803, 157.557788658], rtol=2e-11)
    np.testing.assert_allclose(LombScargle(T, Y, DY, fit_mean=False).power(F)[[0, 4]], [0.345733943841, 0.694579164768], rtol=2e-11)
    np.testing.assert_allclose(LombScargle(T, Y, DY, nterms=2).power(F),
                               [0.537314002333, 0.594738590485, 0.708329780713, 0.549260920147, 0.882889026247], rtol=2e-11)
    ls = LombScargle(T, Y, DY)
    chance = [ls.false_alarm_probability(0.6, method=m, maximum_frequency=0.5) for m in ("baluev", "naive", "davies")]
    np.testing.assert_allclose(chance, [0.569141741167, 0.266475038748, 0.841134109282], rtol=2e-11)


@pytest.mark.parametrize("nterms", [1, 2, 3, 10])
@pytest.mark.parametrize(("fit_mean", "center_data"), [(True, True), (True, False), (False, True), (False, False)])
def test_power_is_that_of_long_double(nterms, fit_mean, center_data):
    t, y, dy = sky(nterms)
    frequency = 0.31 + 0.05 * np.arange(30)
    for errors in (None, dy):
        ls = LombScargle(t, y, errors, fit_mean, center_data, nterms)
        want = exact_power(t, y, errors, frequency, nterms, fit_mean, center_data)
        for method in ("auto", "chi2", "fastchi2", *(["fast", "slow", "cython"] if nterms == 1 else [])):
            # The engine promises 1e-9 of the fast path; six cycles and more in the span leave the matrix well conditioned.
            np.testing.assert_allclose(ls.power(frequency, method=method), want, atol=1e-9, rtol=0)


def test_fast_and_direct_are_two_paths():
    """Their agreement would say nothing were they one."""
    t, y, dy = sky(3)
    frequency = 0.5 + 0.01 * np.arange(50)
    for nterms, method in ((1, "fast"), (1, "fastchi2"), (3, "fastchi2")):
        ls = LombScargle(t, y, dy, nterms=nterms)
        fast, direct = ls.power(frequency, method=method), ls.power(frequency, method=method, method_kwds={"use_fft": False})
        assert np.any(fast != direct)
        np.testing.assert_allclose(fast, direct, atol=1e-9, rtol=0)
        np.testing.assert_array_equal(direct, ls.power(frequency, method="chi2"))


def test_frequencies_of_any_shape_sign_and_order():
    t, y, dy = sky(4)
    ls = LombScargle(t, y, dy)
    frequency = np.array([[1.3, -0.2, 0.9], [0.0, 2.2, 1.0]])
    power = ls.power(frequency)
    assert power.shape == (2, 3)
    np.testing.assert_allclose(power.ravel()[[0, 2, 4, 5]], exact_power(t, y, dy, np.array([1.3, 0.9, 2.2, 1.0])), atol=1e-9, rtol=0)
    assert power[0, 1] == ls.power(0.2)
    assert power[1, 0] == 0.0
    bare = LombScargle(t, y, dy, fit_mean=False, center_data=False)
    w = dy**-2
    constant = (w @ y) ** 2 / w.sum() / (w @ y**2)  # at frequency 0 the model is a constant
    np.testing.assert_allclose(bare.power([0.0, 0.5])[0], constant, rtol=1e-12)
    from_zero = 0.5 * np.arange(4)
    np.testing.assert_allclose(bare.power(from_zero, method="fast"), bare.power(from_zero, method="slow"), atol=1e-9, rtol=0)
    for wrong in ([1.0, 2.0, 4.0], [2.0, 1.0], [-1.0, 1.0]):
        with pytest.raises(ValueError, match="requires frequencies"):
            ls.power(wrong, method="fast")


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # of astropy
@pytest.mark.parametrize("seed", range(12))
def test_agrees_with_astropy(seed):
    random = np.random.default_rng(seed)
    t, y, dy = sky(seed, int(random.integers(20, 200)), 10 ** random.uniform(0, 3))
    words = {"normalization": ["standard", "model", "log", "psd"][seed % 4], "fit_mean": seed % 3 != 1, "nterms": 1 + seed % 2 * 2}
    dy = dy if seed % 5 else None
    own, other = LombScargle(t, y, dy, **words), theirs.LombScargle(t, y, dy, **words)
    np.testing.assert_array_equal(own.autofrequency(3, 2.5), other.autofrequency(3, 2.5))
    frequency = own.autofrequency(nyquist_factor=1)[5:]  # below, three harmonics leave both few digits
    np.testing.assert_allclose(own.power(frequency), other.power(frequency, method="chi2"), rtol=1e-6, atol=1e-12)
    for f in frequency[[0, -1]]:
        np.testing.assert_allclose(own.model(t[:9], f), other.model(t[:9], f), rtol=1e-7)
        np.testing.assert_allclose(own.model_parameters(f), other.model_parameters(f), rtol=1e-5, atol=1e-8)
        np.testing.assert_allclose(own.design_matrix(f), other.design_matrix(f), atol=1e-9)
    assert own.offset() == pytest.approx(other.offset(), rel=1e-12)
    if words["nterms"] == 1 and not (words["normalization"] == "psd" and dy is None):
        z = other.power(frequency).max() * np.linspace(0.1, 0.99, 7)
        for cumulative in (False, True):
            np.testing.assert_allclose(own.distribution(z, cumulative), other.distribution(z, cumulative), rtol=1e-10, atol=1e-14)
        for method in ("single", "naive"):
            np.testing.assert_allclose(own.false_alarm_probability(z, method), other.false_alarm_probability(z, method), rtol=1e-8)


def test_units_and_times():
    t, y, dy = sky(6)
    plain = LombScargle(t, y, dy)
    days = LombScargle(t * u.day, y * u.mag, dy * u.mmag * 1000)
    frequency = np.linspace(0.5, 1.5, 40)
    power = days.power((frequency / u.day).to(u.Hz))
    assert power.unit == u.dimensionless_unscaled
    np.testing.assert_allclose(power.value, plain.power(frequency), rtol=1e-9)
    assert LombScargle(t * u.day, y * u.mag, normalization="psd").power(frequency / u.day).unit == u.mag**2
    assert days.autofrequency().unit == 1 / u.day
    assert days.model(t[:3] * u.day, 1 / u.day).unit == u.mag
    start = Time(2459000.5, format="jd")
    absolute = LombScargle(start + t * u.day, y * u.mag, dy * u.mag)
    np.testing.assert_allclose(absolute.power(frequency / u.day).value, plain.power(frequency), rtol=1e-7)
    np.testing.assert_allclose(absolute.model(start + t[:5] * u.day, 1 / u.day), days.model(TimeDelta(t[:5] * u.day), 1 / u.day), rtol=1e-7)
    with pytest.raises(TypeError, match="t was provided as a relative time but the LombScargle class was initialized with absolute times"):
        absolute.model(t, 1 / u.day)
    with pytest.raises(ValueError, match="Units of frequency not equivalent"):
        days.power(frequency)
    with pytest.raises(ValueError, match="Units of dy not equivalent"):
        LombScargle(t * u.day, y * u.mag, dy * u.s)
    with pytest.raises(ValueError, match="Units of t not equivalent"):
        days.model([1.0], 1 / u.day)


def test_from_timeseries_leaves_masked_rows_out():
    t, y, dy = sky(7)
    table = theirs.TimeSeries(time=Time(2459000.5, format="jd") + t * u.day)
    mask = np.arange(len(t)) % 4 == 0
    table["flux"] = MaskedColumn(np.where(mask, 1e9, y), mask=mask)
    table["error"] = MaskedColumn(dy)
    ls = LombScargle.from_timeseries(table, "flux", "error")
    frequency = np.linspace(0.5, 1.5, 20) / u.day
    np.testing.assert_allclose(ls.power(frequency), LombScargle(t[~mask], y[~mask], dy[~mask]).power(frequency.value), rtol=1e-7)
    with pytest.raises(ValueError, match="y has masked values"):
        LombScargle(t, np.ma.masked_array(y, mask), dy).power([1.0])


@pytest.mark.parametrize("nterms", [1, 2, 4])
@pytest.mark.parametrize("normalization", ["standard", "model", "log", "psd"])
def test_distribution_is_that_of_noise(nterms, normalization):
    """400 stars of noise at two far frequencies: every tenth of the law holds its share (binomial; 4.4 sigma of 10 x 12 checks: one false
    alarm in 700 runs, and the seed is fixed). The law for one harmonic more is refused by the same test."""
    random = np.random.default_rng(nterms)
    t, _, dy = sky(1, 30)
    power = np.concatenate([LombScargle(t, dy * random.normal(size=30), dy, nterms=nterms, normalization=normalization).power([0.87, 2.31])
                            for _ in range(400)])
    share = LombScargle(t, dy, dy, nterms=nterms, normalization=normalization).distribution(power, cumulative=True)
    counts = np.histogram(share, 10, (0, 1))[0]
    assert np.all(np.abs(counts - 80) < 4.4 * np.sqrt(80 * 0.9)), counts
    more = LombScargle(t, dy, dy, nterms=nterms + 1, normalization=normalization)
    wrong = np.histogram(more.distribution(power, cumulative=True), 10, (0, 1))[0]
    assert not np.all(np.abs(wrong - 80) < 4.4 * np.sqrt(80 * 0.9))
    z = np.linspace(0.01, 0.9, 200) * power.max()
    ls = LombScargle(t, dy, dy, nterms=nterms, normalization=normalization)
    middle, step = 0.5 * (z[1:] + z[:-1]), np.diff(z)
    # The midpoint rule: third derivative times step^2 / 24.
    np.testing.assert_allclose(np.diff(ls.distribution(z, cumulative=True)) / step, ls.distribution(middle), rtol=2e-2, atol=1e-4)


def test_false_alarm_does_not_depend_on_the_scale():
    """The same peak in another normalisation is the same peak (astropy's Baluev differs by factors near 1 between them)."""
    t, y, dy = sky(9, 40)
    peak = LombScargle(t, y, dy).power(np.linspace(0.3, 2, 100)).min() + 0.25
    for method in ("single", "naive", "davies", "baluev", "bootstrap"):
        words = {"n_bootstraps": 200, "random_seed": 5} if method == "bootstrap" else None
        chances = []
        for normalization, value in (("standard", peak), ("model", peak / (1 - peak)), ("log", -math.log1p(-peak))):
            ls = LombScargle(t, y, dy, normalization=normalization)
            chances.append(ls.false_alarm_probability(value, method, maximum_frequency=3, method_kwds=words))
        assert 0 < chances[0] <= 1
        np.testing.assert_allclose(chances, chances[0], rtol=1e-9)


def test_false_alarm_levels_are_inverses():
    t, y, dy = sky(10, 40)
    chance = np.array([1e-8, 1e-3, 0.2])
    for nterms in (1, 3):
        for normalization in ("standard", "psd"):
            ls = LombScargle(t * u.day, y * u.mag, dy * u.mag, nterms=nterms, normalization=normalization)
            for method in ("single", "naive", "davies", "baluev"):
                level = ls.false_alarm_level(chance, method, maximum_frequency=3 / u.day)
                assert level.unit == u.dimensionless_unscaled
                np.testing.assert_allclose(ls.false_alarm_probability(level, method, maximum_frequency=3 / u.day), chance, rtol=1e-6)
    words = {"n_bootstraps": 50, "random_seed": 1}
    ls = LombScargle(t, y, dy)
    level = ls.false_alarm_level([0.0, 0.5], "bootstrap", maximum_frequency=3, method_kwds=words)
    assert level[0] == _alarm._maxima(ls._fits, ls._searched(5, 5, None, 3), words).max()
    assert abs(ls.false_alarm_probability(level[1], "bootstrap", maximum_frequency=3, method_kwds=words) - 0.5) <= 1 / 50
    first, second = (ls.false_alarm_level(0.1, "bootstrap", maximum_frequency=3, method_kwds={"n_bootstraps": 20}) for _ in range(2))
    assert first != second  # without a seed


def test_refusals():
    t, y, dy = sky(11)
    for words, message in [
        ({"y": np.where(t == t[3], np.nan, y)}, "finite"), ({"dy": 0 * dy}, "uncertainties > 0"), ({"t": t[:3], "y": y[:3], "dy": dy[:3]}, "points"),
    ]:
        with pytest.raises(ValueError, match=message):
            LombScargle(**{"t": t, "y": y, "dy": dy, **words}).power([1.0])
    ls = LombScargle(t, y, dy)
    for call, error, message in [
        (lambda: ls.power([1.0], method="quick"), ValueError, "available methods"),
        (lambda: ls.power([1.0], normalization="unit"), ValueError, "not recognized"),
        (lambda: ls.power([1.0], method="slow", method_kwds={"use_fft": True}), TypeError, "unexpected keywords"),
        (lambda: ls.power([1.0], method="scipy"), ValueError, "fit_mean"),
        (lambda: LombScargle(t, y, dy, nterms=2).power([1.0], method="fast"), ValueError, "nterms"),
        (lambda: LombScargle(t, y, fit_mean=False, nterms=0).power([1.0]), ValueError, "nterms"),
        (lambda: LombScargle(t, y, dy, False, False).false_alarm_probability(0.5, "bootstrap"), NotImplementedError, "mean"),
        (lambda: ls.false_alarm_probability(0.5, method="quick"), ValueError, "Unrecognized method"),
        (lambda: ls.false_alarm_level(2.0), ValueError, "between 0 and 1"),
        (lambda: ls.autofrequency(maximum_frequency=1e12), ValueError, "GB"),
        (lambda: LombScargle([1.0, 1.0], [1.0, 2.0]).autofrequency(), ValueError, "differ"),
        (lambda: LombScargle([[1.0]], [[2.0]]), ValueError, "1-dimensional"),
    ]:
        with pytest.raises(error, match=message):
            call()
    assert np.all(LombScargle(t, np.ones_like(t)).power([0.5, 1.0]) == 0.0)


def test_false_alarms_of_data_without_a_mean():
    """400 skies of noise about zero: p values at one frequency are uniform, and 10 % of the highest peaks pass the 10 % level."""
    random, single, high = np.random.default_rng(20), [], []
    t = np.sort(random.uniform(0, 20, 60))
    dy = random.uniform(0.5, 1.5, 60)
    grid = np.arange(1, 201) * 0.01
    for _ in range(400):
        ls = LombScargle(t, dy * random.normal(size=60), dy, fit_mean=False, center_data=False)
        power = ls.power(grid, method="fast", assume_regular_frequency=True)
        single.append(float(ls.distribution(power[73], cumulative=True)))
        high.append(ls.false_alarm_probability(power.max(), maximum_frequency=2.0) < 0.1)
    share = np.histogram(single, 10, (0, 1))[0]
    assert ((share - 40) ** 2 / 36).sum() < 31  # chi2 of 9: one in 3000 is above; this seed is one draw
    # Baluev's law is an upper bound that a plain window comes close to: 10 % within 3 binomial sigma of 1.5 %.
    assert 0.05 < np.mean(high) < 0.145
    np.testing.assert_allclose(ls.false_alarm_probability(ls.false_alarm_level(0.01), "baluev"), 0.01, rtol=1e-6)
    # A mean in such data is a power at low frequencies, so that the law, told of none, is wrong: the negative control.
    with_mean = LombScargle(t, 3.0 + dy * random.normal(size=60), dy, fit_mean=False, center_data=False)
    assert with_mean.false_alarm_probability(with_mean.power(0.01)) < 1e-6
