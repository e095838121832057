"""Data-science methods of astronomy on a C++ engine."""

from ._engine import FrequencyGrid, InputError
from ._live import Control, FigureInfo, Frame, Number, evaluate, figures
from ._lomb_scargle import lomb_scargle
from ._period import Alias, Peak, Periodogram
from ._planets import (
    Planet,
    TransitPeriodogram,
    find_planets,
    transit_duration_grid,
    transit_false_alarm_probability,
    transit_least_squares,
    transit_light_curve,
    transit_period_grid,
)
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
    "Planet",
    "Report",
    "Rival",
    "Series",
    "Transit",
    "TransitPeriodogram",
    "box_least_squares",
    "embedded",
    "evaluate",
    "figures",
    "find_period",
    "find_planets",
    "lomb_scargle",
    "read",
    "transit_duration_grid",
    "transit_false_alarm_probability",
    "transit_least_squares",
    "transit_light_curve",
    "transit_period_grid",
]
