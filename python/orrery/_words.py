"""Numbers as a reader wants them."""

from __future__ import annotations

import math

from . import _engine


def answer(value: float, error: float) -> str:
    """'0.641754 ± 0.000031': two significant digits of the error."""
    if not (math.isfinite(error) and error > 0):
        return f"{value:.6g} (error not known)"
    return f"{_engine.value_text(value, error)} ± {_engine.error_text(error)}"


def probability_text(log10: float) -> str:
    """'0.013', '2e-40', '1e-400': also below the smallest double."""
    if log10 > -4.0:
        return f"{10.0**log10:.2g}"
    exponent = math.floor(log10)
    return f"{10.0 ** (log10 - exponent):.1g}e{exponent}"
