#include "orrery/transit/transit_least_squares.hpp"
#include "support/test.hpp"
