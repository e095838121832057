#include "orrery/period/red_noise.hpp"
#include "support/test.hpp"
