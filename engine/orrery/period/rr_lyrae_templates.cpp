// The published RR Lyrae light curves in a few numbers.
#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdint>

#include "orrery/core/error.hpp"
#include "orrery/period/rr_lyrae.hpp"

namespace orrery::period {
namespace {

constexpr int kHarmonics = 12;
constexpr double kScale = 1e-4;

struct Row {
  char band;
  int number;
  std::int16_t value[2 * kHarmonics];
};
constexpr Row kRows[] = {
#include "orrery/period/rr_lyrae_table.inc"
};

/// u, g, r, i or z.
char letter_of(const std::string& band) {
  const char first = band.empty() ? 'g' : static_cast<char>(std::tolower(static_cast<unsigned char>(band[0])));
  return first == 'u' || first == 'r' || first == 'i' || first == 'z' ? first : 'g';
}

double proportion(char band, bool overtone) {
  switch (band) {
    case 'u': return overtone ? 0.88 : 0.95;
    case 'r': return overtone ? 0.71 : 0.72;
    case 'i': return overtone ? 0.55 : 0.58;
    case 'z': return overtone ? 0.48 : 0.52;
    default: return 1.0;
  }
}

/// Curves of a band and type in the order of their numbers.
std::vector<const NumberedCurve*> curves_of(std::span<const NumberedCurve> curves, char band, bool overtone) {
  std::vector<const NumberedCurve*> out;
  for (const auto& c : curves) {
    if (letter_of(c.band) == band && (c.number < 100) == overtone) out.push_back(&c);
  }
  std::sort(out.begin(), out.end(), [](const auto* a, const auto* b) { return a->number < b->number; });
  return out;
}

PhaseCurve scaled(const PhaseCurve& curve, double factor) {
  PhaseCurve out = curve;
  for (double& v : out.cosine) v *= factor;
  for (double& v : out.sine) v *= factor;
  return out;
}

std::vector<NumberedCurve> built_in() {
  std::vector<NumberedCurve> out;
  for (const Row& row : kRows) {
    PhaseCurve curve;
    for (int k = 0; k < kHarmonics; ++k) {
      curve.cosine.push_back(kScale * row.value[2 * k]);
      curve.sine.push_back(kScale * row.value[2 * k + 1]);
    }
    out.push_back({std::string(1, row.band), row.number, std::move(curve)});
  }
  return out;
}

void add_type(std::span<const NumberedCurve> curves, std::span<const std::string> bands, bool overtone, bool flux,
              const RrLyraeRange& range, std::vector<CurveTemplate>& out) {
  std::vector<const NumberedCurve*> leading;
  for (const char band : {'g', 'u', 'r', 'i', 'z'}) {
    const auto own = curves_of(curves, band, overtone);
    if (own.size() > leading.size()) leading = own;
  }
  for (std::size_t rank = 0; rank < leading.size(); ++rank) {
    // A place among the leading band's curves: 0 the smoothest, 1 the steepest.
    const double part = static_cast<double>(rank) / static_cast<double>(std::max<std::size_t>(1, leading.size() - 1));
    CurveTemplate shape{.name = (overtone ? "c " : "ab ") + std::to_string(leading[rank]->number),
                        .min_period = overtone ? range.c_min : range.ab_min, .max_period = overtone ? range.c_max : range.ab_max};
    for (const auto& name : bands) {
      const char band = letter_of(name);
      const auto own = curves_of(curves, band, overtone);
      if (own.empty()) fail(ErrorKind::input, "ranked_templates", std::string("expected curves of type ") + (overtone ? "c" : "ab") + " in band " + band + ", got none");
      const auto place = static_cast<Index>(std::round(part * static_cast<double>(ssize(own) - 1)));
      shape.bands.push_back(scaled(own[at(place)]->curve, (flux ? -1.0 : 1.0) * proportion(band, overtone)));
    }
    out.push_back(std::move(shape));
  }
}

}  // namespace

std::vector<CurveTemplate> ranked_templates(std::span<const NumberedCurve> curves, std::span<const std::string> bands, bool flux,
                                            const RrLyraeRange& range) {
  if (curves.empty()) fail(ErrorKind::input, "ranked_templates", "expected at least 1 curve, got 0");
  std::vector<CurveTemplate> out;
  add_type(curves, bands, false, flux, range, out);
  add_type(curves, bands, true, flux, range, out);
  return out;
}

std::vector<CurveTemplate> rr_lyrae_templates(std::span<const std::string> bands, bool flux, const RrLyraeRange& range) {
  return ranked_templates(built_in(), bands, flux, range);
}

}  // namespace orrery::period
