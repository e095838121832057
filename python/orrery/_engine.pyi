"""
The engine as it is: strict arguments, arrays without copies. The public names are in the package orrery.
"""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, overload

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

def lomb_scargle_batch(t: NDArray[numpy.float64], y: NDArray[numpy.float64], sigma: NDArray[numpy.float64] | None, offset: NDArray[numpy.int64], grids: Sequence[FrequencyGrid], harmonics: int, fit_mean: bool, normalization: str, keep_power: bool, peaks: int, max_bytes: float, threads: int) -> tuple[NDArray[numpy.int64], NDArray[numpy.float64], NDArray[numpy.float64], NDArray[numpy.float64]]:
    """
    Offsets of the stars' powers, the powers, and frequency and power of each star's peaks (S, peaks) flat.
    """

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

def band_alarm_probability(power: float, t: Sequence[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)]], y: Sequence[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)]], sigma: Sequence[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None], grid: FrequencyGrid, harmonics: int, fit_mean: bool, center_data: bool, method: str, normalization: str) -> float:
    """
    Probability, by a formula, that noise in all bands has such a peak of their common power.
    """

def band_alarm_level(probability: float, t: Sequence[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)]], y: Sequence[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)]], sigma: Sequence[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None], grid: FrequencyGrid, harmonics: int, fit_mean: bool, center_data: bool, method: str, normalization: str) -> float:
    """Its inverse."""

def band_bootstrap_maxima(t: Sequence[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)]], y: Sequence[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)]], sigma: Sequence[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None], grid: FrequencyGrid, harmonics: int, fit_mean: bool, bootstraps: int, seed: int) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C')]:
    """
    Highest standard power of each shuffled set of bands (bootstraps,), ascending.
    """

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

def require_variation(series: Series, where: str) -> None:
    """Refuses a series whose values are all the same."""

def period_cautions(series: Series, period: float) -> list[str]:
    """What sampling and span say against a period."""

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

def find_period(series: Series, min_period: float | None, max_period: float | None, oversampling: float, harmonics: int, fit_mean: bool, sigma_clip: float, max_frequencies: int, alarm: str, resamples: int, seed: int, smooth: bool) -> tuple[PeriodReport, dict[str, Any]]:
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

def harmonic_fit(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sigma: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, frequency: float, harmonics: int, fit_mean: bool) -> HarmonicFit:
    """The best model with this frequency."""

def rivals(t: NDArray[numpy.float64], y: NDArray[numpy.float64], sigma: NDArray[numpy.float64] | None, frequency: float, harmonics: int, fit_mean: bool, max_frequency: float) -> tuple[list[tuple[float, float, float, float, float, float, int, str, bool]], list[tuple[float, float, str]], bool]:
    """
    The alias report: rivals, window peaks, and whether some rival is not excluded.
    """

def false_alarm_probability(power: float, t: NDArray[numpy.float64], y: NDArray[numpy.float64], sigma: NDArray[numpy.float64] | None, grid: FrequencyGrid, method: str, harmonics: int, fit_mean: bool, normalization: str, resamples: int, seed: int, frequency: float | None, smooth: bool) -> tuple[float, float, float]:
    """
    Probability that noise has such a peak anywhere on the grid, its decimal logarithm and its error.
    """

def false_alarm_level(probability: float, t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sigma: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, grid: FrequencyGrid, method: str, harmonics: int, fit_mean: bool, normalization: str, resamples: int, seed: int, frequency: float | None, smooth: bool) -> float:
    """Power that noise reaches with this probability."""

def bootstrap_maxima(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sigma: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, grid: FrequencyGrid, harmonics: int, fit_mean: bool, bootstraps: int, seed: int) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C')]:
    """
    Highest standard power of each shuffled series (bootstraps,), ascending.
    """

class DampedRandomWalkFit:
    """A fitted damped random walk."""

    @property
    def sigma(self) -> float:
        """Standard deviation of the process [unit of y]."""

    @property
    def tau(self) -> float:
        """Time scale [day]."""

    @property
    def jitter(self) -> float:
        """White noise beyond the errors [unit of y]."""

    @property
    def log_error(self) -> tuple[float, float, float]:
        """One sigma of ln sigma, ln tau and ln jitter."""

    @property
    def mean(self) -> float: ...

    @property
    def mean_error(self) -> float: ...

    @property
    def log_likelihood(self) -> float: ...

    @property
    def log_likelihood_white(self) -> float:
        """Of the best white noise."""

    @property
    def at_limit(self) -> bool:
        """tau or sigma ended on a limit."""

    @property
    def converged(self) -> bool: ...

def fit_damped_random_walk(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sigma: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, mean: str, jitter: bool | None, min_tau: float | None, max_tau: float | None, starts: int) -> DampedRandomWalkFit:
    """Maximum-likelihood damped random walk."""

def damped_random_walk_log_likelihood(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sigma: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, walk_sigma: float, tau: float, jitter: float, mean: str) -> float:
    """Natural logarithm."""

def damped_random_walk_sample(walk_sigma: float, tau: float, t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], seed: int, stream: int) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C')]:
    """One exact realisation at times t (N,)."""

class RedNoiseNull:
    """What a damped random walk fitted to a series shows in its periodogram."""

    @property
    def walk(self) -> DampedRandomWalkFit:
        """The fitted walk."""

    @property
    def grid(self) -> FrequencyGrid:
        """The frequencies."""

    @property
    def expected(self) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', writable=False)]:
        """Mean of -ln(1 - standard power) at each frequency (F,)."""

    def probability(self, power: float, frequency: float | None = None, smooth: bool = False) -> float:
        """
        Probability that the walk has a peak that stands out as much: at a frequency by what is expected there, without by height.
        """

    def level(self, probability: float, frequency: float | None = None, smooth: bool = False) -> float:
        """
        The power that the walk reaches with this probability, at a frequency or anywhere.
        """

def red_noise_null(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sigma: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, grid: FrequencyGrid, harmonics: int, fit_mean: bool, normalization: str, resamples: int, seed: int) -> RedNoiseNull:
    """Fits a damped random walk and simulates it through the same search."""

def prewhiten(t: NDArray[numpy.float64], y: NDArray[numpy.float64], sigma: NDArray[numpy.float64] | None, grid: FrequencyGrid, max_modes: int, min_snr: float, max_false_alarm: float, noise_box: float, separation: float) -> dict[str, Any]:
    """
    Modes one after the other: columns of the modes, the model's offset and epoch, residuals.
    """

def clean(t: NDArray[numpy.float64], y: NDArray[numpy.float64], sigma: NDArray[numpy.float64] | None, highest: float, step: float, gain: float, iterations: int, floor: float, weighted: bool, restore: bool) -> dict[str, Any]:
    """CLEAN spectrum at k step; complex columns as pairs of real ones."""

def spectral_window(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sigma: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, frequency: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)]) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C')]:
    """Power of the sampling's window at any frequencies (F,), 1 at 0."""

def spectral_window_fast(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sigma: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, grid: FrequencyGrid) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C')]:
    """The same on a regular grid, to 1e-10."""

def period_statistics() -> list:
    """Rows (word, name, value, minimum) of the table of period statistics."""

@overload
def period_statistic(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sigma: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, grid: FrequencyGrid, method: str, settings: dict, threads: int) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C')]:
    """A statistic (F,) at the frequencies of a grid."""

@overload
def period_statistic(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sigma: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, frequency: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], method: str, settings: dict, threads: int) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C')]:
    """A statistic (F,) at any frequencies."""

def period_statistic_peaks(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sigma: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, grid: FrequencyGrid, curve: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], method: str, settings: dict, count: int, finer: int) -> list:
    """
    (frequency, value) of the best few, sought between the grid's frequencies.
    """

@overload
def shuffled_best(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sigma: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, grid: FrequencyGrid, method: str, settings: dict, count: int, seed: int) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C')]: ...

@overload
def shuffled_best(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sigma: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, frequency: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], method: str, settings: dict, count: int, seed: int) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C')]:
    """Best value of each of `count` shuffled series (count,)."""

def single_probability(value: float, points: int, method: str, settings: dict) -> float | None:
    """Probability of noise at one frequency, or None where no law is known."""

def super_smoother(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sigma: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, period: float, bass: float) -> tuple:
    """(value, residual, span) at the points."""

def box_least_squares(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sigma: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, period: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], duration: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], objective: str, oversample: int, threads: int) -> dict:
    """Columns (P,) of the best box at each period."""

def box_search(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sigma: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, duration: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], exponent: float, period: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, method: str, min_period: float | None, max_period: float | None, min_transits: float, objective: str, oversample: int, threads: int) -> dict:
    """
    Columns (P,) of the best box at each period, with the periods, the method taken and why.
    """

def keplerian_durations(radius: float, mass: float, density_factor: float, max_impact: float, step: float) -> tuple:
    """
    Durations at a period of one day [day], and the power of the period with which they grow.
    """

def box_statistics(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sigma: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, period: float, duration: float, transit_time: float) -> dict:
    """What the points say of one box."""

def transit_mask(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], period: float, duration: float, transit_time: float) -> Annotated[NDArray[numpy.uint8], dict(shape=(None,), order='C')]:
    """1 within a transit (N,)."""

def box_period_grid(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], duration: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], min_period: float | None, max_period: float | None, min_transits: float, frequency_factor: float) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C')]:
    """Trial periods equally spaced in frequency (P,) [day]."""

def keplerian_period_grid(span: float, radius: float, mass: float, min_period: float | None, max_period: float | None, min_transits: float, oversampling: float) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C')]:
    """Trial periods for circular orbits around a star (P,) [day]."""

class CurveTemplate:
    """
    Light curves of one kind of star in some bands: Fourier coefficients over phase, amplitudes in proportion.
    """

    def __init__(self, name: str, cosine: Sequence[Sequence[float]], sine: Sequence[Sequence[float]], min_period: float = 0.0, max_period: float = 1e+300) -> None:
        """
        name, then for each band the cosines and the sines of harmonics 1, 2, ...; periods [day] at which the template may be.
        """

    @property
    def name(self) -> str: ...

    @property
    def min_period(self) -> float:
        """[day]"""

    @property
    def max_period(self) -> float:
        """[day]"""

    @property
    def bands(self) -> int:
        """Number of bands."""

    @property
    def coefficients(self) -> list:
        """For each band the cosines (K,) and the sines (K,)."""

    def values(self, band: int, phase: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)]) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C')]:
        """The curve of a band at phases (N,)."""

    def __repr__(self) -> str: ...

def phase_curve(phase: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], value: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], harmonics: int) -> tuple:
    """Cosines and sines (K,) of a tabulated curve."""

def rr_lyrae_templates(bands: Sequence[str], flux: bool) -> list[CurveTemplate]:
    """23 templates of the built-in set."""

def ranked_templates(number: Sequence[int], band: Sequence[str], cosine: Sequence[Sequence[float]], sine: Sequence[Sequence[float]], bands: Sequence[str]) -> list[CurveTemplate]:
    """Templates of a numbered set."""

def template_periodogram(series: Series, templates: Sequence[CurveTemplate], grid: FrequencyGrid, amplitudes: str, harmonics: int, threads: int) -> tuple:
    """Power and best template (F,) on a regular grid."""

def template_fit(series: Series, templates: Sequence[CurveTemplate], frequency: float, within: float, amplitudes: str) -> dict[str, Any]:
    """The best template at a frequency, or (within > 0) next to it."""

def find_rr_lyrae(series: Series, templates: Sequence[CurveTemplate], min_period: float, max_period: float, oversampling: float, floor: float, clip: float, candidates: int, amplitudes: str, harmonics: int) -> dict[str, Any]:
    """Search with templates: the curve and the candidates, best first."""

def autocorrelation(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sigma: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, first: float, step: float, count: int, kernel: str, width: float, remove_noise: bool) -> tuple:
    """Lag, value, error and pairs (L,)."""

def cross_correlation(t_a: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y_a: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sigma_a: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, t_b: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y_b: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sigma_b: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, first: float, step: float, count: int, kernel: str, width: float, remove_noise: bool) -> tuple:
    """Lag, value, error and pairs (L,); b follows a at positive lags."""

def z_autocorrelation(t: NDArray[numpy.float64], y: NDArray[numpy.float64], max_lag: float, min_pairs: int) -> dict[str, NDArray[numpy.float64]]:
    """Columns of the z-transformed discrete correlation function."""

def rotation_period(t: NDArray[numpy.float64], y: NDArray[numpy.float64], cadence: float, max_lag: float, smoothing: float, max_gap: float, min_period: float, detrend: float, clip: float) -> dict[str, Any]:
    """Period from the peaks of the autocorrelation on a regular grid."""

def weighted_wavelet(t: NDArray[numpy.float64], y: NDArray[numpy.float64], sigma: NDArray[numpy.float64] | None, frequency: NDArray[numpy.float64], time: NDArray[numpy.float64], decay: float, threads: int) -> dict[str, NDArray[numpy.float64]]:
    """Z, amplitude and effective number (F T,), row-major."""

def transit_least_squares(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sigma: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, period: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], options: dict) -> dict:
    """Columns (P,) of the best transit at each period, and the spectra."""

def planet_candidate(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sigma: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, period: float, duration: float, time: float, options: dict) -> dict:
    """A candidate measured point by point."""

def find_planets(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sigma: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, options: dict, grid: dict, max_planets: int, min_sde: float, min_snr: float, mask_width: float) -> list:
    """The rounds of the search, a dict each."""

def transit_false_alarm_probability(sde: float) -> float:
    """Of white noise."""

def transit_period_grid(span: float, grid: dict) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C')]:
    """Trial periods (P,) [day]."""

def transit_duration_grid(min_period: float, max_period: float, step: float, min_radius: float, max_radius: float, min_mass: float, max_mass: float) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C')]:
    """Trial durations (D,) as fractions of the period."""

def transit_light_curve(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], period: float, transit_time: float, radius_ratio: float, scaled_axis: float, impact: float, u1: float, u2: float, eccentricity: float, periastron: float, exposure: float, exposure_samples: int) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C')]:
    """Flux at the times (N,)."""

def transit_shape(x: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], radius_ratio: float, impact: float, u1: float, u2: float) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C')]:
    """Shape of unit depth and duration at x (N,)."""

def completeness(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sigma: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, options: dict) -> dict:
    """The map: columns of cells row by row, of trials, and the control."""

def inject_transit(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], period: float, transit_time: float, radius_ratio: float, scaled_axis: float, impact: float, u1: float, u2: float, exposure: float, form: str, magnitudes: bool) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C')]:
    """Values with the transits (N,)."""

def inject_variable(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], period: float, epoch: float, amplitude: float, form: str, harmonic: Sequence[float], rise: float, magnitudes: bool) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C')]:
    """Values with the variation (N,)."""

def flatten(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], mask: Annotated[NDArray[numpy.uint8], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, method: str, window: float, break_tolerance: float | None, edge_cutoff: float, tuning: float | None, removal: str, missing: str, threads: int) -> tuple:
    """(flat, trend, pieces, without trend, not positive)."""

def flatten_rows(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y: Annotated[NDArray[numpy.float64], dict(shape=(None, None), device='cpu', writable=False)], mask: Annotated[NDArray[numpy.uint8], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, method: str, window: float, break_tolerance: float | None, edge_cutoff: float, tuning: float | None, removal: str, missing: str, threads: int) -> list:
    """The same for rows of values."""

def feature_registry() -> list:
    """
    (name, unit, description, sets, fewest points, needs errors, group) of every feature of one band.
    """

def features(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sigma: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, sets: int, names: Sequence[str], periodic: bool, transient: bool, bootstrap: int, seed: int, threads: int) -> tuple:
    """(names, units, values, errors, reasons) of one band."""

def band_features(series: Series, sets: int, names: Sequence[str], periodic: bool, transient: bool, bootstrap: int, seed: int, threads: int) -> tuple:
    """The same of all bands and their pairs."""

def feature_table(t: Sequence[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)]], y: Sequence[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)]], sigma: Sequence[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None], sets: int, names: Sequence[str], periodic: bool, transient: bool, threads: int) -> tuple:
    """(names, units, values, reasons) of many stars, row by row."""

def feature_reason(reason: int) -> str:
    """Reason bits in words."""

def dmdt_map(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], dt_edge: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], dy_edge: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)]) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C')]:
    """Counts of pairs (A * B,)."""

def figures() -> list[tuple[str, str, str, str, list[tuple[Any, ...]], list[str]]]:
    """
    Id, title, question, shelf, controls and slots of every figure that is not hidden.
    """

def evaluate(id: str, values: dict[str, Any], slots: dict[str, Series | str]) -> dict[str, Any]:
    """
    One frame, computed to its end: panels, numbers, warnings and what the engine chose for the controls.
    """
