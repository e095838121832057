#include "periodograms.hpp"
