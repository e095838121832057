"""Arrays on their way in: the same memory when they can be used as they are, one clear line when they cannot."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import orrery
from orrery import _columns, _engine


def test_contiguous_float64_is_not_copied():
    values = np.arange(10.0)
    seen = _columns.column(values, "t", "here")
    assert np.shares_memory(seen, values)
    assert _engine.address(seen) == values.ctypes.data


def test_read_only_is_not_copied():
    values = np.arange(10.0)
    values.flags.writeable = False
    assert _engine.address(_columns.column(values, "t", "here")) == values.ctypes.data


def test_the_engine_does_not_convert():
    for wrong in (np.arange(10), np.arange(10.0, dtype=np.float32), np.arange(10.0)[::2], np.zeros((2, 2)), [1.0, 2.0]):
        with pytest.raises(TypeError):
            _engine.address(wrong)


@given(hnp.arrays(st.sampled_from([np.int8, np.uint16, np.int64, np.float32, np.float64, np.bool_, ">f8", "<f4"]),
                  st.integers(0, 50)), st.integers(1, 3))
def test_any_real_dtype_and_stride_comes_through(values, step):
    seen = _columns.column(values[::step], "y", "here")
    assert seen.dtype == np.float64 and seen.flags.c_contiguous
    np.testing.assert_array_equal(seen, values[::step].astype(np.float64))


def test_lists_tuples_and_numeric_objects():
    np.testing.assert_array_equal(_columns.column([1, 2.5], "y", "here"), [1.0, 2.5])
    np.testing.assert_array_equal(_columns.column((True, 2), "y", "here"), [1.0, 2.0])
    np.testing.assert_array_equal(_columns.column(np.array([1, 2.5], dtype=object), "y", "here"), [1.0, 2.5])


@pytest.mark.parametrize("wrong, says", [
    (np.zeros(3, complex), "complex128"), (["a", "b"], "real numbers"), (np.zeros((2, 3)), r"shape \(2, 3\)"), (1.0, r"shape \(\)"),
    (np.array(["2020-01-01"], "datetime64[D]"), "datetime64"), (np.array([None, object()], dtype=object), "objects"),
])
def test_what_is_no_column_of_numbers_is_refused(wrong, says):
    with pytest.raises(orrery.InputError, match=says) as error:
        _columns.column(wrong, "y", "here")
    assert str(error.value).startswith("here: expected y") and "\n" not in str(error.value)
    assert error.value.where == "here" and error.value.kind == "input"


def test_masks_are_joined_and_counted():
    t = np.ma.masked_array([1.0, 2.0, 3.0, 4.0], [0, 1, 0, 0])
    y = np.ma.masked_array([1.0, 2.0, np.nan, 4.0], [0, 0, 1, 0])
    columns, dropped = _columns.unmasked("here", t=t, y=y, sigma=None)
    assert dropped == 2 and columns["sigma"] is None
    np.testing.assert_array_equal(columns["t"], [1.0, 4.0])
    np.testing.assert_array_equal(columns["y"], [1.0, 4.0])


def test_masks_of_other_lengths_are_refused():
    with pytest.raises(orrery.InputError, match="one length"):
        _columns.unmasked("here", t=np.ma.masked_array([1.0, 2.0], [0, 1]), y=[1.0])
    with pytest.raises(orrery.InputError, match="masks of one shape"):
        _columns.unmasked("here", t=np.ma.masked_array([1.0, 2.0], [0, 1]), y=np.ma.masked_array([1.0], [1]))
