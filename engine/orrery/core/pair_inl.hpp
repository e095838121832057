// Sums of two numbers at once, for Highway's per-target passes: included by sources that use foreach_target.
#if defined(ORRERY_CORE_PAIR_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef ORRERY_CORE_PAIR_INL
#undef ORRERY_CORE_PAIR_INL
#else
#define ORRERY_CORE_PAIR_INL
#endif

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace orrery {
namespace HWY_NAMESPACE {

/// sums[0] += pair[0], sums[1] += pair[1]: value and weight of a point to those of its bin, in one go.
HWY_INLINE void add_pair(const double* pair, double* sums) {
#if HWY_TARGET == HWY_SCALAR
  sums[0] += pair[0];
  sums[1] += pair[1];
#else
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::FixedTag<double, 2> d;
  hn::StoreU(hn::Add(hn::LoadU(d, sums), hn::LoadU(d, pair)), d, sums);
#endif
}

}  // namespace HWY_NAMESPACE
}  // namespace orrery
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
