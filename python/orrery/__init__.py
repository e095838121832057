"""Data-science methods of astronomy on a C++ engine."""

from ._engine import FrequencyGrid, InputError
from ._period import Periodogram, lomb_scargle
from ._series import Series

__all__ = ["FrequencyGrid", "InputError", "Periodogram", "Series", "lomb_scargle"]
