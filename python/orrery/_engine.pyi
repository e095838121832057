"""
The engine as it is: strict arguments, arrays without copies. The public names are in the package orrery.
"""

from collections.abc import Sequence
from typing import Annotated

import numpy
from numpy.typing import NDArray


class InputError(ValueError):
    """
    An argument or a file is not what was asked for: one line that says where, what was expected and what was got. `kind` is 'input', 'io' or 'limit'; `where` names the function or file:row:column.
    """

def hardware_threads() -> int:
    """Number of threads that threads=0 stands for."""

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

    def __repr__(self) -> "std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >": ...

    def __len__(self) -> int: ...

    def __eq__(self, arg: FrequencyGrid, /) -> bool: ...

def frequency_grid(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], min_frequency: float | None, max_frequency: float | None, oversampling: float, nyquist_factor: float) -> FrequencyGrid:
    """
    Grid with `oversampling` points across a peak, from half a step to nyquist_factor times N / (2 T).
    """

def lomb_scargle(t: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sigma: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, frequency: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], harmonics: int, fit_mean: bool, center_data: bool, normalization: str, threads: int) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C')]:
    """Power (F,) by direct sums at any frequencies."""
