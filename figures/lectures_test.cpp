#include <cmath>

#include "figures_test.hpp"
#include "lectures/aliases.hpp"
#include "orrery/core/random.hpp"
#include "orrery/period/lomb_scargle.hpp"

using namespace orrery;
using namespace orrery::figures;
using namespace orrery::figures::testing;

TEST_CASE("aliases: nightly sampling puts them at whole days, folded at zero") {
  const std::vector<lectures::WindowPeak> peaks = {{1.0, 0.9}, {2.0, 0.7}};
  const auto aliases = lectures::aliases_of(0.3, peaks, 2.0);
  REQUIRE(aliases.size() == 3);
  CHECK(close(aliases[0].frequency, 0.7, {.rtol = 1e-15}));
  CHECK(close(aliases[1].frequency, 1.3, {.rtol = 1e-15}));
  CHECK(close(aliases[2].frequency, 1.7, {.rtol = 1e-15}));
  CHECK(aliases[2].height == 0.7);
}

TEST_CASE("window figure: without noise the periodogram has the foretold peaks") {
  const auto frame = frame_of("lectures.window", {{"noise", 0.0}, {"nights", 30.0}, {"frequency", 0.37}});
  const auto f = column(frame, "periodogram", "power", "x"), power = column(frame, "periodogram", "power", "y");
  const auto ax = column(frame, "periodogram", "aliases", "x"), ay = column(frame, "periodogram", "aliases", "y");
  REQUIRE(ax.size() >= 3);
  const double step = f[1] - f[0];
  for (std::size_t i = 0; i < ax.size(); ++i) {
    double near = 0.0;
    for (std::size_t k = 0; k < f.size(); ++k) {
      if (std::fabs(f[k] - ax[i]) < 3 * step) near = std::max(near, power[k]);
    }
    // The copies of the negative frequency and the sidelobes of the others interfere: a quarter of the height.
    CHECK(std::fabs(near - ay[i]) < 0.25);
  }
  CHECK(number_item(frame, "highest peak").note == "the true one");
  const auto t = column(frame, "times", "obs", "x"), y = column(frame, "times", "obs", "y");
  const std::vector<double> one = {f[40]};
  CHECK(close(period::lomb_scargle({t, y, {}}, one)[0], power[40], {.atol = 1e-9}));
}

TEST_CASE("window figure: regular sampling cannot tell truth from alias, and says so") {
  const auto frame = frame_of("lectures.window", {{"hours", 0.0}, {"jitter", 0.0}, {"noise", 0.1}});
  CHECK(warns(frame, "no amount of data"));
  const auto beyond = frame_of("lectures.window", {{"frequency", 4.3}, {"highest", 2.0}});
  CHECK(warns(beyond, "beyond the searched range"));
}

TEST_CASE("nights: the rate of detection climbs with signal, nights and luck do not replace it") {
  const auto loud = frame_of("lectures.nights", {{"amplitude", 1.0}, {"sigma", 0.1}});
  const auto nights = column(loud, "rate", "rate", "x"), rate = column(loud, "rate", "rate", "y");
  REQUIRE(nights.size() == 10);
  CHECK(rate.back() > 0.95);
  CHECK(number_item(loud, "period found").note == "the true one");
  CHECK(number_item(loud, "false-alarm probability").value.starts_with("10^-"));
  // Noise alone: the right frequency and the level are both met by chance in far less than 1 % of skies; 40 skies at 10 points.
  const auto dark = frame_of("lectures.nights", {{"amplitude", 0.0}});
  for (const double r : column(dark, "rate", "rate", "y")) CHECK(r <= 0.05);
  CHECK(number_item(dark, "nights for 90 %").value == "more than 181");
  const auto usual = column(frame_of("lectures.nights"), "rate", "rate", "y");
  CHECK(usual.front() < 0.3);
  CHECK(usual.back() > 0.9);
}

TEST_CASE("nights: false alarms of pure noise come as often as they are said to") {
  // 300 skies of noise: the lowest 10 % of false-alarm probabilities. Baluev's formula is an upper limit, nearly reached: binomial
  // 30 +- 5.2 at most; above 30 + 4.5 * 5.2 once in 3e5. A level ten times too easy would give hundreds.
  Index alarms = 0;
  const auto& f = figure("lectures.nights");
  live::NodeCache cache;  // keeps the simulated skies, which the seed does not touch
  for (double seed = 0; seed < 300; ++seed) {
    const auto values = live::complete_values(f, {{"amplitude", 0.0}, {"points", 30.0}, {"seed", seed}}, true);
    Budget budget;
    live::Slots none;
    live::FrameContext context(f, values, none, cache, budget, {});
    Job job(budget, f.frame(context));
    job.step();
    (void)job.result();
    const auto& text = number_item(context.frame(), "false-alarm probability").value;
    alarms += text.starts_with("10^") || std::stod(text) < 0.1;
  }
  MESSAGE("below 10 %: ", alarms, " of 300");
  CHECK(alarms <= 53);
  CHECK(alarms >= 6);  // and the formula is not idle: 20 % of the nominal rate
}

TEST_CASE("spots: two on opposite sides trap one sinusoid; the autocorrelation sees the whole turn; equal ones cannot be told") {
  const auto frame = frame_of("stars.spots");
  CHECK(std::fabs(number_of(frame, "autocorrelation") - 12.0) < 0.3);
  CHECK(std::fabs(number_of(frame, "two sinusoids") - 12.0) < 0.3);
  CHECK(std::fabs(number_of(frame, "one sinusoid") - 6.0) < 0.15);
  CHECK(warns(frame, "half the period"));
  const auto lag = column(frame, "correlation", "raw", "x"), value = column(frame, "correlation", "raw", "y");
  // The sum over the points drawn, by hand.
  const auto y = column(frame, "series", "obs", "y");
  double mean = 0.0, zero = 0.0, sum = 0.0;
  for (const double v : y) mean += v / double(y.size());
  for (const double v : y) zero += (v - mean) * (v - mean);
  for (std::size_t i = 0; i + 24 < y.size(); ++i) sum += (y[i] - mean) * (y[i + 24] - mean);
  CHECK(lag[24] == doctest::Approx(6.0));
  CHECK(close(value[24], sum / zero, {.atol = 1e-9}));
  const auto single = frame_of("stars.spots", {{"second", 0.0}});
  CHECK(std::fabs(number_of(single, "autocorrelation") - 12.0) < 0.3);
  CHECK_FALSE(warns(single, "half the period"));
  CHECK(warns(frame_of("stars.spots", {{"lifetime", 5.0}, {"sigma", 20.0}, {"true_period", 40.0}}), "low"));
}

TEST_CASE("alias trap: one visit a night is ambiguous and the truth is on the list; spread visits are not") {
  int on_list = 0;
  for (double seed = 1; seed <= 5; ++seed) {
    const auto trap = frame_of("lectures.alias_trap", {{"seed", seed}, {"jitter", 0.3}});
    CHECK(warns(trap, "which of these periods it is the data cannot say"));
    bool truth = number_item(trap, "best period").note.starts_with("the true one");
    for (const char* rival : {"rival 1", "rival 2", "rival 3", "rival 4"}) {
      for (const auto& item : trap.numbers) truth = truth || (item.label == rival && item.note.find("not excluded: the true one") != std::string::npos);
    }
    on_list += truth;
    const auto free = frame_of("lectures.alias_trap", {{"seed", seed}, {"jitter", 8.0}, {"visits", 4.0}, {"amplitude", 6.0}, {"nights", 100.0}});
    CHECK(number_item(free, "best period").note == "the true one; every rival is excluded");
  }
  CHECK(on_list == 5);
  const auto own = frame_of("lectures.alias_trap", {{"data", std::string("measured")}});
  CHECK(std::fabs(std::stod(number_item(own, "best period").value) - 4.231) < 0.002);
  CHECK(own.code.python.find("51_peg") != std::string::npos);
}

TEST_CASE("alarm calibration: Baluev and bootstrap hold on white noise, only red noise holds on red") {
  // 200 skies at 10 %: 20 +- 4.2; 4.5 sigma either side: 1e-5 by chance, skies are fixed. Naive and, on red noise, Baluev are the controls.
  const auto rate = [](const live::Frame& frame, const char* label) { return std::stod(number_item(frame, label).value); };
  const auto white = frame_of("lectures.alarm_calibration");
  CHECK(std::fabs(rate(white, "Baluev at 10 %") - 10.0) < 9.5);
  CHECK(std::fabs(rate(white, "bootstrap at 10 %") - 10.0) < 9.5);
  CHECK(rate(white, "naive at 10 %") > 15.0);
  const auto red = frame_of("lectures.alarm_calibration", {{"red", 2.0}});
  CHECK(rate(red, "Baluev at 10 %") > 60.0);
  CHECK(rate(red, "red noise at 10 %") < 19.5);
  CHECK(warns(red, "Only the red-noise null holds"));
}

TEST_CASE("eaten: a wide window keeps the transit, a short one eats it unless it is masked") {
  const auto kept = [](const live::Values& values) { return std::stod(number_item(frame_of("trends.eaten", values), "depth left").value); };
  CHECK(kept({{"window", 1.0}, {"spots", 0.2}}) > 95.0);
  CHECK(kept({{"window", 0.2}}) < 20.0);
  CHECK(kept({{"window", 0.6}, {"mask", true}}) > 97.0);
  // A star that turns faster changes within the window as much as the transit is deep: a long window does not help.
  CHECK(kept({{"window", 1.5}, {"rotation", 4.0}, {"spots", 2.0}}) < 80.0);
  CHECK(warns(frame_of("trends.eaten", {{"window", 1.5}, {"rotation", 4.0}, {"spots", 2.0}}), "Mask the transits"));
  CHECK(warns(frame_of("trends.eaten", {{"window", 0.2}}), "eaten"));
  const auto curve = column(frame_of("trends.eaten"), "curve", "kept", "y");
  REQUIRE(curve.size() == 19);
  CHECK(curve.front() < 0.2);
}
