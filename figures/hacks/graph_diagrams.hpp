#pragma once
// Graphical models as data: nodes, arrows, plates, and the same with latent nodes integrated out.
#include <cstdint>
#include <string>
#include <vector>

#include "orrery/core/index.hpp"
#include "orrery/live/frame.hpp"

namespace orrery::figures::hacks {

enum class NodeKind : std::uint8_t { free = 0, observed = 1, fixed = 2 };

struct Node {
  std::string label;
  double x = 0.0, y = 0.0;  ///< place in [0, 1], y down
  NodeKind kind = NodeKind::free;
  bool in_plate = false;    ///< one for every datum
};

/// Directed graph of a hierarchical model with one plate.
struct Diagram {
  std::vector<Node> nodes;
  std::vector<std::int32_t> from, to;
  live::Plate plate;
  std::string density;  ///< the joint density in words of the labels
};

/// Which model is drawn.
enum class GraphModel { line, population, process };

/// The diagram of a model; `marginalised` integrates out the latent nodes (free nodes in the plate, and the function of the process).
[[nodiscard]] Diagram diagram_of(GraphModel model, bool marginalised);

/// The diagram with some nodes integrated out, one after the other: the children of a removed node inherit its parents and become
/// dependent on each other (observed children first). The result can represent every density that the first could.
/// @param removed  positions of nodes whose children are not connected among themselves the other way round
/// @cost O(nodes * edges)
/// @source Shachter 1986, Operations Research 34, 871 (removal of chance nodes)
[[nodiscard]] Diagram without_nodes(const Diagram& diagram, const std::vector<std::int32_t>& removed);

/// Free nodes outside the plate plus those inside, times N: what a sampler has to walk through.
[[nodiscard]] Index unknowns(const Diagram& diagram, Index n);

/// Values at ascending times of a Gaussian process with Matern covariance of order 3/2,
///   k(d) = a^2 (1 + sqrt(3) d / l) exp(-sqrt(3) d / l),
/// drawn exactly through its Markov state (value and slope).
/// @param t       (N,) ascending
/// @param normal  (2N,) standard normal numbers
/// @cost  O(N)
/// @source Hartikainen & Särkkä 2010, IEEE MLSP, 379, eq. 8
[[nodiscard]] std::vector<double> matern_path(const std::vector<double>& t, const std::vector<double>& normal, double amplitude,
                                              double length);

}  // namespace orrery::figures::hacks
