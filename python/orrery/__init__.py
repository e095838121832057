"""Data-science methods of astronomy on a C++ engine."""

from ._engine import FrequencyGrid, InputError
from ._live import Control, FigureInfo, Frame, Number, evaluate, figures
from ._lomb_scargle import lomb_scargle
from ._period import Peak, Periodogram, Rival, WindowPeak
from ._red_noise import DampedRandomWalk, damped_random_walk
from ._search import PeriodSearch, find_period
from ._series import Report, Series, embedded, read
from ._transits import BoxPeriodogram, Transit, box_least_squares

__all__ = [
    "BoxPeriodogram",
    "Control",
    "DampedRandomWalk",
    "FigureInfo",
    "Frame",
    "FrequencyGrid",
    "InputError",
    "Number",
    "Peak",
    "PeriodSearch",
    "Periodogram",
    "Report",
    "Rival",
    "Series",
    "Transit",
    "WindowPeak",
    "box_least_squares",
    "damped_random_walk",
    "embedded",
    "evaluate",
    "figures",
    "find_period",
    "lomb_scargle",
    "read",
]
