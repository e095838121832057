#pragma once
#include <stdexcept>
#include <string>
#include <string_view>

namespace orrery {

/// What kind of contract was broken; each border of the engine translates it once (exit code, HTTP status, ValueError, EngineError).
enum class ErrorKind {
  input,  ///< an argument or a file's content is not what the function asks for
  io,     ///< a file or connection could not be read or written
  limit,  ///< the work would need more memory, time or rows than allowed
};

/// The one exception the engine throws (natively). `what()` is "where: message", in one line.
class InputError : public std::runtime_error {
 public:
  InputError(ErrorKind kind, std::string_view where, std::string_view message);
  [[nodiscard]] ErrorKind kind() const noexcept { return kind_; }
  [[nodiscard]] const std::string& where() const noexcept { return where_; }
  [[nodiscard]] const std::string& message() const noexcept { return message_; }

 private:
  ErrorKind kind_;
  std::string where_;
  std::string message_;
};

/// Reports a broken contract before any work is done and does not return. Natively it throws InputError; in WebAssembly,
/// where C++ exceptions do not link, it calls the host, which drops the instance and starts a fresh one (docs/adr/0003).
/// @param where    function or file:row:column
/// @param message  what was expected and what was got, in one line
[[noreturn]] void fail(ErrorKind kind, std::string_view where, std::string_view message);

/// Short name of the kind: "input", "io" or "limit".
[[nodiscard]] std::string_view error_kind_name(ErrorKind kind) noexcept;

}  // namespace orrery
