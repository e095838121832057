#pragma once
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace orrery::live {

/// "The engine chooses": what a control carries until the user moves it, where its figure allows that.
struct Auto {
  friend bool operator==(Auto, Auto) { return true; }
};

/// Value of a control: a number, a switch, a choice, or a list (range, point on the plot, rows).
using Value = std::variant<Auto, double, bool, std::string, std::vector<double>>;

/// All control values of a figure, by control name; the state of a figure is this and the content of its slots.
using Values = std::map<std::string, Value, std::less<>>;

/// The value as JSON text, as the live protocol carries it: null for Auto and for a number that is not finite. @cost O(length)
[[nodiscard]] std::string value_text(const Value& value);

/// Bytes that name a cached result: everything the result depends on is appended, and equal bytes mean an equal result.
class Key {
 public:
  Key& add(double value);
  Key& add(std::string_view text);
  Key& add(const std::vector<double>& values);
  Key& add_value(const Value& value);
  Key& add(const Key& other) { return add(std::string_view(other.bytes_)); }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }
  friend bool operator==(const Key&, const Key&) = default;

 private:
  std::string bytes_;
};

}  // namespace orrery::live
