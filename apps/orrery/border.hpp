#pragma once
#include <exception>
#include <new>

#include "orrery/core/error.hpp"
#include "orrery/live/session.hpp"

namespace orrery::app {

/// The native border of a session: calls it and turns what it throws into an `error` message, so that the page goes on with
/// what it had. Gives what the call gives, or true (look again) after an error.
template <class Call>
bool guarded(live::Session& session, Call&& call) {
  try {
    return call();
  } catch (const InputError& e) {
    session.report(e.kind(), e.where(), e.message());
  } catch (const std::bad_alloc&) {
    session.report(ErrorKind::limit, "engine", "not enough memory for this input");
  } catch (const std::exception& e) {
    session.report(ErrorKind::input, "engine", e.what());
  }
  return true;
}

}  // namespace orrery::app
