"""Data-science methods of astronomy on a C++ engine."""

from ._correlations import (
    Correlation,
    Rotation,
    WaveletMap,
    ZCorrelation,
    autocorrelation,
    cross_correlation,
    rotation_period,
    weighted_wavelet,
    z_autocorrelation,
)
from ._engine import CurveTemplate, FrequencyGrid, InputError
from ._batch import BatchPeriodogram, lomb_scargle_batch
from ._completeness import Completeness, CompletenessControl, Injections, completeness, inject_transit, inject_variable
from ._detrend import Flattened, flatten
from ._features import FeatureInfo, Features, FeatureTable, dmdt_map, feature_names, features, features_table
from ._live import Control, FigureInfo, Frame, Number, evaluate, figures
from ._lomb_scargle import lomb_scargle
from ._multiband import MultibandPeriodogram, lomb_scargle_multiband
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
from ._period_statistic import Smooth, StatisticCurve, StatisticPeak, periodogram, super_smoother
from ._period import Peak, Periodogram, Rival, WindowPeak
from ._prewhiten import Clean, Prewhitening, clean, prewhiten
from ._red_noise import DampedRandomWalk, damped_random_walk
from ._search import PeriodSearch, find_period
from ._series import Report, Series, embedded, read
from ._templates import (
    RrLyrae,
    TemplateFit,
    TemplatePeriodogram,
    find_rr_lyrae,
    read_templates,
    rr_lyrae_templates,
    template_periodogram,
)
from ._transits import BoxPeriodogram, Transit, box_least_squares

__all__ = [
    "BatchPeriodogram",
    "BoxPeriodogram",
    "Clean",
    "Completeness",
    "CompletenessControl",
    "Control",
    "Correlation",
    "CurveTemplate",
    "DampedRandomWalk",
    "FeatureInfo",
    "FeatureTable",
    "Features",
    "FigureInfo",
    "Flattened",
    "Frame",
    "FrequencyGrid",
    "Injections",
    "InputError",
    "MultibandPeriodogram",
    "Number",
    "Peak",
    "PeriodSearch",
    "Periodogram",
    "Planet",
    "Prewhitening",
    "Report",
    "Rival",
    "Rotation",
    "RrLyrae",
    "Series",
    "Smooth",
    "StatisticCurve",
    "StatisticPeak",
    "TemplateFit",
    "TemplatePeriodogram",
    "Transit",
    "TransitPeriodogram",
    "WaveletMap",
    "WindowPeak",
    "ZCorrelation",
    "autocorrelation",
    "box_least_squares",
    "clean",
    "completeness",
    "cross_correlation",
    "damped_random_walk",
    "dmdt_map",
    "embedded",
    "evaluate",
    "feature_names",
    "features",
    "features_table",
    "figures",
    "find_period",
    "find_planets",
    "find_rr_lyrae",
    "flatten",
    "inject_transit",
    "inject_variable",
    "lomb_scargle",
    "lomb_scargle_batch",
    "lomb_scargle_multiband",
    "periodogram",
    "prewhiten",
    "read",
    "read_templates",
    "rotation_period",
    "rr_lyrae_templates",
    "super_smoother",
    "template_periodogram",
    "transit_duration_grid",
    "transit_false_alarm_probability",
    "transit_least_squares",
    "transit_light_curve",
    "transit_period_grid",
    "weighted_wavelet",
    "z_autocorrelation",
]
