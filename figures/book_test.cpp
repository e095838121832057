#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>
#include <sstream>

#include "book/star_table.hpp"
#include "figures_test.hpp"
#include "orrery/core/error.hpp"
#include "orrery/stats/robust.hpp"

using namespace orrery;
using namespace orrery::figures::testing;

namespace {

double sum(const std::vector<double>& v) { return std::accumulate(v.begin(), v.end(), 0.0); }

live::Slots stars_from(const std::string& csv, const std::string& name) {
  live::Slots slots;
  const auto& f = figure("book.hess");
  slots.put("stars", live::slot_from_bytes(f.slots[0], csv, name));
  return slots;
}

std::string file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("uniform mean: the midrange follows 1 / sqrt(2 (N+1)(N+2)), the mean 1 / sqrt(12 N)") {
  const auto frame = frame_of("book.uniform_mean", {{"seed", 5.0}});
  const auto n = column(frame, "errors", "middle", "x");
  const auto middle = column(frame, "errors", "middle", "y"), mean = column(frame, "errors", "mean", "y");
  REQUIRE(n.size() == 11);
  for (std::size_t k = 0; k < n.size(); ++k) {
    CAPTURE(n[k]);
    // 1500 replicas: relative error of a root mean square 1.8 % for a Gaussian; the midrange's law is Laplace-like with kurtosis 6:
    // sqrt((6 - 1) / (4 * 1500)) = 2.9 %. Five of them over 22 correlated values, false alarm below 1e-5.
    CHECK(close(mean[k], 1.0 / std::sqrt(12.0 * n[k]), {.rtol = 0.092}));
    CHECK(close(middle[k], 1.0 / std::sqrt(2.0 * (n[k] + 1) * (n[k] + 2)), {.rtol = 0.145}));
  }
  CHECK(middle.front() == mean.front());  // two values: the same estimate
  const double slope = std::log(middle[10] / middle[4]) / std::log(n[10] / n[4]);
  CHECK(close(slope, -1.0, {.atol = 0.04}));
}

TEST_CASE("uniform mean: other parents, and the answer line") {
  const auto uniform = frame_of("book.uniform_mean", {{"points", 100.0}, {"replicas", 4000.0}});
  CHECK(close(number_of(uniform, "error of the midrange"), 1.0 / std::sqrt(2.0 * 101 * 102), {.rtol = 0.09}));
  CHECK(number_of(uniform, "gain") > 3.5);
  CHECK(uniform.warnings.empty());
  const auto gaussian = frame_of("book.uniform_mean", {{"points", 100.0}, {"parent", std::string("Gaussian")}});
  CHECK(number_of(gaussian, "gain") < 0.5);
  CHECK(warns(gaussian, "no edge"));
  // Arcsine: the distance of an extreme from its edge goes as N^-2.
  const auto arcsine = frame_of("book.uniform_mean", {{"parent", std::string("arcsine")}});
  const auto middle = column(arcsine, "errors", "middle", "y");
  CHECK(close(std::log(middle[10] / middle[6]) / std::log(16.0), -2.0, {.atol = 0.1}));
  const auto edges = column(uniform, "estimates", "middle", "edge"), height = column(uniform, "estimates", "middle", "height");
  CHECK(close(sum(height) * (edges[1] - edges[0]), 1.0, {.rtol = 1e-12}));
}

TEST_CASE("bootstrap of a width: error bars agree with theory for the Gaussian, and the jackknife of the quartiles does not settle") {
  // N = 1000: scatter of the bootstrap error of s is 3.5 %, of sigma_G about 10 % (it measures a density); 4 of each.
  const auto frame = frame_of("book.bootstrap_width", {{"points", 1000.0}, {"replicas", 2000.0}});
  const auto& s = number_item(frame, "standard deviation s");
  const auto& g = number_item(frame, "quartile width σ_G");
  CHECK(close(std::stod(s.error), 1.0 / std::sqrt(2000.0), {.rtol = 0.15}));
  CHECK(close(std::stod(g.error), 1.1664 / std::sqrt(1000.0), {.rtol = 0.4}));
  CHECK(std::fabs(std::stod(s.value) - 1.0) < 5.0 * 0.0224);
  const auto value = column(frame, "influence", "s", "x"), influence = column(frame, "influence", "s", "y");
  const double width = std::stod(s.value);
  for (std::size_t i = 0; i < value.size(); i += 37) {
    // (x - m)^2 - s^2 over 2 s, to first order in 1 / N; the mean of the sample is within 0.1 of zero.
    CHECK(close(influence[i], (value[i] * value[i] - width * width) / (2.0 * width), {.rtol = 0.02, .atol = 0.15}));
  }
  Index alarms = 0;
  for (double seed = 0; seed < 12; ++seed) alarms += warns(frame_of("book.bootstrap_width", {{"seed", seed}, {"replicas", 200.0}}), "jackknife");
  CHECK(alarms >= 3);  // the jackknife variance of a quartile is chi-squared_2^2 / 4 times the true one: off by a third more often than not
  const auto heavy = frame_of("book.bootstrap_width", {{"parent", std::string("5 % outliers")}});
  CHECK(close(number_of(heavy, "true σ"), std::sqrt(0.95 + 0.05 * 25), {.rtol = 1e-3}));
  CHECK(warns(heavy, "Gaussian values only"));
}

TEST_CASE("outliers: the mixture recovers the truth, the plain Gaussian does not") {
  Index right = 0, naive_right = 0;
  for (double seed = 0; seed < 20; ++seed) {
    const auto frame = frame_of("book.gauss_outliers", {{"seed", seed}, {"fraction", 0.2}, {"outlier_sigma", 5.0}});
    const auto& width = number_item(frame, "width");
    const auto& naive = number_item(frame, "width without outliers");
    right += std::fabs(std::stod(width.value) - 1.0) < 2.0 * std::stod(width.error);
    naive_right += std::fabs(std::stod(naive.value) - 1.0) < 2.0 * std::stod(naive.error);
  }
  CHECK(right >= 15);  // binomial with 95 %: fewer than 15 of 20 once in 4e4
  CHECK(naive_right == 0);
}

TEST_CASE("outliers: marginals integrate to one, the grid holds the posterior, the engine's choice is said") {
  for (const double n : {10.0, 100.0, 500.0}) {
    for (const double fraction : {0.0, 0.15, 0.4}) {
      CAPTURE(n);
      CAPTURE(fraction);
      const auto frame = frame_of("book.gauss_outliers", {{"points", n}, {"fraction", fraction}});
      for (const char* panel : {"mean", "sigma"}) {
        for (const char* mark : {"naive", "mixture"}) {
          const auto x = column(frame, panel, mark, "x"), y = column(frame, panel, mark, "y");
          double integral = 0.0;
          for (std::size_t i = 0; i + 1 < x.size(); ++i) integral += 0.5 * (x[i + 1] - x[i]) * (y[i] + y[i + 1]);
          CHECK(close(integral, 1.0, {.rtol = 1e-9}));
        }
      }
      // Five errors each way leave less than 2 % at the edge, except where ten values with a wide prior have long tails.
      if (n > 50) CHECK(!warns(frame, "beyond the grid"));
      CHECK(mark_of(frame, "posterior", "mixture").grid->levels.size() == 2);
    }
  }
  const auto frame = frame_of("book.gauss_outliers");
  REQUIRE(frame.controls.size() == 1);
  CHECK(std::get<double>(*frame.controls[0].value) == 4.0);
}

TEST_CASE("Hess diagram: every star is counted once; smoothing keeps the sum; the synthetic stars say that they are") {
  const auto frame = frame_of("book.hess", {{"counts", std::string("linear")}});
  const auto counts = floats(frame, "hess", "counts", "value");
  double total = 0.0;
  for (const float v : counts) total += std::isnan(v) ? 0.0 : v;
  CHECK(total == number_of(frame, "stars") - number_of(frame, "outside"));
  CHECK(number_of(frame, "stars") == 20000.0);
  CHECK(number_item(frame, "stars").note.find("synthetic") != std::string::npos);
  CHECK(frame.panels[0].title->find("synthetic") != std::string::npos);
  CHECK(warns(frame, "synthetic"));
  const auto smooth = floats(frame_of("book.hess", {{"counts", std::string("linear")}, {"smoothing", 1.5}}), "hess", "counts", "value");
  double smoothed = 0.0;
  for (const float v : smooth) smoothed += std::isnan(v) ? 0.0 : v;
  CHECK(close(smoothed, total, {.rtol = 0.04}));  // what leaks over the edges, and cells below 0.02
  // The two ridges of the population.
  const auto table = figures::book::synthetic_stars(20000, 1);
  const auto all = figures::book::quantities_of(table, true);
  CHECK(all[0].name == "g-r");
  const auto gr = figures::book::values_of(table, all[0]);
  Index blue = 0, between = 0, red = 0;
  for (const double v : gr) blue += v > 0.2 && v < 0.4, between += v > 0.95 && v < 1.15, red += v > 1.3 && v < 1.5;
  CHECK(blue > 2 * between);
  CHECK(red > 2 * between);
}

TEST_CASE("Hess diagram on SDSS stars: a torn last line, columns found, counts by brute force") {
  ORRERY_NEED_DATA(path, "sdss/star1000.csv");
  const auto slots = stars_from(file_text(path), "star1000.csv");
  const auto& table = slots.table("stars");
  const auto frame = live::evaluate(figure("book.hess"), {{"counts", std::string("linear")}, {"bins", 20.0}}, slots);
  CHECK(number_of(frame, "stars") + number_of(frame, "missing") == double(table.rows()));
  std::string text = file_text(path);
  CHECK(table.rows() == std::count(text.begin(), text.end(), '\n') - 1);  // all but the header, and but the torn line at the end
  CHECK(number_item(frame, "stars").note == "of star1000.csv");
  CHECK(!warns(frame, "synthetic"));
  const auto& grid = *mark_of(frame, "hess", "counts").grid;
  const auto counts = floats(frame, "hess", "counts", "value");
  const auto &g = table.number("dered_g"), &r = table.number("dered_r");
  for (Index row = 0; row < 20; ++row) {
    for (Index col = 0; col < 20; ++col) {
      const double x0 = grid.x0 + (grid.x1 - grid.x0) * double(col) / 20, x1 = grid.x0 + (grid.x1 - grid.x0) * double(col + 1) / 20;
      const double y0 = grid.y0 + (grid.y1 - grid.y0) * double(row) / 20, y1 = grid.y0 + (grid.y1 - grid.y0) * double(row + 1) / 20;
      Index n = 0;
      for (std::size_t i = 0; i < g.size(); ++i) n += g[i] - r[i] >= x0 && g[i] - r[i] < x1 && r[i] >= y0 && r[i] < y1;
      const float shown = counts[at(row * 20 + col)];
      CHECK((std::isnan(shown) ? 0.0 : double(shown)) == double(n));
    }
  }
  const auto observed = live::evaluate(figure("book.hess"), {{"corrected", false}}, slots);
  std::vector<double> color = table.number("mag_g");
  for (std::size_t i = 0; i < color.size(); ++i) color[i] -= table.number("mag_r")[i];
  CHECK(close(number_of(observed, "median g − r"), stats::median(color), {.rtol = 1e-3}));  // four digits are shown
}

TEST_CASE("Hess diagram on other tables: unknown choices fall back, text alone is refused, gaps are counted") {
  const auto frame = live::evaluate(figure("book.hess"), {}, stars_from("a,b,name\n1,10,x\n2,20,y\n3,,z\n4,40,x\n", "mine.csv"));
  CHECK(number_of(frame, "stars") == 3.0);
  CHECK(number_of(frame, "missing") == 1.0);
  for (const auto& control : frame.controls) {
    if (control.name == "x") CHECK(std::get<std::string>(*control.value) == "a");
    if (control.name == "y") CHECK(std::get<std::string>(*control.value) == "b");
  }
  CHECK_THROWS_AS((void)live::evaluate(figure("book.hess"), {}, stars_from("name,kind\nx,y\nz,w\n", "words.csv")), InputError);
}
