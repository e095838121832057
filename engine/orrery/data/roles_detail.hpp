#pragma once
// Pieces of find_roles: how columns behave, and labels.
#include <string>
#include <string_view>

#include "orrery/data/roles.hpp"

namespace orrery::data::detail {

/// True for the usual names of photometric bands, in their usual case: u g r i z y U B V R I J H K Ks G BP RP W1 ...
[[nodiscard]] bool is_photometric_band(std::string_view text);

/// How the numbers of a sample column behave.
struct Behaviour {
  bool number = false;      ///< a number column with at least one value
  bool constant = false;
  bool whole = false;       ///< all are whole numbers
  bool index = false;       ///< 0 1 2 3 ... or 1 2 3 4 ...
  Index different = 0;      ///< different values, counted up to 13
  double low = 0.0;
  double high = 0.0;
  double median = 0.0;
  double width = 0.0;       ///< half the central 68 %
  double positive = 0.0;    ///< share of values > 0
  double ascending = 0.0;   ///< share of the steps that do not go down

  [[nodiscard]] bool like_jd() const { return number && low >= 2.4e6 && high <= 2.5e6; }
  [[nodiscard]] bool like_mjd() const { return number && low >= 4e4 && high <= 7e4 && !index; }
};

[[nodiscard]] Behaviour behaviour_of(const Column& column);

/// True for numbers that are positive and small against the values or against their scatter: standard errors.
[[nodiscard]] bool like_errors(const Behaviour& error, const Behaviour& value);

/// Roles of a table without a header. @throws InputError
void roles_by_behaviour(Roles& roles, const Table& sample, const std::vector<Behaviour>& behaviour, std::string_view name);

/// Sets quantity, labels and units when the columns are chosen.
void set_labels(Roles& roles, const Table& sample, const std::vector<Behaviour>& behaviour, std::string_view name,
                const RoleOptions& options);

/// "column 3 'mag'" or "column 3".
[[nodiscard]] std::string column_label(const Table& sample, Index column);

}  // namespace orrery::data::detail
