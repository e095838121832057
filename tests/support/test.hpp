#pragma once
// What every C++ test includes: doctest, and where the real data is.
#include <doctest.h>

#include <filesystem>
#include <string>

#include "orrery/core/close.hpp"

/// Path of a file of the shared data, or empty after a message that says what is skipped.
inline std::string shared_data(const std::string& name) {
  const std::string path = std::string(ORRERY_SHARED_DATA) + "/" + name;
  if (std::filesystem::exists(path)) return path;
  MESSAGE("skipped: shared data file ", name, " is not there");
  return {};
}

/// Leaves the test case when the shared file is absent. Usage: ORRERY_NEED_DATA(path, "rv/CoRoT-7.txt");
#define ORRERY_NEED_DATA(variable, name)            \
  const std::string variable = shared_data(name);   \
  if (variable.empty()) return
