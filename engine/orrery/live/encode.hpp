#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "orrery/live/frame.hpp"
#include "orrery/live/raster.hpp"
#include "orrery/live/slots.hpp"

namespace orrery::live {

/// Size and zoom of a panel on the page: the plotting area in CSS pixels, device pixels per CSS pixel, zoomed ranges.
struct PanelView {
  double width = 600.0;
  double height = 300.0;
  double ratio = 1.0;
  std::optional<Extent> x, y;
};

struct Views {
  std::map<std::string, PanelView, std::less<>> panels;
  Palette palette;
  std::uint64_t sequence = 0;  ///< of the message that said them
};

/// More points than this are also sent as a picture (docs/guide/protocol.md).
inline constexpr Index kRasterFrom = 3000;

/// Turns frames into messages: decimates lines and bands to the view, rasterises dense points, leaves out what has not
/// changed since the last message, and fills in the general code.
class FrameEncoder {
 public:
  [[nodiscard]] std::vector<std::byte> encode(const Figure& figure, const Frame& frame, const Values& values, const Slots& slots,
                                              const Views& views, std::uint64_t sequence, int level, bool final);
  /// The page knows nothing (it opened a figure): the next message carries every column.
  void forget() { sent_.clear(); }

 private:
  std::map<std::string, std::vector<std::byte>, std::less<>> sent_;
};

}  // namespace orrery::live
