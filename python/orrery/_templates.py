"""Template periodograms: light curves of known shape; RR Lyrae stars."""

from __future__ import annotations

import os
import re
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _engine
from ._columns import Floats, column, refuse
from ._engine import CurveTemplate, FrequencyGrid
from ._series import Series
from ._series_args import engine_series
from ._words import answer

TemplateAmplitudes = Literal["shared", "free"]


@dataclass(frozen=True)
class TemplateFit:
    """One template at one frequency."""

    frequency: float
    """[1/day]"""
    frequency_error: float
    """[1/day] one sigma within the peak; it does not know of rivals."""
    template: CurveTemplate | None = field(repr=False)
    """The best; None when none rises with a positive amplitude."""
    epoch: float
    """A time of phase 0 [day]."""
    amplitude: Floats
    """(B,) factor on the template's band."""
    offset: Floats
    """(B,)"""
    chi2: float
    chi2_0: float
    """Of the constants alone."""
    n: int
    dof: int
    delta_chi2: float = 0.0
    """Of a candidate: above the best, in units of its reduced chi2."""

    @property
    def period(self) -> float:
        """[day]"""
        return 1.0 / self.frequency

    @property
    def period_error(self) -> float:
        """[day]"""
        return self.frequency_error / self.frequency**2

    @property
    def power(self) -> float:
        """1 - chi2 / chi2_0."""
        return 1.0 - self.chi2 / self.chi2_0 if self.chi2_0 > 0 else 0.0

    @property
    def name(self) -> str:
        """Of the template; '' when there is none."""
        return self.template.name if self.template else ""

    def phase(self, t: ArrayLike) -> Floats:
        """Cycles since the epoch at times t (N,), in [0, 1)."""
        return (self.frequency * (column(t, "t", "phase") - self.epoch)) % 1.0

    def model(self, t: ArrayLike, band: int = 0) -> Floats:
        """The fitted curve of a band (its position) at times t (N,) [day]."""
        curve = self.template.values(band, self.phase(t)) if self.template else 0.0
        return self.offset[band] + self.amplitude[band] * curve + np.zeros(len(column(t, "t", "model")))


def _fit_of(found: dict[str, Any], templates: Sequence[CurveTemplate]) -> TemplateFit:
    found = dict(found)
    found.pop("name", None)
    which = found.pop("template_index")
    return TemplateFit(template=templates[which] if which >= 0 else None, **found)


def rr_lyrae_templates(bands: Sequence[str] = ("u", "g", "r", "i", "z"), *, flux: bool = False) -> list[CurveTemplate]:
    """The built-in light curves of RR Lyrae stars: 21 of type ab, 2 of type c, brightest at phase 0.

    bands: names; the first letter of u, g, r, i, z decides, others count as g. flux: curves of fluxes, not magnitudes.
    Each is a sum of 12 harmonics, which leaves out 0.15 % of the range (rms) of the published curves.
    Source: Sesar et al. 2010, ApJ 708, 717.

    >>> import orrery
    >>> [t.name for t in orrery.rr_lyrae_templates(["g"])][::10]
    ['ab 100', 'ab 110', 'ab 120']
    """
    return _engine.rr_lyrae_templates(list(bands), flux)


def _tables(path: Path) -> dict[tuple[int, str], Floats]:
    """(number, band) -> rows of phase and magnitude, from a folder or a tar archive of <number><band>.dat."""
    name = re.compile(r"(\d+)([A-Za-z])\.dat")
    found = {}
    if path.is_dir():
        for file in path.iterdir():
            if match := name.fullmatch(file.name):
                found[int(match[1]), match[2]] = np.loadtxt(file)
        return found
    with tarfile.open(path) as archive:
        for member in archive:
            match = name.fullmatch(os.path.basename(member.name))
            stream = archive.extractfile(member) if match and member.isfile() else None
            if match and stream:
                found[int(match[1]), match[2]] = np.loadtxt(stream)
    return found


def read_templates(
    path: str | os.PathLike[str], bands: Sequence[str] = ("u", "g", "r", "i", "z"), *, harmonics: int = 16
) -> list[CurveTemplate]:
    """Templates from your own files: a folder or tar archive of `<number><band>.dat`, each with rows of phase and magnitude (range 1).

    Numbers below 100 are of type c (periods 0.23 to 0.48 day), others of type ab (0.42 to 0.95 day), as in the published set. There is one
    template for each number of the band with most curves of a type; it takes in each band the curve of its own rank, with the
    proportions of the built-in set. harmonics: kept of each curve.

    Raises InputError: no such files, or none in one of the bands.
    """
    tables = _tables(Path(path))
    if not tables:
        raise refuse("read_templates", f"expected files like 103g.dat in {path}, got none")
    curves = [_engine.phase_curve(np.ascontiguousarray(t[:, 0]), np.ascontiguousarray(t[:, 1]), harmonics) for t in tables.values()]
    return _engine.ranked_templates([number for number, _ in tables], [band for _, band in tables], [list(c) for c, _ in curves],
                                    [list(s) for _, s in curves], list(bands))


class TemplatePeriodogram:
    """How well templates explain a series at each frequency. Made by `orrery.template_periodogram`."""

    def __init__(self, series: Any, templates: Sequence[CurveTemplate], grid: FrequencyGrid, amplitudes: str, power: Floats,
                 index: NDArray[np.int32]) -> None:
        self._series, self._amplitudes = series, amplitudes
        self.templates: list[CurveTemplate] = list(templates)
        """What was tried."""
        self.grid: FrequencyGrid = grid
        """Trial frequencies."""
        self.power: Floats = power
        """(F,) 1 - chi2 / chi2_0."""
        self.template_index: NDArray[np.int32] = index
        """(F,) the best template; -1 where none rises with a positive amplitude."""

    @property
    def frequency(self) -> Floats:
        """(F,) [1/day]"""
        return self.grid.values()

    def fit(self, frequency: float | None = None, *, refine: bool = True) -> TemplateFit:
        """The templates with all their harmonics at a frequency (default: the highest power), or at the best one within a step of it."""
        f = float(self.grid.first + self.grid.step * int(np.argmax(self.power))) if frequency is None else frequency
        within = self.grid.step if refine else 0.0
        return _fit_of(_engine.template_fit(self._series, self.templates, f, within, self._amplitudes), self.templates)

    def __repr__(self) -> str:
        k = int(np.argmax(self.power))
        return (f"TemplatePeriodogram of {len(self.templates)} templates at {self.grid.count} frequencies: power {self.power[k]:.4g} at "
                f"{1 / (self.grid.first + k * self.grid.step):.7g} day")


def template_periodogram(
    t: Series | ArrayLike, y: ArrayLike | None = None, dy: ArrayLike | None = None, *, templates: Sequence[CurveTemplate],
    grid: FrequencyGrid, amplitudes: TemplateAmplitudes = "shared", harmonics: int = 6, threads: int = 0,
) -> TemplatePeriodogram:
    """Fall of chi2 by the best template, with amplitude >= 0, offsets and one phase, at each frequency of a grid.

    t is a Series, whose bands are taken together and which each template has a curve for, or times (N,) [day] with values y (N,) and
    errors dy (N,) or None. amplitudes: 'shared' keeps the proportions of the template, 'free' fits each band its own. harmonics: of the
    templates used for the curve, 1 to 16; fits use all.

    Raises InputError: unusable series, templates of other bands, harmonics outside [1, 16].
    Source: Sesar et al. 2010, ApJ 708, 717; Hoffman et al. 2021, arXiv:2101.12348; VanderPlas & Ivezic 2015, ApJ 812, 18.

    >>> import numpy, orrery
    >>> shape = orrery.rr_lyrae_templates(["g"])[5]
    >>> t = numpy.sort(numpy.random.default_rng(1).uniform(0, 60, 50))
    >>> y = 17 + 0.8 * shape.values(0, t / 0.57)
    >>> grid = orrery.FrequencyGrid(1.1, 0.003, 400)
    >>> round(orrery.template_periodogram(t, y, templates=[shape], grid=grid).fit().period, 5)
    0.57
    """
    series = engine_series("template_periodogram", t, y, dy, None)
    power, index = _engine.template_periodogram(series, list(templates), grid, amplitudes, harmonics, threads)
    return TemplatePeriodogram(series, templates, grid, amplitudes, power, index)


@dataclass(frozen=True, repr=False)
class RrLyrae:
    """What `orrery.find_rr_lyrae` found."""

    candidates: list[TemplateFit]
    """Best first."""
    grid: FrequencyGrid
    power: Floats = field(repr=False)
    """(F,)"""
    template_index: NDArray[np.int32] = field(repr=False)
    kept: NDArray[np.bool_] = field(repr=False)
    """(N,) False for points left out as too far from the fit."""
    templates: list[CurveTemplate] = field(repr=False)

    @property
    def best(self) -> TemplateFit:
        """The first candidate."""
        return self.candidates[0]

    @property
    def period(self) -> float:
        """[day]"""
        return self.best.period

    @property
    def period_error(self) -> float:
        """One sigma [day]; it does not know of rivals."""
        return self.best.period_error

    @property
    def type(self) -> str:
        """'ab' (fundamental mode) or 'c' (first overtone): the first word of the template's name."""
        return self.best.name.split(" ")[0]

    @property
    def frequency(self) -> Floats:
        """(F,) [1/day]"""
        return self.grid.values()

    def __repr__(self) -> str:
        words = [f"period {answer(self.period, self.period_error)} day", f"template {self.best.name}", f"power {self.best.power:.4f}"]
        if len(self.candidates) > 1 and self.candidates[1].delta_chi2 < 25:
            words.append(f"but {self.candidates[1].period:.7g} day fits nearly as well")
        return f"<RrLyrae: {', '.join(words)}>"


def find_rr_lyrae(
    t: Series | ArrayLike, y: ArrayLike | None = None, dy: ArrayLike | None = None, *, templates: Sequence[CurveTemplate] | None = None,
    min_period: float = 0.23, max_period: float = 0.95, oversampling: float = 6.0, floor: float = 0.02, clip: float = 5.0,
    candidates: int = 12, amplitudes: TemplateAmplitudes = "free", harmonics: int = 6,
) -> RrLyrae:
    """Period and type of an RR Lyrae star from its light curve, all bands together, by templates.

    t is a Series (magnitudes or fluxes, any bands), or times (N,) [day] with magnitudes y (N,) and errors dy (N,) or None. floor [mag]
    is added to the errors in quadrature: what no template explains. Points farther than `clip` errors from the fit are left out.
    Types are tried only at periods they have: ab 0.42 to 0.95 day, c 0.23 to 0.48 day.

    Raises InputError: unusable series, limits that do not ascend.
    Source: Sesar et al. 2010, ApJ 708, 717; VanderPlas & Ivezic 2015, ApJ 812, 18; Sesar et al. 2017, AJ 153, 204.

    >>> import numpy, orrery
    >>> shape = orrery.rr_lyrae_templates(["g"])[5]
    >>> t = numpy.sort(numpy.random.default_rng(1).uniform(0, 60, 50))
    >>> y = 17 + 0.8 * shape.values(0, t / 0.57)
    >>> found = orrery.find_rr_lyrae(t, y)
    >>> round(found.period, 5), found.type
    (0.57, 'ab')
    """
    series = engine_series("find_rr_lyrae", t, y, dy, None)
    found = _engine.find_rr_lyrae(series, list(templates or []), min_period, max_period, oversampling, floor, clip, candidates, amplitudes,
                                  harmonics)
    found["candidates"] = [_fit_of(c, found["templates"]) for c in found["candidates"]]
    return RrLyrae(**found)
