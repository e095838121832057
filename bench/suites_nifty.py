"""Our engine behind the call that nifty-ls's tests make: nifty_ls.lombscargle. Only the tests use it; the package has no such module."""

import dataclasses

import numpy as np

from orrery.astropy import LombScargle
from orrery.astropy._inputs import frequency_limits

calls = 0


@dataclasses.dataclass
class Result:
    """The fields of nifty_ls.NiftyResult that callers read."""

    power: np.ndarray
    fmin: float
    df: float
    Nf: int

    @property
    def fmax(self):
        """Last frequency."""
        return self.fmin + self.df * (self.Nf - 1)

    def freq(self):
        """All frequencies."""
        return self.fmin + self.df * np.arange(self.Nf)


def grid(t, fmin, fmax, count, samples_per_peak, nyquist_factor):
    """First, step and number: both ends are hit when the number is given."""
    low, step, automatic = frequency_limits(t, samples_per_peak, nyquist_factor, fmin, fmax)
    if count is None:
        return low, step, automatic
    high = low + step * (automatic - 1) if fmax is None else fmax
    return low, (high - low) / (count - 1) if count > 1 else step, count


def lombscargle(t, y, dy=None, fmin=None, fmax=None, Nf=None, center_data=True, fit_mean=True, normalization="standard",
                assume_sorted_t=True, samples_per_peak=5, nyquist_factor=5, backend="auto", nterms=1, **backend_kwargs):
    """One periodogram, or a row for each row of y. The back ends are all ours; what tunes theirs changes nothing."""
    del assume_sorted_t, backend_kwargs
    global calls
    calls += 1
    nterms = 1 if nterms is None else nterms
    known = ("auto", "finufft", "finufft_chi2")
    if backend not in known:
        raise ValueError(f"Unknown or unavailable backend: {backend}. Available backends are: {', '.join(known)}")
    if backend == "finufft" and nterms > 1:
        raise ValueError('Backend "finufft" only supports nterms == 1. Use "cufinufft_chi2" or "finufft_chi2" for nterms > 1.')
    dtypes = {np.asarray(a).dtype for a in (t, y, dy) if a is not None}
    if len(dtypes) > 1:
        raise ValueError(f"expected t, y and dy of one dtype, got {', '.join(sorted(map(str, dtypes)))}")
    first, step, count = grid(np.asarray(t, dtype=float), fmin, fmax, Nf, samples_per_peak, nyquist_factor)
    frequency = first + step * np.arange(count)

    def one(values, errors):
        fit = LombScargle(t, values, errors, fit_mean=fit_mean, center_data=center_data, nterms=nterms, normalization=normalization)
        return fit.power(frequency, assume_regular_frequency=True)

    if np.ndim(y) == 1:
        return Result(one(y, dy), first, step, count)
    errors = [None] * len(y) if dy is None else np.broadcast_to(dy, np.shape(y))
    return Result(np.stack([one(*pair) for pair in zip(y, errors, strict=True)]), first, step, count)


def replace():
    """Where the tests, and nifty-ls's hook into astropy, look for the function."""
    import nifty_ls.astropy
    import nifty_ls.core

    for module in (nifty_ls, nifty_ls.core, nifty_ls.astropy):
        module.lombscargle = lombscargle
