#pragma once
#include <string>
#include <string_view>

#include "orrery/core/index.hpp"

namespace orrery {

/// Shortest decimal text that reads back to the same double ("0.1", "2457000.123"); "nan", "inf", "-inf" otherwise.
[[nodiscard]] std::string number_text(double value);

/// Text with a number of significant digits, trailing zeros dropped ("1.31", "2e-23").
[[nodiscard]] std::string number_text(double value, int significant_digits);

/// Value rounded where its error says: two significant digits of the error ("0.641754", "0.0000031" -> digits after the point
/// chosen by the error), but at most most_digits significant ones: a noiseless series has an error of rounding, which is no knowledge.
/// An error that is not finite or <= 0 leaves 6 significant digits. Times on the scale of Julian dates may ask for 15.
[[nodiscard]] std::string value_text(double value, double error, int most_digits = 10);

/// The error alone, two significant digits, in the same plain notation as value_text; below 1e-9 as "3.1e-15".
[[nodiscard]] std::string error_text(double error);

/// Value and error for one line: "0.641754 +- 0.000031", "3.1 (error not known)" where it is not finite or not above 0,
/// "3.100000000 (exact to rounding)" where it says only that the data have no noise.
[[nodiscard]] std::string measured_text(double value, double error);

/// Value rounded to 10 significant digits: what a frame's head carries, so that native and wasm heads are the same bytes.
[[nodiscard]] double head_number(double value);

/// "1 point", "2 points".
[[nodiscard]] std::string plural(Index count, std::string_view noun);

}  // namespace orrery
