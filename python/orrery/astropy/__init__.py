"""Classes with the names, arguments, units and conventions of astropy.timeseries, on Orrery's engine.

    from orrery.astropy import BoxLeastSquares, LombScargle, LombScargleMultiband

takes the place of the import from astropy.timeseries; nothing else of a script changes. Needs astropy, for units and times.
"""

try:
    import astropy.timeseries  # noqa: F401
except ImportError as error:
    raise ImportError("orrery.astropy needs astropy for its units and times: pip install astropy (orrery.lomb_scargle and "
                      "orrery.box_least_squares do without)") from error

from ._box import BoxLeastSquares, BoxLeastSquaresResults
from ._lomb_scargle import LombScargle
from ._multiband import LombScargleMultiband

__all__ = ["BoxLeastSquares", "BoxLeastSquaresResults", "LombScargle", "LombScargleMultiband"]
