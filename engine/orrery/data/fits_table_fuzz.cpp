// Any bytes as a FITS file: a table and a usable series, or one InputError.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "orrery/core/error.hpp"
#include "orrery/data/fits_table.hpp"

using namespace orrery;
using namespace orrery::data;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  try {
    const Table table = read_fits_table(bytes, "fuzz.fits");
    for (const auto& column : table.columns) {
      if (column.size() != table.rows()) std::abort();
    }
    const auto result = read_fits_series(bytes, "fuzz.fits");
    require_usable(result.series.view(), 2, "fuzz");
  } catch (const InputError& error) {
    if (std::string_view(error.what()).find('\n') != std::string_view::npos) std::abort();
  }
  return 0;
}
