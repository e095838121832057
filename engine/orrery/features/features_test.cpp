#include "orrery/features/features.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "orrery/core/error.hpp"
#include "orrery/core/random.hpp"
#include "orrery/data/synthetic.hpp"
#include "orrery/features/features_detail.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::features;
using Real = long double;

namespace {

std::map<std::string, double> all_of(const SeriesView& series, const FeatureOptions& options = {}) {
  const auto f = features::features(series, options);
  std::map<std::string, double> out;
  for (std::size_t k = 0; k < f.names.size(); ++k) out[f.names[k]] = f.value[k];
  return out;
}

data::Series star(int n, std::uint64_t seed, bool rounded) {
  auto s = data::sinusoid({.n = n, .sigma_spread = 0.5}, seed);
  Random random(seed);
  for (double& y : s.y) {
    if (random.uniform() < 0.03) y += 2.0 * random.normal();  // outliers
    if (rounded) y = std::round(10.0 * y) / 10.0;             // ties
  }
  return s;
}

Real square(Real x) { return x * x; }

/// Those of the order, of pairs and of the distribution.
void add_others(const data::Series& s, const std::vector<Real>& v, Real mean, Real median, Real mad, Real deviation,
                std::map<std::string, Real>& out) {
  const auto n = v.size();
  const Real count = n;
  const std::vector<Real> y(s.y.begin(), s.y.end());
  Real above = 0, below = 0, steps = 0, slopes = 0, sum = 0, low = 1e30L, high = -1e30L;
  for (std::size_t i = 0; i < n; ++i) {
    const Real u = square((y[i] - median) / (9 * mad));
    if (u < 1) {
      above += square(y[i] - median) * square(square(1 - u));
      below += (1 - u) * (1 - 5 * u);
    }
    sum += y[i] - mean;
    low = std::min(low, sum);
    high = std::max(high, sum);
    if (i == 0) continue;
    steps += square(y[i] - y[i - 1]);
    slopes += square((y[i] - y[i - 1]) / (Real(s.t[i]) - s.t[i - 1]));
  }
  out["biweight_scale_9"] = std::sqrt(count * above) / std::fabs(below);
  out["cusum"] = (high - low) / (count * deviation);
  out["eta"] = steps / ((count - 1) * square(deviation));
  out["eta_e"] = square((Real(s.t.back()) - s.t.front()) / (count - 1)) * slopes / ((count - 1) * square(deviation));
  std::vector<Real> pairs;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i + 1; j < n; ++j) pairs.push_back(std::fabs(y[i] - y[j]));
  }
  std::sort(pairs.begin(), pairs.end());
  const std::size_t h = n / 2 + 1;
  out["qn"] = 2.219144465985076L * pairs[h * (h - 1) / 2 - 1];
  Real normal = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const Real z = (v[i] - mean) / deviation / std::sqrt(2.0L);
    normal += (2 * Real(i) + 1) * std::log(std::erfc(-z) / 2) + (2 * (count - i) - 1) * std::log(std::erfc(z) / 2);
  }
  out["anderson_darling_normal"] = (1 + 4 / count - 25 / square(count)) * (-count - normal / count);
}

/// What the header and the sets say, in long double, by the plainest way.
std::map<std::string, Real> oracle(const data::Series& s) {
  std::map<std::string, Real> out;
  const auto n = s.y.size();
  const Real count = n;
  std::vector<Real> y(s.y.begin(), s.y.end()), v = y, away;
  std::sort(v.begin(), v.end());
  const auto median_of = [](std::vector<Real> a) { std::sort(a.begin(), a.end()); return (a[(a.size() - 1) / 2] + a[a.size() / 2]) / 2; };
  const Real mean = std::accumulate(y.begin(), y.end(), Real(0)) / count, median = median_of(y);
  Real m2 = 0, m3 = 0, m4 = 0, weight = 0, wmean = 0, errors = 0, chi2 = 0, absolute = 0, roms = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const Real d = y[i] - mean, w = 1 / square(s.sigma[i]);
    m2 += d * d;
    m3 += d * d * d;
    m4 += square(d * d);
    weight += w;
    wmean += w * y[i];
    errors += square(s.sigma[i]);
    away.push_back(std::fabs(y[i] - median));
    roms += away.back() / s.sigma[i];
  }
  wmean /= weight;
  for (std::size_t i = 0; i < n; ++i) {
    chi2 += square((y[i] - wmean) / s.sigma[i]);
    absolute += std::fabs((y[i] - wmean) / s.sigma[i]);
  }
  const Real deviation = std::sqrt(m2 / (count - 1)), mad = median_of(away);
  const auto quantile = [&](Real p) {
    const Real h = std::clamp<Real>(p * count - 0.5L, 0, count - 1);
    const auto k = static_cast<std::size_t>(h);
    return k + 1 < n ? v[k] + (h - k) * (v[k + 1] - v[k]) : v[k];
  };
  out["amplitude"] = (v.back() - v.front()) / 2;
  out["mean"] = mean;
  out["median"] = median;
  out["median_absolute_deviation"] = mad;
  out["standard_deviation"] = deviation;
  out["skew"] = std::sqrt(count * (count - 1)) / (count - 2) * (m3 / count) / std::pow(m2 / count, 1.5L);
  out["kurtosis"] = (count - 1) / ((count - 2) * (count - 3)) * ((count + 1) * (m4 / count / square(m2 / count) - 3) + 6);
  out["inter_percentile_range_25"] = quantile(0.75L) - quantile(0.25L);
  out["magnitude_percentage_ratio_40_5"] = (quantile(0.6L) - quantile(0.4L)) / (quantile(0.95L) - quantile(0.05L));
  out["percent_amplitude"] = std::max(v.back() - median, median - v.front());
  out["beyond_1_std"] = std::count_if(y.begin(), y.end(), [&](Real x) { return std::fabs(x - mean) > deviation; }) / count;
  out["weighted_mean"] = wmean;
  out["chi2"] = chi2 / (count - 1);
  out["excess_variance"] = (square(deviation) - errors / count) / square(mean);
  out["roms"] = roms / (count - 1);
  out["stetson_K"] = absolute / std::sqrt(count * chi2);
  add_others(s, v, mean, median, mad, deviation, out);
  return out;
}

}  // namespace

TEST_CASE("the values' features in long double, without ties and with many") {
  for (const int n : {5, 64, 65, 300}) {
    for (const bool rounded : {false, true}) {
      const auto s = star(n, 3 + n, rounded);
      const auto ours = all_of(s.view(), {.sets = kLightCurve, .periodic = false, .transient = false});
      for (const auto& [name, expected] : oracle(s)) {
        CAPTURE(name);
        CAPTURE(n);
        // Sums of N values of order 15 whose spread is of order 0.5, and differences of sums.
        CHECK(close(ours.at(name), static_cast<double>(expected), {1e-11, 1e-13}));
      }
    }
  }
}

TEST_CASE("sorting and the logarithm of the normal distribution") {
  Random random(4);
  for (int n : {1, 2, 63, 64, 1000}) {
    for (int kind = 0; kind < 4; ++kind) {
      std::vector<double> v;
      for (int i = 0; i < n; ++i) {
        const double x = random.normal();
        v.push_back(kind == 0 ? x : kind == 1 ? 7.0 : kind == 2 ? std::exp(20.0 * x) : std::floor(x));
      }
      auto expected = v;
      std::sort(expected.begin(), expected.end());
      detail::bucket_sort(v);
      CHECK(v == expected);
    }
  }
  for (double z = -40.0; z < 9.0; z += 0.0137) {
    const Real x = z / std::sqrt(2.0L);
    const Real expected = z < 0 ? std::log(std::erfc(-x) / 2) : std::log1p(-std::erfc(x) / 2);
    CHECK(close(detail::log_normal_cdf(z), static_cast<double>(expected), {1e-12, 1e-22}));
  }
}

TEST_CASE("property: blind to the order of the points and a shift in time; scaled with the unit of the values") {
  const auto s = star(120, 8, false);
  const FeatureOptions plain{.periodic = false, .transient = false};
  const auto before = features::features(s.view(), plain);
  auto moved = s;
  std::reverse(moved.t.begin(), moved.t.end());
  std::reverse(moved.y.begin(), moved.y.end());
  std::reverse(moved.sigma.begin(), moved.sigma.end());
  const auto turned = features::features(moved.view(), plain);
  CHECK(turned.reason == before.reason);
  for (std::size_t k = 0; k < before.value.size(); ++k) {
    CAPTURE(before.names[k]);
    CHECK((turned.value[k] == before.value[k] || (std::isnan(turned.value[k]) && std::isnan(before.value[k]))));
  }
  auto scaled = s;
  for (double& t : scaled.t) t += 1e4;
  for (double& y : scaled.y) y *= 8.0;
  for (double& e : scaled.sigma) e *= 8.0;
  const auto after = features::features(scaled.view(), {.sets = kLightCurve, .periodic = false, .transient = false});
  for (std::size_t k = 0; k < after.value.size(); ++k) {
    const auto found = std::find(before.names.begin(), before.names.end(), after.names[k]) - before.names.begin();
    const std::string unit = after.units[k];
    if (after.names[k] == "time_mean") continue;
    CAPTURE(after.names[k]);
    const double factor = unit == "y" || unit == "y/t" || unit == "y/t2" ? 8.0 : 1.0;
    // A day in 1e4 keeps 1e-12; slopes of close points lose four digits.
    CHECK(close(after.value[k], factor * before.value[at(found)], {1e-8, 1e-12}));
  }
}

TEST_CASE("periods, harmonics and the random walk") {
  const auto s = data::sinusoid({.n = 250, .period = 3.7, .amplitude = 0.4, .harmonics = {0.25}, .sigma = 0.01}, 2);
  const auto f = all_of(s.view(), {.transient = false});
  for (const auto* name : {"PeriodLS", "periodogram_period_0"}) CHECK(close(f.at(name), 3.7, {0.0, 0.02}));  // a tenth of the peak's width
  CHECK(close(f.at("freq1_freq"), 1.0 / 3.7, {0.0, 2e-4}));
  CHECK(close(f.at("Freq1_harmonics_amplitude_0"), 0.4, {0.0, 0.02}));  // harmonics one by one: each carries a bit of the others
  CHECK(close(f.at("freq1_amplitude1"), 0.4, {0.0, 0.005}));            // 0.01 sqrt(2 / 250) and five times that
  CHECK(close(f.at("freq1_amplitude2"), 0.1, {0.0, 0.005}));
  CHECK(f.at("Period_fit") < 1e-10);
  CHECK(f.at("scatter_res_raw") < 0.1);
  const auto noise = data::white_noise(250, 100.0, 1.0, 3);
  const auto g = all_of(noise.view(), {.transient = false});
  CHECK(g.at("Period_fit") > 1e-4);  // negative control: fails once in 1e4 seeds
  CHECK(g.at("Psi_eta") > 1.0);
  CHECK(f.at("Psi_eta") < 0.2);
}

TEST_CASE("explosions: parameters come back without noise; with noise chi2 is not above that of the truth") {
  std::vector<double> t, y, sigma;
  for (int i = 0; i < 60; ++i) {
    t.push_back(2.0 * i);
    const double d = t.back() - 30.0;
    y.push_back(5.0 + 100.0 * std::exp(-d / 25.0) / (1.0 + std::exp(-d / 4.0)));
    sigma.push_back(1.0);
  }
  const auto f = all_of({t, y, sigma});
  CHECK(close(f.at("bazin_fit_amplitude"), 100.0, {1e-5, 0.0}));
  CHECK(close(f.at("bazin_fit_baseline"), 5.0, {1e-5, 0.0}));
  CHECK(close(f.at("bazin_fit_reference_time"), 30.0, {1e-5, 0.0}));
  CHECK(close(f.at("bazin_fit_rise_time"), 4.0, {1e-5, 0.0}));
  CHECK(close(f.at("bazin_fit_fall_time"), 25.0, {1e-5, 0.0}));
  CHECK(f.at("bazin_fit_reduced_chi2") < 1e-6);
  CHECK(f.at("linexp_fit_reduced_chi2") > 0.1);  // another curve
  Random random(6);
  double truth = 0.0;
  for (double& v : y) {
    const double e = random.normal();
    v += e;
    truth += e * e;
  }
  CHECK(all_of({t, y, sigma}).at("bazin_fit_reduced_chi2") * 55.0 <= truth);
  for (int i = 0; i < 60; ++i) y[i] = 2.0 + 30.0 * (t[i] + 10.0) / 20.0 * std::exp(-(t[i] + 10.0) / 20.0);
  const auto g = all_of({t, y, sigma});
  CHECK(close(g.at("linexp_fit_fall_time"), 20.0, {1e-4, 0.0}));
  CHECK(close(g.at("linexp_fit_reference_time"), -10.0, {1e-4, 0.0}));
  for (int i = 0; i < 60; ++i) {
    const double d = t[i] - 20.0;
    y[i] = 3.0 + 50.0 / (1.0 + std::exp(-d / 3.0)) * (d < 40.0 ? 1.0 - 0.3 * d / 40.0 : 0.7 * std::exp(-(d - 40.0) / 8.0));
  }
  CHECK(all_of({t, y, sigma}).at("villar_fit_reduced_chi2") < 1e-4);
}

TEST_CASE("table, slices, chosen names and resampling do not depend on threads") {
  const auto a = star(80, 1, false), b = star(150, 2, true);
  const SeriesView stars[] = {a.view(), b.view(), a.view()};
  const auto one = feature_table(stars, {.transient = false, .threads = 1}), two = feature_table(stars, {.transient = false, .threads = 2});
  const auto direct = features::features(b.view(), {.transient = false});
  for (std::size_t k = 0; k < direct.value.size(); ++k) {
    const double x = one.value[direct.value.size() + k];
    CHECK((x == direct.value[k] || (std::isnan(x) && std::isnan(direct.value[k]))));
    CHECK((x == two.value[direct.value.size() + k] || std::isnan(x)));
  }
  const FeatureOptions few{.names = {"mean", "skew", "amplitude"}, .bootstrap = 400, .threads = 1};
  const auto f = features::features(a.view(), few);
  CHECK(f.names == few.names);
  CHECK(close(f.error[0], detail::shape_of(a.y).deviation / std::sqrt(80.0), {0.15, 0.0}));  // 4 sigma of 400 resamplings
  Budget budget;
  Job job(budget, features_task(budget, a.view(), few));
  while (!job.step(0.05)) {
  }
  CHECK(job.result().error == f.error);
  FeatureOptions threads = few;
  threads.threads = 2;
  CHECK(features::features(a.view(), threads).error == f.error);
}

TEST_CASE("bands: names, colours, Stetson's indices") {
  data::Series s;
  Random random(5);
  for (int i = 0; i < 100; ++i) {
    const double common = 0.3 * random.normal();
    for (int band = 0; band < 2; ++band) {
      s.t.push_back(i);
      s.y.push_back(15.0 + band + common + 0.02 * random.normal());
      s.sigma.push_back(0.02);
      s.band.push_back(band);
    }
  }
  s.band_names = {"g", "r"};
  const auto f = band_features(s, {.names = {"mean", "amplitude"}});
  std::map<std::string, double> value;
  for (std::size_t k = 0; k < f.names.size(); ++k) value[f.names[k]] = f.value[k];
  CHECK(close(value.at("color_of_mean_g_r"), value.at("mean_g") - value.at("mean_r"), {0.0, 1e-12}));
  CHECK(value.at("StetsonJ_g_r") > 5.0);  // both vary together by 15 errors
  CHECK(close(value.at("color_spread"), 0.5, {0.0, 0.02}));
  CHECK(value.size() == 2 * 2 + 9 + 1);
  s.band_names = {"g", "r", "empty"};
  CHECK(band_features(s, {.names = {"mean"}}).names.size() == 2 + 9 + 1);
}

TEST_CASE("few points, equal values, equal times: a reason, never a crash; wrong input is refused") {
  std::set<std::string> reasons;
  for (int n = 1; n < 9; ++n) {
    for (const bool equal_values : {false, true}) {
      for (const bool equal_times : {false, true}) {
        for (const bool errors : {false, true}) {
          std::vector<double> t, y, sigma;
          for (int i = 0; i < n; ++i) {
            t.push_back(equal_times ? 5.0 : i * i);
            y.push_back(equal_values ? 3.0 : std::sin(i));
            if (errors) sigma.push_back(0.1);
          }
          const auto f = features::features({t, y, sigma});
          for (std::size_t k = 0; k < f.value.size(); ++k) {
            CHECK((std::isfinite(f.value[k]) || f.reason[k] != 0));
            reasons.insert(reason_text(f.reason[k]));
          }
        }
      }
    }
  }
  for (const auto* words : {"too few points", "no errors", "all values equal", "equal times"}) CHECK(reasons.count(words) == 1);
  const std::vector<double> t{0, 1}, y{1, 2}, bad{1, std::nan("")}, zero{0, 1}, none;
  CHECK_THROWS_AS((void)features::features({t, bad, none}), InputError);
  CHECK_THROWS_AS((void)features::features({t, y, zero}), InputError);
  CHECK_THROWS_AS((void)features::features({none, none, none}), InputError);
  CHECK_THROWS_AS((void)features::features({t, y, none}, {.names = {"beauty"}}), InputError);
  CHECK_THROWS_AS((void)features::features({t, y, none}, {.bootstrap = -1}), InputError);
  CHECK_THROWS_AS((void)dmdt_map({t, y, none}, t, none), InputError);
}

TEST_CASE("names are unique, and every one can be computed") {
  std::set<std::string_view> seen;
  const auto s = star(200, 11, false);
  const auto f = features::features(s.view());
  for (const auto& info : registry()) CHECK(seen.insert(info.name).second);
  CHECK(names(kLightCurve).size() + names(kFats).size() + names(kCesium).size() > registry().size());
  for (std::size_t k = 0; k < f.value.size(); ++k) {
    CAPTURE(f.names[k]);
    CHECK(std::isfinite(f.value[k]));
  }
}
