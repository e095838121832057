#pragma once
// What every C++ test includes: doctest, and where the real data is.
#include <doctest.h>

#include <filesystem>
#include <string>

#include "orrery/core/close.hpp"
#include "support/paths.hpp"

/// Under the sanitizers limits of time and memory say nothing.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#elif defined(__has_feature)
inline constexpr bool kSanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
inline constexpr bool kSanitized = false;
#endif

/// Path of a file of the shared data, or empty after a message that says what is skipped.
inline std::string shared_data(const std::string& name) {
  const std::string path = orrery::testing::shared_data() + "/" + name;
  if (std::filesystem::exists(path)) return path;
  MESSAGE("skipped: shared data file ", name, " is not there");
  return {};
}

/// Leaves the test case when the shared file is absent. Usage: ORRERY_NEED_DATA(path, "rv/CoRoT-7.txt");
#define ORRERY_NEED_DATA(variable, name)            \
  const std::string variable = shared_data(name);   \
  if (variable.empty()) return
