"""Data-science methods of astronomy on a C++ engine."""

from ._engine import FrequencyGrid, InputError
from ._series import Series

__all__ = ["FrequencyGrid", "InputError", "Series"]
