"""Features through the package, against their formulas in numpy."""

import numpy as np
import pytest

import orrery


@pytest.fixture(scope="module")
def star():
    random = np.random.default_rng(7)
    t = np.sort(random.uniform(0, 150, 200))
    dy = random.uniform(0.01, 0.05, 200)
    return t, 15 + 0.4 * np.sin(2 * np.pi * t / 5.3) + dy * random.normal(size=200), dy


@pytest.fixture(scope="module")
def found(star):
    return orrery.features(*star)


def test_fats_formulas(star, found):
    t, y, dy = star
    s, n = np.sort(y), len(y)
    w = 1 / np.diff(t) ** 2
    rank = lambda p: s[int(np.ceil(p * n))]  # noqa: E731
    expected = {
        "Amplitude": (np.median(s[-10:]) - np.median(s[:10])) / 2,
        "Std": np.std(y), "Meanvariance": np.std(y) / np.mean(y), "Q31": np.percentile(y, 75) - np.percentile(y, 25),
        "Rcs": np.ptp(np.cumsum(y - y.mean())) / (n * np.std(y)),
        "FluxPercentileRatioMid35": (rank(0.675) - rank(0.325)) / (rank(0.95) - rank(0.05)),
        "PercentDifferenceFluxPercentile": (rank(0.95) - rank(0.05)) / np.median(y),
        "Eta_e": w.mean() * (t[-1] - t[0]) ** 2 * np.sum(w * np.diff(y) ** 2) / (np.var(y) * w.sum() * n**2),
        "PairSlopeTrend": (np.sum(np.diff(y[-30:]) > 0) - np.sum(np.diff(y[-30:]) <= 0)) / 30,
        "Gskew": np.median(y[y <= np.percentile(y, 3)]) + np.median(y[y >= np.percentile(y, 97)]) - 2 * np.median(y),
        "Skew": np.mean((y - y.mean()) ** 3) / np.std(y) ** 3,
        "linear_trend": np.polyfit(t, y, 1)[0],
    }
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, rel=1e-9), name


def test_cesium_formulas(star, found):
    t, y, dy = star
    flux = 10 ** (-0.4 * y)
    q = np.percentile(flux, [5, 25, 40, 50, 60, 75, 95])
    steps = np.diff(t)
    mean = np.average(y, weights=dy**-2)
    deviation = np.sqrt(np.average((y - mean) ** 2, weights=dy**-2))
    expected = {
        "percent_difference_flux_percentile": (q[6] - q[0]) / q[3],
        "flux_percentile_ratio_mid20": (q[4] - q[2]) / (q[6] - q[0]),
        "flux_percentile_ratio_mid50": (q[5] - q[1]) / (q[6] - q[0]),
        "percent_amplitude_cesium": max(flux.max() / q[3] - 1, 1 - flux.min() / q[3]),
        "percent_close_to_median": np.mean(np.abs(y - np.median(y)) < 0.1 * np.ptp(y)),
        "percent_beyond_1_std": np.mean(np.abs(y - mean) > deviation),
        "weighted_std_dev": deviation, "avg_err": dy.mean(), "med_err": np.median(dy), "std_err": np.std(dy),
        "cads_avg": steps.mean(), "cads_med": np.median(steps), "cads_std": np.std(steps), "cad_probs_1000": np.mean(steps < 1000 / 1440),
    }
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, rel=1e-9), name


def test_lines_and_parabola(star, found):
    t, y, dy = star
    for degree, slope, chi2 in ((1, "linear_fit_slope", "linear_fit_reduced_chi2"), (2, "parabola_fit_g", "parabola_fit_reduced_chi2")):
        p, cov = np.polyfit(t - 75, y, degree, w=1 / dy, cov="unscaled")
        assert found[slope] == pytest.approx(p[0], rel=1e-8)
        assert found[chi2] == pytest.approx(np.sum(((y - np.polyval(p, t - 75)) / dy) ** 2) / (200 - degree - 1), rel=1e-9)
        if degree == 1:
            assert found["linear_fit_slope_sigma"] == pytest.approx(np.sqrt(cov[0, 0]), rel=1e-9)
        else:
            assert found["parabola_fit_m0"] == pytest.approx(p[2] - p[1] ** 2 / (4 * p[0]), rel=1e-8)


def test_random_walk_is_the_highest_dense_likelihood(star):
    """The likelihood of the covariance matrix, without the first point's own: lower to every side of what is found."""
    random = np.random.default_rng(3)
    t = np.sort(random.uniform(0, 100, 60))
    dy = np.full(60, 0.05)
    kernel = lambda sigma, tau: 0.5 * tau * sigma**2 * np.exp(-np.abs(t[:, None] - t) / tau)  # noqa: E731
    y = 10 + np.linalg.cholesky(kernel(0.3, 8.0) + np.diag(dy**2)) @ random.normal(size=60)
    f = orrery.features(t, y, dy, names=["CAR_sigma", "CAR_tau", "CAR_mean"])

    def likelihood(sigma, tau):
        c = kernel(sigma, tau) + np.diag(dy**2)
        d = y - y.mean()
        return -0.5 * (d @ np.linalg.solve(c, d) + np.linalg.slogdet(c)[1]) + 0.5 * (d[0] ** 2 / c[0, 0] + np.log(c[0, 0]))

    best = likelihood(f["CAR_sigma"], f["CAR_tau"])
    for a, b in ((1.01, 1), (0.99, 1), (1, 1.02), (1, 0.98), (1.01, 0.98), (0.99, 1.02)):
        assert likelihood(f["CAR_sigma"] * a, f["CAR_tau"] * b) < best
    assert f["CAR_mean"] == pytest.approx(y.mean() / f["CAR_tau"])


def test_names_units_reasons(star, found):
    t, y, _ = star
    info = orrery.feature_names()
    assert list(found) == list(info)
    assert found.units["amplitude"] == "y"
    assert "cesium" in info["amplitude"].sets and "light-curve" in info["amplitude"].sets
    plain = orrery.features(t, y, set="light-curve", periodic=False, transient=False)
    assert np.isnan(plain["chi2"]) and plain.reason("chi2") == "no errors"
    assert plain.reason("amplitude") == ""
    assert "not a number" in repr(plain)


def test_table_and_bootstrap(star):
    t, y, dy = star
    table = orrery.features_table([(t, y, dy), (t[:50], y[:50]), orrery.Series.from_arrays(t, y, dy)], ["mean", "chi2", "qn"])
    assert table.values.shape == (3, 3)
    assert table["mean"][0] == table["mean"][2] == pytest.approx(y.mean())
    assert np.isnan(table["chi2"][1]) and table.reasons[1, 1] != 0
    f = orrery.features(t, y, dy, names=["mean"], bootstrap=300, seed=4)
    assert f.errors["mean"] == pytest.approx(np.std(y) / np.sqrt(200), rel=0.2)  # 300 resamplings give 4 %
    assert f.errors == orrery.features(t, y, dy, names=["mean"], bootstrap=300, seed=4, threads=1).errors


def test_bands(star):
    t, y, dy = star
    both = orrery.features(np.r_[t, t], np.r_[y, y - 1], np.r_[dy, dy], band=["g"] * 200 + ["r"] * 200, names=["mean"])
    assert both["color_of_median_g_r"] == pytest.approx(1)
    assert both["mean_g"] == pytest.approx(y.mean())
    assert both["StetsonJ_g_r"] > 1


def test_refusals(star):
    t, y, dy = star
    with pytest.raises(orrery.InputError, match="name of a feature"):
        orrery.features(t, y, names=["beauty"])
    with pytest.raises(orrery.InputError, match="'light-curve'"):
        orrery.features(t, y, set="mine")
    with pytest.raises(orrery.InputError, match="star 1"):
        orrery.features_table([(t, y), (t, y * np.nan)])
    with pytest.raises(orrery.InputError, match="one of|one length|lengths"):
        orrery.features(t, y[1:])
    with pytest.raises(orrery.InputError, match="ascending"):
        orrery.dmdt_map(t, y, [1, 0], [0, 1])
