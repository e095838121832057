"""Data-science methods of astronomy on a C++ engine."""

from ._engine import FrequencyGrid, InputError
from ._live import Control, FigureInfo, Frame, Number, evaluate, figures
from ._lomb_scargle import lomb_scargle
from ._period import Alias, Peak, Periodogram
from ._period_statistic import Smooth, StatisticCurve, StatisticPeak, periodogram, super_smoother
from ._search import PeriodSearch, Rival, find_period
from ._series import Report, Series, embedded, read
from ._transits import BoxPeriodogram, Transit, box_least_squares

__all__ = [
    "Alias",
    "BoxPeriodogram",
    "Control",
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
    "Smooth",
    "StatisticCurve",
    "StatisticPeak",
    "Transit",
    "box_least_squares",
    "embedded",
    "evaluate",
    "figures",
    "find_period",
    "lomb_scargle",
    "periodogram",
    "read",
    "super_smoother",
]
