"""Arrays on their way into the engine: contiguous float64 goes through untouched, anything else numeric is converted once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._engine import InputError

Floats = NDArray[np.float64]


def refuse(where: str, message: str) -> InputError:
    """An InputError as the engine makes it; the caller raises it."""
    error = InputError(f"{where}: {message}")
    error.kind = "input"  # type: ignore[attr-defined]
    error.where = where  # type: ignore[attr-defined]
    return error


def column(values: ArrayLike, name: str, where: str) -> Floats:
    """`values` as a contiguous float64 array (N,): the same memory when it is one already."""
    array = np.asarray(values)
    if array.ndim != 1:
        raise refuse(where, f"expected {name} with one dimension, got shape {array.shape}")
    if array.dtype.kind not in "fiub":
        if array.dtype.kind != "O":
            raise refuse(where, f"expected {name} to hold real numbers, got dtype {array.dtype}")
        try:
            array = array.astype(np.float64)
        except (TypeError, ValueError):
            raise refuse(where, f"expected {name} to hold real numbers, got objects") from None
    return np.ascontiguousarray(array, dtype=np.float64)


def unmasked(where: str, **columns: Any) -> tuple[dict[str, Floats | None], int]:
    """The columns without the rows that a mask (numpy.ma) of any of them leaves out, and how many rows that were."""
    mask = None
    for values in columns.values():
        if isinstance(values, np.ma.MaskedArray) and np.ma.is_masked(values):
            own = np.ma.getmaskarray(values)
            if mask is not None and own.shape != mask.shape:
                raise refuse(where, f"expected masks of one shape, got {mask.shape} and {own.shape}")
            mask = own if mask is None else mask | own
    plain = {name: None if values is None else column(values, name, where) for name, values in columns.items()}
    if mask is None:
        return plain, 0
    for name, values in plain.items():
        if values is not None and len(values) != len(mask):
            raise refuse(where, f"expected columns of one length, got {name} with {len(values)} and a mask with {len(mask)}")
    return {name: None if values is None else values[~mask] for name, values in plain.items()}, int(mask.sum())
