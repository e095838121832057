"""Data-science methods of astronomy on a C++ engine."""

from ._engine import FrequencyGrid, InputError
from ._batch import BatchPeriodogram, lomb_scargle_batch
from ._live import Control, FigureInfo, Frame, Number, evaluate, figures
from ._lomb_scargle import lomb_scargle
from ._multiband import MultibandPeriodogram, lomb_scargle_multiband
from ._period import Alias, Peak, Periodogram
from ._search import PeriodSearch, Rival, find_period
from ._series import Report, Series, embedded, read
from ._transits import BoxPeriodogram, Transit, box_least_squares

__all__ = [
    "Alias",
    "BatchPeriodogram",
    "BoxPeriodogram",
    "Control",
    "FigureInfo",
    "Frame",
    "FrequencyGrid",
    "InputError",
    "MultibandPeriodogram",
    "Number",
    "Peak",
    "PeriodSearch",
    "Periodogram",
    "Report",
    "Rival",
    "Series",
    "Transit",
    "box_least_squares",
    "embedded",
    "evaluate",
    "figures",
    "find_period",
    "lomb_scargle",
    "lomb_scargle_batch",
    "lomb_scargle_multiband",
    "read",
]
