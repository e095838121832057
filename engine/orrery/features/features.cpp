#include "orrery/features/features.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "orrery/core/error.hpp"
#include "orrery/core/parallel.hpp"
#include "orrery/core/random.hpp"
#include "orrery/core/text.hpp"
#include "orrery/features/features_detail.hpp"

namespace orrery::features {
namespace {

using detail::Star;

constexpr const char* kWhere = "features";
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// The features asked for, and the groups that make them.
struct Plan {
  std::vector<const FeatureInfo*> features;
  std::vector<int> groups;
};

Plan plan_of(const FeatureOptions& options) {
  if (options.bootstrap < 0 || options.bootstrap > 1000000) {
    fail(ErrorKind::input, kWhere, "expected bootstrap between 0 and 1000000, got " + std::to_string(options.bootstrap));
  }
  Plan plan;
  if (options.names.empty()) {
    for (const auto& f : registry()) {
      const bool skipped = (!options.periodic && detail::is_periodic(f.group)) || (!options.transient && detail::is_transient(f.group));
      if ((f.sets & options.sets) != 0 && !skipped) plan.features.push_back(&f);
    }
  }
  std::unordered_map<std::string_view, const FeatureInfo*> by_name;
  if (!options.names.empty()) {
    for (const auto& f : registry()) by_name[f.name] = &f;
  }
  for (const auto& name : options.names) {
    const auto found = by_name.find(name);
    if (found == by_name.end()) {
      fail(ErrorKind::input, kWhere, "expected the name of a feature, got '" + name + "' (names() lists the " +
                                         std::to_string(registry().size()) + " of one band)");
    }
    plan.features.push_back(found->second);
  }
  for (const auto* f : plan.features) {
    if (std::find(plan.groups.begin(), plan.groups.end(), f->group) == plan.groups.end()) plan.groups.push_back(f->group);
  }
  return plan;
}

/// Values and reasons (F,) of one star. Groups are computed one by one: `pause` is called after each.
class Evaluation {
 public:
  Evaluation(const Plan& plan, const SeriesView& series)
      : plan_(plan), star_(series), value(plan.features.size(), kNaN), reason(plan.features.size(), 0) {}

  void run_group(int id) {
    const auto needed = [&](const FeatureInfo& f) -> std::uint32_t {
      return (star_.n() < f.min_points ? kTooFewPoints : 0u) | (f.needs_errors && !star_.has_errors() ? kNoErrors : 0u);
    };
    std::uint32_t best = ~0u;  // some feature of the group can be computed when this becomes 0
    for (const auto* f : plan_.features) {
      if (f->group == id) best = std::min(best, needed(*f));
    }
    double made[32];
    std::fill(std::begin(made), std::end(made), kNaN);
    star_.reason = 0;
    if (best == 0) detail::group(id).compute(star_, made);
    for (std::size_t k = 0; k < plan_.features.size(); ++k) {
      const FeatureInfo& f = *plan_.features[k];
      if (f.group != id) continue;
      reason[k] = needed(f);
      if (reason[k] != 0) continue;
      const double v = made[f.place];
      reason[k] = star_.reason;
      if (std::isfinite(v)) {
        value[k] = v;
        reason[k] &= kNotConverged;
      } else if ((reason[k] & ~std::uint32_t(kNotConverged)) == 0) {
        reason[k] |= star_.base.high == star_.base.low ? kNoVariation : kUndefined;
      }
    }
  }
  void run_all() {
    for (const int id : plan_.groups) run_group(id);
  }

 private:
  const Plan& plan_;
  Star star_;

 public:
  std::vector<double> value;
  std::vector<std::uint32_t> reason;
};

/// Resampling r: N points drawn with replacement, in order of time.
struct Sample {
  std::vector<double> t, y, sigma;
  Sample(const SeriesView& s, std::uint64_t seed, Index r) {
    Random random(seed, static_cast<std::uint64_t>(r));
    const Index n = s.size();
    for (Index i = 0; i < n; ++i) {
      const std::size_t k = at(random.index(n));
      t.push_back(s.t[k]);
      y.push_back(s.y[k]);
      if (!s.sigma.empty()) sigma.push_back(s.sigma[k]);
    }
  }
  [[nodiscard]] SeriesView view() const { return {t, y, sigma}; }
};

/// Standard deviation of each column over the rows that have a number there; NaN with fewer than two.
std::vector<double> spread_of(std::span<const double> rows, std::size_t columns) {
  std::vector<double> out(columns, kNaN);
  for (std::size_t c = 0; c < columns; ++c) {
    double count = 0.0, mean = 0.0, squares = 0.0;  // Welford
    for (std::size_t i = c; i < rows.size(); i += columns) {
      if (std::isnan(rows[i])) continue;
      const double d = rows[i] - mean;
      mean += d / ++count;
      squares += d * (rows[i] - mean);
    }
    if (count > 1.0) out[c] = std::sqrt(squares / (count - 1.0));
  }
  return out;
}

FeatureValues result_of(const Plan& plan, Evaluation&& made, std::vector<double>&& error) {
  FeatureValues out{.value = std::move(made.value), .error = std::move(error), .reason = std::move(made.reason)};
  for (const auto* f : plan.features) {
    out.names.emplace_back(f->name);
    out.units.emplace_back(f->unit);
  }
  return out;
}

}  // namespace

FeatureValues features(const SeriesView& series, const FeatureOptions& options) {
  const Plan plan = plan_of(options);
  require_usable(series, 1, kWhere);
  Evaluation whole(plan, series);
  whole.run_all();
  const std::size_t columns = plan.features.size();
  std::vector<double> error;
  if (options.bootstrap > 0) {
    std::vector<double> rows(at(options.bootstrap) * columns);
    parallel_for(options.bootstrap, 1, [&](Index first, Index last) {
      for (Index r = first; r < last; ++r) {
        const Sample sample(series, options.seed, r);
        Evaluation one(plan, sample.view());
        one.run_all();
        std::copy(one.value.begin(), one.value.end(), rows.begin() + r * static_cast<Index>(columns));
      }
    }, options.threads);
    error = spread_of(rows, columns);
  }
  return result_of(plan, std::move(whole), std::move(error));
}

Task<FeatureValues> features_task(Budget& budget, SeriesView series, FeatureOptions options) {
  const Plan plan = plan_of(options);
  require_usable(series, 1, kWhere);
  Evaluation whole(plan, series);
  const double steps = static_cast<double>(options.bootstrap + 1) * static_cast<double>(plan.groups.size());
  double done = 0.0;
  for (const int id : plan.groups) {
    budget.progress(done++ / steps, "features");
    whole.run_group(id);
    co_await budget.pause();
  }
  const std::size_t columns = plan.features.size();
  std::vector<double> error;
  if (options.bootstrap > 0) {
    std::vector<double> rows(at(options.bootstrap) * columns);
    for (Index r = 0; r < options.bootstrap; ++r) {
      const Sample sample(series, options.seed, r);
      Evaluation one(plan, sample.view());
      for (const int id : plan.groups) {
        budget.progress(done++ / steps, "resampling");
        one.run_group(id);
        co_await budget.pause();
      }
      std::copy(one.value.begin(), one.value.end(), rows.begin() + r * static_cast<Index>(columns));
    }
    error = spread_of(rows, columns);
  }
  co_return result_of(plan, std::move(whole), std::move(error));
}

FeatureTable feature_table(std::span<const SeriesView> stars, const FeatureOptions& options) {
  const Plan plan = plan_of(options);
  for (std::size_t i = 0; i < stars.size(); ++i) require_usable(stars[i], 1, ("feature_table: star " + std::to_string(i)).c_str());
  FeatureTable out{.rows = ssize(stars)};
  for (const auto* f : plan.features) {
    out.names.emplace_back(f->name);
    out.units.emplace_back(f->unit);
  }
  const std::size_t columns = plan.features.size();
  out.value.resize(stars.size() * columns);
  out.reason.resize(stars.size() * columns);
  parallel_for(out.rows, 4, [&](Index first, Index last) {
    for (Index i = first; i < last; ++i) {
      Evaluation one(plan, stars[at(i)]);
      one.run_all();
      std::copy(one.value.begin(), one.value.end(), out.value.begin() + i * static_cast<Index>(columns));
      std::copy(one.reason.begin(), one.reason.end(), out.reason.begin() + i * static_cast<Index>(columns));
    }
  }, options.threads);
  return out;
}

std::vector<double> dmdt_map(const SeriesView& series, std::span<const double> dt_edge, std::span<const double> dy_edge) {
  require_usable(series, 1, "dmdt_map");
  const auto ascending = [](std::span<const double> e) {
    return e.size() > 1 && std::adjacent_find(e.begin(), e.end(), [](double a, double b) { return !(a < b); }) == e.end();
  };
  if (!ascending(dt_edge) || !ascending(dy_edge) || !(dt_edge[0] >= 0.0)) {
    fail(ErrorKind::input, "dmdt_map", "expected two or more ascending edges for both axes, those of time from 0 on");
  }
  const Star star(series);
  const std::size_t a = dt_edge.size() - 1, b = dy_edge.size() - 1;
  std::vector<double> count(a * b, 0.0);
  for (std::size_t i = 0; i < star.t.size(); ++i) {
    for (std::size_t j = i + 1; j < star.t.size(); ++j) {
      const double dt = star.t[j] - star.t[i], dy = star.y[j] - star.y[i];
      if (dt >= dt_edge[a]) break;
      if (dt < dt_edge[0] || dy < dy_edge[0] || dy >= dy_edge[b]) continue;
      const auto row = std::upper_bound(dt_edge.begin(), dt_edge.end(), dt) - dt_edge.begin() - 1;
      const auto col = std::upper_bound(dy_edge.begin(), dy_edge.end(), dy) - dy_edge.begin() - 1;
      count[at(row) * b + at(col)] += 1.0;
    }
  }
  return count;
}

std::string reason_text(std::uint32_t reason) {
  static constexpr std::pair<std::uint32_t, std::string_view> kWords[] = {
      {kTooFewPoints, "too few points"}, {kNoErrors, "no errors"}, {kNoVariation, "all values equal"}, {kEqualTimes, "equal times"},
      {kNotConverged, "fit did not settle"}, {kUndefined, "not defined"}, {kNoPartner, "no points at one time in both bands"}};
  std::string text;
  for (const auto& [bit, words] : kWords) {
    if ((reason & bit) == 0) continue;
    if (!text.empty()) text += ", ";
    text += words;
  }
  return text;
}

}  // namespace orrery::features
