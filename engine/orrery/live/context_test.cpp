#include "orrery/live/context.hpp"

#include <cmath>

#include "support/test.hpp"

using namespace orrery::live;

TEST_CASE("a node is computed once a key, and the few latest are kept") {
  NodeCache cache;
  int calls = 0;
  const Figure figure{.id = "t", .controls = {{.name = "a", .start = 0.5}}};
  const Slots slots;
  orrery::Budget budget;
  const auto ask = [&](double a) {
    const Values values{{"a", a}};
    FrameContext context(figure, values, slots, cache, budget, {});
    return context.node("square", context.key({"a"}), [&] { ++calls; return a * a; });
  };
  CHECK(ask(2.0) == 4.0);
  CHECK(ask(2.0) == 4.0);
  CHECK(calls == 1);
  for (double a = 3.0; a < 7.0; a += 1.0) (void)ask(a);  // four more: the first is forgotten
  CHECK(calls == 5);
  (void)ask(2.0);
  CHECK(calls == 6);
  (void)ask(6.0);
  CHECK(calls == 6);
  CHECK(cache.computed() == 6);
}

TEST_CASE("values are read by kind, and Auto is NaN") {
  NodeCache cache;
  const Figure figure{.id = "t"};
  const Slots slots;
  orrery::Budget budget;
  const Values values{{"a", Auto{}}, {"n", 3.0}, {"on", true}, {"c", std::string("x")}, {"l", std::vector<double>{1, 2}}};
  FrameContext context(figure, values, slots, cache, budget, {});
  CHECK(context.is_auto("a"));
  CHECK(std::isnan(context.number("a")));
  CHECK(context.integer("n") == 3);
  CHECK(context.toggle("on"));
  CHECK(context.choice("c") == "x");
  CHECK(context.list("l").size() == 2);
  CHECK_THROWS((void)context.number("absent"));
}
