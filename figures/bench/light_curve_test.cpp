#include <algorithm>
#include <cmath>
#include <ctime>
#include <map>
#include <numbers>

#include "light_curve_test_support.hpp"
#include "support/live.hpp"

using namespace orrery;
using namespace orrery::bench;
using namespace orrery::bench::testing;

TEST_CASE("the embedded star: published period, all four panels, code with the present settings") {
  const auto frame = live::evaluate(figure());
  check_sound(frame);
  CHECK(std::fabs(shown_period(frame) - 4.191) < 0.002);  // EROS-2 Cepheid
  CHECK(frame.panels.size() == 4);
  for (const char* label : {"period", "power", "false alarm", "amplitude", "χ² / dof", "used"}) CHECK(number(frame, label) != nullptr);
  CHECK(number(frame, "false alarm")->value.find("× 10⁻") != std::string::npos);
  CHECK(!number(frame, "period")->error.empty());
  CHECK(panel(frame, "series").y.reversed.value_or(false));
  CHECK(frame.code.python.find("harmonics=2") != std::string::npos);
  CHECK(frame.code.cpp.find(".harmonics = 2") != std::string::npos);
  CHECK(frame.code.shell.find("orrery periodogram") == 0);
  CHECK(frame.code.shell.find("--harmonics 2") != std::string::npos);
  CHECK(control(frame, "band").choices->size() == 3);
}

TEST_CASE("the period slider recomputes the fold alone, the axis nothing") {
  const live::Figure* const list[] = {&figure()};
  live::Session session(list);
  session.receive(live::testing::up(1, {{"type", "open"}, {"figure", "bench.light_curve"}, {"values", nlohmann::json::object()}}));
  auto said = live::testing::settled(session);
  REQUIRE(!said.empty());
  CHECK(said.back().head["final"] == true);
  Index before = session.nodes_computed();
  CHECK(before == 3);  // rows, search, fold
  const auto moved = [&](std::uint64_t sequence, nlohmann::json values) {
    session.receive(live::testing::up(sequence, {{"type", "set"}, {"values", std::move(values)}}));
    said = live::testing::settled(session);
    REQUIRE(!said.empty());
    CHECK(said.back().type() == "frame");
    const Index more = session.nodes_computed() - before;
    before = session.nodes_computed();
    return more;
  };
  CHECK(moved(2, {{"period", 3.3}}) == 1);
  CHECK(moved(3, {{"period", 3.4}}) == 1);
  CHECK(moved(4, {{"period", 3.4}, {"axis", "frequency"}}) == 0);
  CHECK(moved(5, {{"period", 3.4}, {"bins", 20}}) == 0);
  CHECK(moved(6, {{"period", 3.4}, {"zero_phase", 0.25}}) == 1);
  CHECK(moved(7, {{"oversampling", 8}}) == 2);  // search, fold
  CHECK(moved(8, {{"harmonics", 3}}) == 3);     // rows too: they know how many points suffice
}

TEST_CASE("masked rows leave the fit and stay visible") {
  const auto s = star(80, 3.3, 0.5, 0.05, 1);
  const auto frame = frame_of(s, {{"mask", std::vector<double>{3.0, 7.0, 20.0, 20.0}}});
  check_sound(frame);
  const auto used = rows_of(mark(frame, "series", "obs")), left = rows_of(mark(frame, "series", "left"));
  CHECK(used.size() == 74);
  CHECK(left == std::set<std::int32_t>{3, 4, 5, 6, 7, 20});
  CHECK(rows_of(mark(frame, "fold", "obs")) == used);
  CHECK(number(frame, "used")->value == "74 of 80");
  CHECK(number(frame, "used")->note == "6 masked");
  CHECK(frame.code.cpp.find("keep.begin() + 3, keep.begin() + 8, 0") != std::string::npos);
  // The result is that of a series without those rows.
  std::vector<std::uint8_t> keep(80, 1);
  for (const std::size_t i : {3u, 4u, 5u, 6u, 7u, 20u}) keep[i] = 0;
  CHECK(shown_period(frame) == shown_period(frame_of(data::select_rows(s, keep))));
}

TEST_CASE("bands: one, all, and a name that is not there") {
  data::Series s = star(120, 0.61, 0.4, 0.05, 2);
  s.band_names = {"R", "B"};
  for (Index i = 0; i < s.size(); ++i) {
    s.band.push_back(std::int32_t(i % 2));
    if (i % 2 == 1) s.y[at(i)] += 2.0;
  }
  const auto all = frame_of(s), red = frame_of(s, {{"band", std::string("R")}}), unknown = frame_of(s, {{"band", std::string("Z")}});
  check_sound(all), check_sound(red);
  CHECK(mark(all, "fold", "obs").labels == std::vector<std::string>{"R", "B"});
  CHECK(mark(all, "fold", "obs").find("band") != nullptr);
  CHECK(mark(red, "series", "obs").f64("x").size() == 60);
  CHECK(std::fabs(shown_period(red) - 0.61) < 0.001);
  CHECK(number(red, "used")->note == "60 in other bands");
  CHECK(red.code.python.find("band=\"R\"") != std::string::npos);
  CHECK(same_columns(all, unknown));
  CHECK(std::get<std::string>(*control(unknown, "band").value) == "all");
}

TEST_CASE("long work shows a coarse answer first, and the last frame is that of a cold computation") {
  const auto s = star(40'000, 3.3, 0.5, 0.2, 3, 1000.0);
  const auto slots = slots_with(s);
  const Values values = live::complete_values(figure(), {{"min_period", 0.05}, {"harmonics", 3.0}}, true);
  std::vector<live::Frame> shown;
  live::NodeCache cache;
  Budget budget;
  live::FrameContext context(figure(), values, slots, cache, budget, [&](const live::Frame& f, int) { shown.push_back(f); });
  Job job(budget, figure().frame(context));
  int slices = 1;
  while (!job.step(8.0)) ++slices;
  REQUIRE(shown.size() == 1);
  check_sound(shown[0]);
  CHECK(panel(shown[0], "periodogram").hint->find("coarse") == 0);
  CHECK(std::fabs(shown_period(shown[0]) - 3.3) < 0.01);
  CHECK(slices > 2);
  const auto cold = live::evaluate(figure(), values, slots);
  CHECK(same_columns(context.frame(), cold));
  CHECK(std::fabs(shown_period(cold) - 3.3) < 0.001);
}

TEST_CASE("going back to a state seen before gives the same frame") {
  const auto slots = slots_with(star(100, 3.3, 0.5, 0.05, 4));
  live::NodeCache cache;
  const auto with = [&](const Values& given) {
    const Values values = live::complete_values(figure(), given, true);
    Budget budget;
    live::FrameContext context(figure(), values, slots, cache, budget, {});
    Job job(budget, figure().frame(context));
    job.step();
    return context.frame();
  };
  const auto first = with({});
  (void)with({{"period", 2.0}});
  const auto again = with({});
  CHECK(same_columns(first, again));
  CHECK(same_columns(first, live::evaluate(figure(), {}, slots)));
}

TEST_CASE("bad states are answered in plain words, without a period") {
  std::map<std::string, data::Series> bad;
  bad["too few"] = star(3, 1.0, 0.5, 0.05, 5);
  bad["are equal"] = star(50, 1.0, 0.5, 0.05, 5);
  bad["are equal"].y.assign(50, 12.0);
  bad["same time"] = star(50, 1.0, 0.5, 0.05, 5);
  bad["same time"].t.assign(50, 53000.0);
  bad["is too few"] = star(1, 1.0, 0.5, 0.05, 5);
  for (const auto& [words, series] : bad) {
    CAPTURE(words);
    const auto frame = frame_of(series);
    check_sound(frame);
    CHECK(warned(frame, words));
    CHECK(number(frame, "period") == nullptr);
    CHECK(!control(frame, "period").disabled.empty());
    CHECK(frame.actions.empty());
  }
  const auto masked = frame_of(star(50, 1.0, 0.5, 0.05, 5), {{"mask", std::vector<double>{0.0, 49.0}}});
  check_sound(masked);
  CHECK(warned(masked, "No measurement is left"));
  CHECK(rows_of(mark(masked, "series", "left")).size() == 50);
}

TEST_CASE("warnings: no uncertainties, duplicates, noise, long periods, edges") {
  auto bare = star(100, 3.3, 0.5, 0.05, 6);
  bare.sigma.clear();
  auto frame = frame_of(bare);
  check_sound(frame);
  CHECK(warned(frame, "no uncertainties"));
  CHECK(number(frame, "rms") != nullptr);
  auto twice = star(100, 3.3, 0.5, 0.05, 6);
  twice.t[11] = twice.t[10];
  CHECK(warned(frame_of(twice), "1 measurement stands at the same time"));
  CHECK(warned(frame_of(star(60, 1.0, 0.0, 0.1, 7), {{"harmonics", 1.0}}), "Noise alone"));
  frame = frame_of(star(200, 150.0, 0.5, 0.05, 8), {{"harmonics", 1.0}});
  CHECK(warned(frame, "longer than a third of the baseline"));
  CHECK(!mark(frame, "series", "model").hidden);
  CHECK(warned(frame_of(star(200, 50.0, 0.5, 0.05, 9), {{"harmonics", 1.0}, {"max_period", 45.0}}), "edge of the searched range"));
  frame = frame_of(star(100, 3.3, 0.5, 0.05, 6));
  CHECK(!warned(frame, "Noise alone"));
  CHECK(!warned(frame, "edge"));
}

TEST_CASE("an alias that nightly sampling cannot exclude is named with its remedy") {
  Random random(12);
  data::Series s;
  for (int i = 0; i < 40; ++i) {  // one visit a night, within half an hour of the same sidereal time
    const double t = double(i) / 1.00273790935 + 0.01 * random.normal();
    s.t.push_back(t);
    s.y.push_back(0.3 * std::sin(2.0 * std::numbers::pi * t / 3.3) + 0.05 * random.normal());
    s.sigma.push_back(0.05);
  }
  const auto frame = frame_of(s, {{"harmonics", 1.0}, {"min_period", 0.5}, {"max_period", 20.0}});
  CHECK(warned(frame, "per sidereal day away"));
  CHECK(warned(frame, "hour angles"));
  const auto* next = action(frame, "next alias");
  REQUIRE(next != nullptr);
  const double f = 1.0 / shown_period(frame), alias = 1.0 / std::get<double>(next->value);
  const double apart = std::min(std::fabs(std::fabs(f - alias) - 1.0027), std::fabs(f + alias - 1.0027));
  CHECK(apart < 0.03);  // a peak is 1/40 wide
  // Pressing it again goes on and ends at the best again.
  Values values = {{"harmonics", 1.0}, {"min_period", 0.5}, {"max_period", 20.0}};
  live::Value value = next->value;
  int presses = 0;
  while (std::holds_alternative<double>(value) && presses < 20) {
    values.insert_or_assign("period", value);
    const auto there = frame_of(s, values);
    const auto* following = action(there, "next alias");
    REQUIRE(following != nullptr);
    value = following->value;
    ++presses;
  }
  CHECK(std::holds_alternative<live::Auto>(value));
}

TEST_CASE("unequal minima at the shown half period are told") {
  auto s = star(200, 5.0, 0.0, 0.02, 10);
  for (std::size_t i = 0; i < s.t.size(); ++i) {
    const double phase = 2.0 * std::numbers::pi * s.t[i] / 5.0;
    s.y[i] += 0.2 * std::cos(2.0 * phase) + 0.05 * std::cos(phase);
  }
  const auto frame = frame_of(s, {{"harmonics", 1.0}, {"max_period", 20.0}});
  CHECK(std::fabs(shown_period(frame) - 2.5) < 0.01);
  CHECK(warned(frame, "Twice this period"));
  CHECK(!warned(frame_of(star(200, 2.5, 0.4, 0.02, 10), {{"harmonics", 1.0}, {"max_period", 20.0}}), "Twice this period"));
}

TEST_CASE("actions and snap") {
  const auto s = star(150, 3.3, 0.5, 0.05, 11);
  const auto best = frame_of(s);
  const double period = shown_period(best);
  CHECK(std::holds_alternative<live::Auto>(action(best, "best")->value));
  CHECK(std::get<double>(action(best, "½")->value) == 0.5 * period);
  CHECK(std::get<double>(action(best, "2×")->value) == 2.0 * period);
  CHECK(action(best, "snap") == nullptr);
  const auto off = frame_of(s, {{"period", period * (1.0 + 0.3 * period / 200.0)}});  // a third of a peak's width away
  REQUIRE(action(off, "snap") != nullptr);
  CHECK(close(std::get<double>(action(off, "snap")->value), period, {.rtol = 1e-8}));
  CHECK(number(off, "period")->note.find("best ") == 0);
}

TEST_CASE("clip, zero phase, bins, limits, axes") {
  auto s = star(100, 3.3, 0.5, 0.05, 13);
  for (const std::size_t i : {5u, 33u}) s.y[i] += 2.0;
  const auto clipped = frame_of(s, {{"sigma_clip", 5.0}});
  check_sound(clipped);
  CHECK(rows_of(mark(clipped, "series", "left")) == std::set<std::int32_t>{5, 33});
  CHECK(number(clipped, "used")->note == "2 clipped");
  CHECK(clipped.code.shell.find("--clip 5") != std::string::npos);
  CHECK(rows_of(mark(frame_of(s), "series", "left")).empty());

  // Magnitudes: at phase 0 the model is brightest.
  const auto model = mark(clipped, "fold", "model").f64("y");
  double brightest = HUGE_VAL;
  for (const double m : model) brightest = std::isnan(m) ? brightest : std::min(brightest, m);
  CHECK(close(model[0], brightest, {.atol = 1e-4}));  // phase steps of 1/1000
  const auto turned = frame_of(s, {{"zero_phase", 0.0}, {"bins", 10.0}, {"residuals", std::string("phase")}});
  check_sound(turned);
  CHECK(mark(turned, "fold", "binned").f64("x").size() == 20);
  CHECK(panel(turned, "residuals").x.high == 1.0);

  const auto crossed = frame_of(s, {{"min_period", 10.0}, {"max_period", 2.0}});
  CHECK(*control(crossed, "period").low == 2.0);
  CHECK(*control(crossed, "period").high == 10.0);
  const auto frequency = frame_of(s, {{"axis", std::string("frequency")}});
  CHECK(mark(frequency, "periodogram", "handle").hidden);
  CHECK(!mark(frequency, "periodogram", "peak").hidden);
  for (const auto* f : {&frequency, &clipped}) {
    const auto x = mark(*f, "periodogram", "power").f64("x");
    CHECK(std::is_sorted(x.begin(), x.end()));
  }
  const auto wide = frame_of(s, {{"min_period", 1e-4}});
  CHECK(warned(wide, "narrow peak may be missed"));
  CHECK(mark(wide, "periodogram", "power").f64("x").size() <= 200'000);
}

TEST_CASE("property: any state of the controls gives a sound frame") {
  data::Series s = star(90, 0.61, 0.4, 0.05, 14);
  s.band_names = {"g", "r", "few"};
  for (Index i = 0; i < s.size(); ++i) s.band.push_back(i % 30 == 0 ? 2 : std::int32_t(i % 2));
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    Values values;
    for (const auto& c : figure().controls) {
      if (random.uniform() < 0.5) continue;
      const bool log = c.scale == live::Scale::log;
      const double u = log ? std::exp(random.uniform(std::log(c.low), std::log(c.high))) : random.uniform(c.low, c.high);
      if (c.kind == live::ControlKind::slider || c.kind == live::ControlKind::integer) values[std::string(c.name)] = u;
      if (c.kind == live::ControlKind::toggle) values[std::string(c.name)] = random.uniform() < 0.5;
      if (c.kind == live::ControlKind::rows) values[std::string(c.name)] = std::vector<double>{0.0, std::floor(80.0 * random.uniform())};
    }
    if (random.uniform() < 0.5) values["band"] = s.band_names[at(random.index(3))];
    check_sound(frame_of(s, values));
  }
}

TEST_CASE("probabilities are written as a reader says them, and never as zero") {
  CHECK(probability_text(std::log10(0.5)) == "0.5");
  CHECK(probability_text(std::log10(0.0123)) == "0.012");
  CHECK(probability_text(-22.7) == "2 × 10⁻²³");
  CHECK(probability_text(-4.0) == "1 × 10⁻⁴");
  CHECK(probability_text(-300000.5) == "3 × 10⁻³⁰⁰⁰⁰¹");
  CHECK(probability_text(std::log10(9.97e-6)) == "1 × 10⁻⁵");
}

TEST_CASE("no more digits than the error bears, and the period rounded there") {
  const auto frame = frame_of(star(300, 3.3, 0.5, 0.02, 15));
  const auto* period = number(frame, "period");
  REQUIRE(period != nullptr);
  CHECK(period->value.size() <= 9);
  const double shown = shown_period(frame);
  CHECK(shown == std::round(shown * 1e9) / 1e9);  // the error is some 1e-5 day
  CHECK(close(std::stod(period->value), shown, {.atol = std::stod(period->error)}));
}

TEST_CASE("speed: 3000 points, 20,000 frequencies, 1 to 4 harmonics") {
  const auto s = star(3000, 3.3, 0.5, 0.1, 16, 1000.0);
  for (const double harmonics : {1.0, 2.0, 3.0, 4.0}) {
    double best = HUGE_VAL;
    for (int i = 0; i < 3; ++i) {
      const std::clock_t start = std::clock();
      const auto frame = frame_of(s, {{"harmonics", harmonics}, {"min_period", 0.25}});
      best = std::min(best, 1e3 * double(std::clock() - start) / CLOCKS_PER_SEC);
      CHECK(mark(frame, "periodogram", "power").f64("x").size() > 19'000);
    }
    MESSAGE(harmonics, " harmonics: ", best, " ms of CPU");
#ifdef __OPTIMIZE__
    if (!kSanitized) CHECK(best < 150.0);  // the budget is 30 ms; five times that for a crowded machine
#endif
  }
}
