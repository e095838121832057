// The published RR Lyrae light curves in a few numbers.
#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdint>

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

PhaseCurve curve_of(const Row& row, double factor) {
  PhaseCurve curve;
  for (int k = 0; k < kHarmonics; ++k) {
    curve.cosine.push_back(factor * kScale * row.value[2 * k]);
    curve.sine.push_back(factor * kScale * row.value[2 * k + 1]);
  }
  return curve;
}

/// The band's shape whose rank among the band's is nearest to a part of all (0: smoothest, 1: steepest).
PhaseCurve ranked(char band, bool overtone, double part, double sign) {
  std::vector<const Row*> rows;
  for (const Row& row : kRows) {
    if (row.band == band && (row.number < 100) == overtone) rows.push_back(&row);
  }
  const auto place = static_cast<Index>(std::round(part * static_cast<double>(ssize(rows) - 1)));
  return curve_of(*rows[at(place)], sign * proportion(band, overtone));
}

}  // namespace

std::vector<CurveTemplate> rr_lyrae_templates(std::span<const std::string> bands, bool flux, const RrLyraeRange& range) {
  constexpr int kFundamental = 21, kOvertone = 2;
  std::vector<CurveTemplate> out;
  for (int i = 0; i < kFundamental + kOvertone; ++i) {
    const bool overtone = i >= kFundamental;
    const int number = overtone ? i - kFundamental : i;
    const double part = static_cast<double>(number) / static_cast<double>((overtone ? kOvertone : kFundamental) - 1);
    CurveTemplate shape{.name = overtone ? "c " + std::to_string(number) : "ab " + std::to_string(100 + number),
                        .min_period = overtone ? range.c_min : range.ab_min, .max_period = overtone ? range.c_max : range.ab_max};
    for (const auto& band : bands) shape.bands.push_back(ranked(letter_of(band), overtone, part, flux ? -1.0 : 1.0));
    out.push_back(std::move(shape));
  }
  return out;
}

}  // namespace orrery::period
