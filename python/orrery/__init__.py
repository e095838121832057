"""Data-science methods of astronomy on a C++ engine."""

from ._detrend import Flattened, flatten
from ._engine import FrequencyGrid, InputError
from ._features import FeatureInfo, Features, FeatureTable, dmdt_map, feature_names, features, features_table
from ._live import Control, FigureInfo, Frame, Number, evaluate, figures
from ._lomb_scargle import lomb_scargle
from ._period import Alias, Peak, Periodogram
from ._search import PeriodSearch, Rival, find_period
from ._series import Report, Series, embedded, read
from ._transits import BoxPeriodogram, Transit, box_least_squares

__all__ = [
    "Alias",
    "BoxPeriodogram",
    "Control",
    "FeatureInfo",
    "FeatureTable",
    "Features",
    "FigureInfo",
    "Flattened",
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
    "box_least_squares",
    "dmdt_map",
    "embedded",
    "evaluate",
    "feature_names",
    "features",
    "features_table",
    "figures",
    "find_period",
    "flatten",
    "lomb_scargle",
    "read",
]
