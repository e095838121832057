"""Damped random walks: red noise with one time scale."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from numpy.typing import ArrayLike

from . import _engine
from ._columns import Floats, column
from ._series import Series
from ._series_args import columns_of
from ._words import answer


@dataclass(frozen=True, repr=False)
class DampedRandomWalk:
    """A damped random walk fitted to a series by `orrery.damped_random_walk`: covariance sigma^2 exp(-|dt| / tau)."""

    sigma: float
    """Standard deviation of the process [unit of y]."""
    tau: float
    """Time scale on which it forgets [day]."""
    jitter: float
    """White noise beyond the quoted errors [unit of y]; 0 when it was not fitted."""
    log_error: tuple[float, float, float]
    """One sigma of ln sigma, ln tau and ln jitter; infinite where the data do not bound them."""
    mean: float
    mean_error: float
    log_likelihood: float
    log_likelihood_white: float
    """Of the best white noise: higher by many says that there is red noise."""
    at_limit: bool
    """tau or sigma ended on a limit: the data do not show the time scale."""
    converged: bool
    _data: tuple[Floats, Floats, Floats | None] = field(repr=False)
    _mean: str = field(repr=False)

    def log_likelihood_at(self, sigma: float, tau: float, jitter: float = 0.0) -> float:
        """Natural logarithm of the likelihood of the series for other parameters."""
        return _engine.damped_random_walk_log_likelihood(*self._data, sigma, tau, jitter, self._mean)

    def sample(self, t: ArrayLike, *, seed: int = 0, stream: int = 0) -> Floats:
        """One exact realisation of the process at times t (N,) [day], mean 0, no measurement noise."""
        return _engine.damped_random_walk_sample(self.sigma, self.tau, column(t, "t", "sample"), seed, stream)

    def __repr__(self) -> str:
        tau = answer(self.tau, self.tau * self.log_error[1])
        words = [f"sigma {answer(self.sigma, self.sigma * self.log_error[0])}", f"tau {tau} day", f"{len(self._data[0])} points"]
        return f"<DampedRandomWalk: {', '.join(words)}{', at a limit' if self.at_limit else ''}>"


def damped_random_walk(
    t: Series | ArrayLike,
    y: ArrayLike | None = None,
    dy: ArrayLike | None = None,
    *,
    mean: Literal["fitted", "marginalised"] = "marginalised",
    jitter: bool | None = None,
    min_tau: float | None = None,
    max_tau: float | None = None,
    starts: int = 5,
    band: str | None = None,
) -> DampedRandomWalk:
    """The damped random walk (Ornstein-Uhlenbeck process) of highest likelihood, by a Kalman filter in O(N).

    t is a Series, or times (N,) [day] with values y (N,) and errors dy (N,) or None. jitter: a white part beyond the errors is fitted
    (None: only when there are no errors). min_tau, max_tau [day]: limits, by default from the spacing and the span of the times.

    Raises InputError: unusable series, N < 4, times all equal, limits that do not ascend.
    Source: Kelly, Bechtold & Siemiginowska 2009, ApJ 698, 895.

    >>> import numpy, orrery
    >>> t = numpy.linspace(0.0, 400.0, 500)
    >>> walk = orrery.damped_random_walk(t, numpy.cumsum(numpy.sin(t**2)), dy=numpy.full(500, 0.1))
    >>> walk.log_likelihood > walk.log_likelihood_white
    True
    """
    columns = columns_of("damped_random_walk", t, y, dy, band)
    data = (columns["t"], columns["y"], columns["sigma"])
    fit = _engine.fit_damped_random_walk(*data, mean, jitter, min_tau, max_tau, starts)
    names = ("sigma", "tau", "jitter", "log_error", "mean", "mean_error", "log_likelihood", "log_likelihood_white", "at_limit", "converged")
    return DampedRandomWalk(**{name: getattr(fit, name) for name in names}, _data=data, _mean=mean)
