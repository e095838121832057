"""Prewhitening and CLEAN: the frequencies that are left when those before are taken away."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _engine
from ._columns import Floats, column, refuse
from ._engine import FrequencyGrid
from ._series import Series
from ._series_args import columns_of
from ._trial import regular, trial_frequencies
from ._words import answer

Stop = Literal["count", "snr", "false_alarm", "no_peak", "too_few_points"]
_COLUMNS = ("frequency", "frequency_error", "amplitude", "amplitude_error", "phase", "phase_error", "snr", "log10_false_alarm", "relation",
            "resolved")


@dataclass(frozen=True, repr=False)
class Prewhitening:
    """Sinusoids found one after the other, and fitted together: what `orrery.prewhiten` found. Columns (M,), modes as found.

    Errors are those of the covariance matrix of the fit of all modes, scaled by the reduced chi2.
    """

    frequency: Floats
    """[1/day]"""
    frequency_error: Floats
    """[1/day]"""
    amplitude: Floats
    """Of amplitude sin(2 pi (frequency (t - epoch) + phase)): half of peak to peak."""
    amplitude_error: Floats
    phase: Floats
    """In turns, [0, 1)."""
    phase_error: Floats
    """In turns."""
    snr: Floats
    """Amplitude over the mean amplitude of the last residuals around the frequency."""
    log10_false_alarm: Floats
    """Of the peak in the residuals that it was found in."""
    relation: list[str]
    """What it may be of modes before it: '2 f1', 'f1 + f2', 'f1 / 2'; '' for none. f1 is the first mode."""
    resolved: NDArray[np.bool_]
    """No other mode is nearer than 1.5 / T."""
    epoch: float
    """[day]"""
    offset: float
    chi2: float
    chi2_0: float
    """Of the mean alone."""
    dof: int
    residual: Floats = field(repr=False)
    """Values minus model (N,), in the order they were given."""
    grid: FrequencyGrid
    """Where modes were looked for."""
    residual_amplitude: Floats = field(repr=False)
    """Amplitude spectrum of the residuals (F,) on the grid."""
    stop: Stop
    """Why there are no more modes."""
    stop_words: str

    @property
    def period(self) -> Floats:
        """[day]"""
        return 1.0 / self.frequency

    @property
    def period_error(self) -> Floats:
        """[day]"""
        return self.frequency_error / self.frequency**2

    def model(self, t: ArrayLike, modes: int | None = None) -> Floats:
        """The offset and all modes, or the first so many of this fit, at times t (K,) [day]."""
        times = column(t, "t", "model")
        turns = np.multiply.outer(times - self.epoch, self.frequency[:modes]) + self.phase[:modes]
        return self.offset + np.sin(2 * np.pi * (turns - np.round(turns))) @ self.amplitude[:modes]

    def to_dict(self) -> dict[str, Any]:
        """The columns of the modes by name, as a data frame takes them."""
        return {name: getattr(self, name) for name in _COLUMNS}

    def __len__(self) -> int:
        return len(self.frequency)

    def __repr__(self) -> str:
        words = []
        for j in range(min(4, len(self))):
            note = f", {self.relation[j]}" if self.relation[j] else ""
            words.append(f"{answer(self.frequency[j], self.frequency_error[j])} /day (amplitude {self.amplitude[j]:.3g}, S/N "
                         f"{self.snr[j]:.3g}{note})")
        if len(self) > 4:
            words.append(f"{len(self) - 4} more")
        modes = f"{len(self)} mode{'' if len(self) == 1 else 's'}"
        listed = ": " + "; ".join(words) if words else ""
        return f"<Prewhitening: {modes}{listed}; stopped: {self.stop_words}; {len(self.residual)} points>"


def prewhiten(
    t: Series | ArrayLike,
    y: ArrayLike | None = None,
    dy: ArrayLike | None = None,
    *,
    max_modes: int = 20,
    min_snr: float = 4.0,
    max_false_alarm: float = 0.0,
    frequency: FrequencyGrid | ArrayLike | None = None,
    min_period: float | None = None,
    max_period: float | None = None,
    min_frequency: float | None = None,
    max_frequency: float | None = None,
    oversampling: float = 5.0,
    nyquist_factor: float = 5.0,
    noise_box: float = 0.0,
    separation: float = 1.5,
    band: str | None = None,
) -> Prewhitening:
    """Modes one after the other: the highest peak of what is left joins, all are fitted together with free frequencies, and again.

    t is a Series, or times (N,) [day] with values y (N,) and errors dy (N,) or None. It stops after `max_modes`, at a mode whose
    amplitude is below `min_snr` times the mean of the residuals' amplitude spectrum around it, or (if > 0) at a peak whose Baluev
    probability is above `max_false_alarm`. noise_box [1/day]: full width of that mean; 0 for 2 per day, but 30 / T at least.
    separation: modes are looked for so many 1 / T apart. Frequencies as for `lomb_scargle`, on a regular grid.

    Raises InputError: as lomb_scargle; N <= 3, frequencies that are not regular, limits below 0.
    Source: Breger et al. 1993, A&A 271, 482; Montgomery & O'Donoghue 1999, DSSN 13, 28; Loumos & Deeming 1978, Ap&SS 56, 285.

    >>> import numpy, orrery
    >>> random = numpy.random.default_rng(1)
    >>> t = random.uniform(0, 40, 400)
    >>> y = numpy.sin(2 * numpy.pi * 1.3 * t) + 0.5 * numpy.sin(2 * numpy.pi * 2.17 * t) + 0.2 * random.normal(size=400)
    >>> found = orrery.prewhiten(t, y, max_frequency=10)
    >>> found.frequency.round(2).tolist(), found.amplitude.round(1).tolist(), found.stop
    ([1.3, 2.17], [1.0, 0.5], 'snr')
    """
    where = "prewhiten"
    columns = columns_of(where, t, y, dy, band)
    limits = (min_period, max_period), (min_frequency, max_frequency)
    trial = trial_frequencies(where, columns["t"], frequency, *limits, oversampling, nyquist_factor)
    grid = regular(trial, columns["t"])
    if grid is None:
        raise refuse(where, "expected regularly spaced frequencies, got an uneven array: take a FrequencyGrid")
    found = _engine.prewhiten(columns["t"], columns["y"], columns["sigma"], grid, max_modes, min_snr, max_false_alarm, noise_box,
                              separation)
    found["resolved"] = np.array(found["resolved"], bool)
    return Prewhitening(grid=grid, **found)


@dataclass(frozen=True, repr=False)
class Clean:
    """A spectrum without the side lobes of its window: what `orrery.clean` made. Columns (F,), from frequency 0 on."""

    frequency: Floats
    """[1/day]"""
    amplitude: Floats
    """Of the components, drawn as the window's central peak, and what is left: 1 for a sinusoid of amplitude 1."""
    dirty_amplitude: Floats
    """Before."""
    components: NDArray[np.complex128] = field(repr=False)
    """What was taken out: half of a sinusoid's amplitude, with its phase at the epoch."""
    dirty: NDArray[np.complex128] = field(repr=False)
    """sum w (y - mean) exp(-2 pi i f (t - epoch)), sum w = 1."""
    residual: NDArray[np.complex128] = field(repr=False)
    """What is left of it."""
    epoch: float
    """[day]"""
    beam: float
    """Standard deviation of the Gaussian that stands for the central peak [1/day]."""
    iterations: int
    """Done."""

    @property
    def best_frequency(self) -> float:
        """Of the highest amplitude above 0 [1/day], to half a step; with errors: `prewhiten`."""
        return float(self.frequency[1 + int(np.argmax(self.amplitude[1:]))])

    def __len__(self) -> int:
        return len(self.frequency)

    def __repr__(self) -> str:
        if len(self) < 2:
            return f"<Clean: {len(self)} frequency>"
        left = 2 * float(np.abs(self.residual).max())
        return (f"<Clean: highest at {self.best_frequency:.6g} /day, amplitude {self.amplitude[1:].max():.4g}; nothing above {left:.3g} left "
                f"after {self.iterations} rounds; {len(self)} frequencies to {self.frequency[-1]:.4g} /day>")


def clean(
    t: Series | ArrayLike,
    y: ArrayLike | None = None,
    dy: ArrayLike | None = None,
    *,
    max_frequency: float | None = None,
    step: float | None = None,
    gain: float = 0.1,
    iterations: int = 1000,
    floor: float = 0.0,
    weighted: bool = True,
    restore: bool = True,
    band: str | None = None,
) -> Clean:
    """CLEAN: the window's side lobes are taken out of a spectrum, component by component.

    t is a Series, or times (N,) [day] with values y (N,) and errors dy (N,) or None. Frequencies 0, step, ... max_frequency [1/day];
    by default five a peak up to five times the mean Nyquist frequency. Each round takes `gain` of the highest component with its image
    and side lobes; it ends after `iterations`, or when no amplitude is above `floor`. weighted: points count by 1 / dy^2. restore=False
    draws the components as lines of one step. With strong aliases the wrong one may be taken, and stays; a smaller gain helps.

    Raises InputError: unusable series, gain outside (0, 1], a step above 1 / (4 T), more than 2^25 frequencies.
    Source: Roberts, Lehar & Dreher 1987, AJ 93, 968.

    >>> import numpy, orrery
    >>> night = numpy.repeat(numpy.arange(40.0), 10)
    >>> t = night + numpy.random.default_rng(1).uniform(0, 0.3, 400)
    >>> found = orrery.clean(t, numpy.sin(2 * numpy.pi * 2.3 * t), max_frequency=6, gain=0.5)
    >>> day = numpy.argmin(abs(found.frequency - 3.3))  # the daily alias
    >>> bool(found.dirty_amplitude[day] > 0.5), bool(found.amplitude[day] < 0.05)
    (True, True)
    """
    columns = columns_of("clean", t, y, dy, band)
    times = columns["t"]
    assert times is not None
    span = float(np.ptp(times)) if len(times) else 0.0
    if max_frequency is None:
        max_frequency = 2.5 * len(times) / span if span > 0 else 1.0
    step = 0.2 / span if step is None and span > 0 else step or 1.0
    found = _engine.clean(times, columns["y"], columns["sigma"], max_frequency, step, gain, iterations, floor, weighted, restore)
    for name in ("dirty", "components", "residual"):
        real, imaginary = found[name]
        found[name] = real + 1j * imaginary
    return Clean(**found)
