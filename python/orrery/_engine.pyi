"""
The engine as it is: strict arguments, arrays without copies. The public names are in the package orrery.
"""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

import numpy
from numpy.typing import NDArray


class InputError(ValueError):
    """
    An argument or a file is not what was asked for: one line that says where, what was expected and what was got. `kind` is 'input', 'io' or 'limit'; `where` names the function or file:row:column.
    """

def hardware_threads() -> int:
    """Number of threads that threads=0 stands for."""

def value_text(value: float, error: float) -> str:
    """The value with two significant digits of its error."""

def error_text(error: float) -> str:
    """The error with two significant digits."""

def address(column: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)]) -> int:
    """
    Where the engine sees a column: the same address as numpy's when it was not copied.
    """

class Series:
    """
    Times, values, uncertainties and bands, owned by the engine and never changed.
    """

    def __len__(self) -> int: ...

    @property
    def t(self) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', writable=False)]:
        """Times (N,) [day]."""

    @property
    def y(self) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', writable=False)]:
        """Values (N,)."""

    @property
    def sigma(self) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', writable=False)]:
        """Standard errors (N,), or (0,) when there are none."""

    @property
    def band(self) -> Annotated[NDArray[numpy.int32], dict(shape=(None,), order='C', writable=False)]:
        """
        Position of each point's band in band_names (N,), or (0,) when there is one band.
        """

    @property
    def band_names(self) -> list[str]: ...

    @property
    def name(self) -> str: ...

    @property
    def time_label(self) -> str: ...

    @property
    def time_unit(self) -> str: ...

    @property
    def y_label(self) -> str: ...

    @property
    def y_unit(self) -> str: ...

    @property
    def quantity(self) -> str: ...

    def select_band(self, band: int) -> Series: ...

def series(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sigma: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, band: Annotated[NDArray[numpy.int32], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, band_names: Sequence[str], name: str, y_unit: str, quantity: str) -> Series:
    """
    A series from columns, which are copied. Refuses what is not finite and sigma <= 0.
    """

def read(path: str, time: str | None, value: str | None, error: str | None, band: str | None, quantity: str | None, time_offset: float, error_scale: float, keep_flagged: bool, progress: Callable[[float, str], object] | None) -> tuple[Series, dict[str, Any]]:
    """A series and the report from a file, streamed."""

def embedded_sets() -> list[tuple[str, str]]:
    """Id and title of every embedded set."""

def embedded(id: str) -> tuple[Series, dict[str, Any]]:
    """A series and the report from an embedded set."""

class FrequencyGrid:
    """
    Regular grid of trial frequencies: first + step * k, k = 0 ... count - 1 [1/day].
    """

    def __init__(self, first: float, step: float, count: int) -> None: ...

    @property
    def first(self) -> float:
        """Lowest frequency [1/day]."""

    @property
    def step(self) -> float:
        """Distance of two frequencies [1/day]."""

    @property
    def count(self) -> int:
        """Number of frequencies."""

    @property
    def last(self) -> float:
        """Highest frequency [1/day]."""

    def values(self) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C')]:
        """All frequencies (count,) [1/day]."""

    def __repr__(self) -> str: ...

    def __len__(self) -> int: ...

    def __eq__(self, arg: FrequencyGrid, /) -> bool: ...

def frequency_grid(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], min_frequency: float | None, max_frequency: float | None, oversampling: float, nyquist_factor: float) -> FrequencyGrid:
    """
    Grid with `oversampling` points across a peak, from half a step to nyquist_factor times N / (2 T).
    """

def normalized_power(p: float, normalization: str, chi2_0: float) -> float:
    """A standard power in another normalisation."""

def lomb_scargle(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sigma: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, frequency: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], harmonics: int, fit_mean: bool, normalization: str, threads: int, center_data: bool = True) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C')]:
    """Power (F,) by direct sums at any frequencies."""

def lomb_scargle_fast(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sigma: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, grid: FrequencyGrid, harmonics: int, fit_mean: bool, normalization: str, threads: int, center_data: bool = True, always_transform: bool = False) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C')]:
    """Power (F,) on a regular grid by a non-uniform fast Fourier transform."""

class FlexiblePart:
    """constant + sum_k sine[k-1] sin(k phase) + cosine[k-1] cos(k phase)."""

    @property
    def constant(self) -> float: ...

    @property
    def sine(self) -> list[float]: ...

    @property
    def cosine(self) -> list[float]: ...

class FlexibleFit:
    """The flexible multiband model at one frequency."""

    @property
    def frequency(self) -> float:
        """[1/day]"""

    @property
    def epoch(self) -> float:
        """[day] phase 0, the same for all bands."""

    @property
    def shared(self) -> FlexiblePart:
        """What all bands share."""

    @property
    def bands(self) -> list[FlexiblePart]:
        """Each band's own part."""

    @property
    def mean(self) -> list[float]:
        """What was subtracted from each band first."""

    @property
    def chi2(self) -> float: ...

    @property
    def chi2_0(self) -> float:
        """chi2 without a period."""

    @property
    def penalty(self) -> float:
        """What the regularisation adds to chi2."""

    @property
    def power(self) -> float:
        """1 - (chi2 + penalty) / chi2_0."""

    def values(self, band: int, t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)]) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C')]:
        """The model of a band (its position) at times t (M,) [day]."""

def multiband_flexible(t: Sequence[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)]], y: Sequence[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)]], sigma: Sequence[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None], grid: FrequencyGrid, base_harmonics: int, band_harmonics: int, base_regularization: float | None, band_regularization: float | None, regularize_by_trace: bool, center_data: bool, normalization: str, threads: int) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C')]:
    """
    Power (F,) of the flexible model on a regular grid; t, y and sigma are lists with one column a band.
    """

def multiband_flexible_exact(t: Sequence[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)]], y: Sequence[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)]], sigma: Sequence[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None], frequency: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], base_harmonics: int, band_harmonics: int, base_regularization: float | None, band_regularization: float | None, regularize_by_trace: bool, center_data: bool, normalization: str, threads: int) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C')]:
    """The same by direct sums at any frequencies."""

def flexible_fit(t: Sequence[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)]], y: Sequence[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)]], sigma: Sequence[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None], frequency: float, base_harmonics: int, band_harmonics: int, base_regularization: float | None, band_regularization: float | None, regularize_by_trace: bool, center_data: bool) -> FlexibleFit:
    """The model at one frequency."""

def refine_flexible(t: Sequence[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)]], y: Sequence[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)]], sigma: Sequence[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None], frequency: float, within: float, base_harmonics: int, band_harmonics: int, base_regularization: float | None, band_regularization: float | None, regularize_by_trace: bool, center_data: bool) -> tuple:
    """
    Frequency, its error and the standard power of the highest exact power in a range.
    """

class PeriodModel:
    """Harmonics in every band at one common frequency."""

    @property
    def frequency(self) -> float:
        """[1/day]"""

    @property
    def frequency_error(self) -> float:
        """[1/day] one sigma; infinity when the data say nothing."""

    @property
    def epoch(self) -> float:
        """[day] time of phase 0."""

    @property
    def harmonics(self) -> int: ...

    @property
    def dof(self) -> int: ...

    @property
    def chi2(self) -> float: ...

    @property
    def chi2_0(self) -> float:
        """chi2 of constants alone."""

    @property
    def power(self) -> float: ...

    @property
    def period(self) -> float:
        """[day]"""

    @property
    def period_error(self) -> float:
        """[day] one sigma."""

    def values(self, t: NDArray[numpy.float64], band: int) -> tuple[NDArray[numpy.float64], NDArray[numpy.float64]]:
        """Model and its standard error at times t (N,) [day]."""

class PeriodReport:
    """What find_period found; kept for false_alarm_power."""

    def log10_false_alarm_probability(self, power: float) -> float: ...

    def false_alarm_power(self, probability: float) -> float:
        """Power that noise exceeds with this probability."""

def find_period(series: Series, min_period: float | None, max_period: float | None, oversampling: float, harmonics: int, fit_mean: bool, sigma_clip: float, max_frequencies: int) -> tuple[PeriodReport, dict[str, Any]]:
    """
    Lomb-Scargle search of all bands together: the report and its values by name.
    """

class HarmonicFit:
    """Least-squares harmonics at one frequency."""

    @property
    def frequency(self) -> float:
        """[1/day]"""

    @property
    def frequency_error(self) -> float:
        """[1/day] one sigma; infinity when chi2 does not curve."""

    @property
    def period(self) -> float:
        """[day]"""

    @property
    def period_error(self) -> float:
        """[day] one sigma."""

    @property
    def amplitude(self) -> float:
        """Peak to peak of the model."""

    @property
    def offset(self) -> float:
        """Constant of the model."""

    @property
    def epoch(self) -> float:
        """[day] phase 0."""

    @property
    def chi2(self) -> float: ...

    @property
    def chi2_0(self) -> float:
        """chi2 without a period."""

    @property
    def dof(self) -> int: ...

    @property
    def power(self) -> float:
        """1 - chi2 / chi2_0."""

    def values(self, t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)]) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C')]:
        """The model at times t (M,) [day]."""

def refine_peak(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sigma: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, frequency: float, within: float, harmonics: int, fit_mean: bool) -> HarmonicFit:
    """The model at the maximum of the exact power next to a frequency."""

def aliases(t: NDArray[numpy.float64], y: NDArray[numpy.float64], sigma: NDArray[numpy.float64] | None, best: HarmonicFit, harmonics: int, fit_mean: bool, max_frequency: float) -> list[tuple[str, float, float, float, float, bool]]:
    """
    Name, period, frequency, power, delta chi2 and exclusion of every rival.
    """

def false_alarm_probability(power: float, t: NDArray[numpy.float64], y: NDArray[numpy.float64], sigma: NDArray[numpy.float64] | None, grid: FrequencyGrid, method: str, harmonics: int, fit_mean: bool, normalization: str, bootstraps: int, seed: int) -> tuple[float, float]:
    """
    Probability that noise has such a peak anywhere on the grid, and its decimal logarithm.
    """

def false_alarm_level(probability: float, t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sigma: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, grid: FrequencyGrid, method: str, harmonics: int, fit_mean: bool, normalization: str, bootstraps: int, seed: int) -> float:
    """Power that noise reaches with this probability anywhere on the grid."""

def bootstrap_maxima(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sigma: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, grid: FrequencyGrid, harmonics: int, fit_mean: bool, bootstraps: int, seed: int) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C')]:
    """
    Highest standard power of each shuffled series (bootstraps,), ascending.
    """

def box_least_squares(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sigma: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, period: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], duration: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], objective: str, oversample: int, threads: int) -> dict:
    """Columns (P,) of the best box at each period."""

def box_statistics(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sigma: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, period: float, duration: float, transit_time: float) -> dict:
    """What the points say of one box."""

def transit_mask(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], period: float, duration: float, transit_time: float) -> Annotated[NDArray[numpy.uint8], dict(shape=(None,), order='C')]:
    """1 within a transit (N,)."""

def box_period_grid(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], duration: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], min_period: float | None, max_period: float | None, min_transits: float, frequency_factor: float) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C')]:
    """Trial periods equally spaced in frequency (P,) [day]."""

def keplerian_period_grid(span: float, radius: float, mass: float, min_period: float | None, max_period: float | None, min_transits: float, oversampling: float) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C')]:
    """Trial periods for circular orbits around a star (P,) [day]."""

def figures() -> list[tuple[str, str, str, str, list[tuple[Any, ...]], list[str]]]:
    """
    Id, title, question, shelf, controls and slots of every figure that is not hidden.
    """

def evaluate(id: str, values: dict[str, Any], slots: dict[str, Series | str]) -> dict[str, Any]:
    """
    One frame, computed to its end: panels, numbers, warnings and what the engine chose for the controls.
    """
