#include "orrery/core/error.hpp"

#include <string>

#ifdef __wasi__
extern "C" __attribute__((import_module("orrery"), import_name("fail"))) void orrery_host_fail(
    int kind, const char* where, unsigned long where_size, const char* message, unsigned long message_size);
#endif

namespace orrery {

namespace {

/// On one line, whatever a file or a message put into it.
std::string in_one_line(std::string_view text) {
  std::string line(text);
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return line;
}

}  // namespace

InputError::InputError(ErrorKind kind, std::string_view where, std::string_view message)
    : std::runtime_error(in_one_line(where) + ": " + in_one_line(message)), kind_(kind), where_(in_one_line(where)),
      message_(in_one_line(message)) {}

void fail(ErrorKind kind, std::string_view where, std::string_view message) {
#ifdef __wasi__
  const std::string place = in_one_line(where), words = in_one_line(message);
  orrery_host_fail(static_cast<int>(kind), place.data(), place.size(), words.data(), words.size());
  __builtin_trap();
#else
  throw InputError(kind, where, message);
#endif
}

std::string_view error_kind_name(ErrorKind kind) noexcept {
  switch (kind) {
    case ErrorKind::input: return "input";
    case ErrorKind::io: return "io";
    case ErrorKind::limit: return "limit";
  }
  return "input";
}

}  // namespace orrery
