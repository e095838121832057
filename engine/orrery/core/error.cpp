#include "orrery/core/error.hpp"

#ifdef __wasi__
extern "C" __attribute__((import_module("orrery"), import_name("fail"))) void orrery_host_fail(
    int kind, const char* where, unsigned long where_size, const char* message, unsigned long message_size);
#endif

namespace orrery {

InputError::InputError(ErrorKind kind, std::string_view where, std::string_view message)
    : std::runtime_error(std::string(where) + ": " + std::string(message)), kind_(kind), where_(where), message_(message) {}

void fail(ErrorKind kind, std::string_view where, std::string_view message) {
#ifdef __wasi__
  orrery_host_fail(static_cast<int>(kind), where.data(), where.size(), message.data(), message.size());
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
