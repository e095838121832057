"""Series from arrays: order, views, bands, and what is refused."""

import gc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import orrery


ROW = st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(1e-3, 1e3), st.sampled_from("ugriz"))


@given(st.lists(ROW, min_size=1, max_size=40))
def test_rows_stay_together_in_order_of_time(rows):
    t, y, sigma, band = (list(values) for values in zip(*rows))
    series = orrery.Series.from_arrays(t, y, sigma, band=band)
    names = [series.band_names[code] for code in series.band]
    assert list(zip(series.t, series.y, series.sigma, names)) == sorted(zip(t, y, sigma, band), key=lambda row: row[0])
    assert series.band_names == sorted(set(band)) and len(series) == len(rows)
    report = series.report
    assert report.rows == report.measurements == report.used == len(rows) and report.dropped == {}
    assert report.duplicates == len(rows) - len(set(zip(t, band))) and report.was_sorted == (t == sorted(t))


def test_columns_are_views_that_keep_the_series_alive():
    series = orrery.Series.from_arrays(np.arange(1000.0), np.ones(1000), np.full(1000, 0.5))
    assert series.t.ctypes.data == series.t.ctypes.data
    t = series.t
    del series
    gc.collect()
    np.testing.assert_array_equal(t, np.arange(1000.0))
    with pytest.raises(ValueError, match="read-only"):
        t[0] = 1.0


def test_masked_rows_are_dropped_and_said():
    series = orrery.Series.from_arrays([1.0, 2.0, 3.0], np.ma.masked_invalid([1.0, np.nan, 3.0]), name="star")
    assert len(series) == 2 and series.report.dropped == {"masked": 1}
    assert str(series.report) == "2 of 3 measurements used; dropped: 1 (masked)"
    assert series.sigma is None and series.band is None
    assert repr(series) == "<Series 'star': 2 points, 2 days, 1 dropped>"


def test_one_band_of_several():
    series = orrery.Series.from_arrays([3, 1, 2], [30, 10, 20], band=["r", "g", "r"])
    red = series.select_band("r")
    np.testing.assert_array_equal(red.t, [2.0, 3.0])
    np.testing.assert_array_equal(red.y, [20.0, 30.0])
    with pytest.raises(orrery.InputError, match="expected band to be one of 'g', 'r', got 'z'"):
        series.select_band("z")


@pytest.mark.parametrize("arguments, says", [
    (([1, 2], [1]), "one length"), (([1, 2], [1, 2], [1]), "one length"), (([], []), "at least 1 point"),
    (([1, np.nan], [1, 2]), r"finite times, got 1 bad value, first at index 1"), (([1, 2], [np.inf, 2]), "finite values"),
    (([1, 2], [1, 2], [0.1, 0.0]), "finite uncertainties > 0"), (([1, 2], [1, 2], [0.1, -1.0]), "finite uncertainties > 0"),
])
def test_what_is_no_series_is_refused(arguments, says):
    with pytest.raises(orrery.InputError, match=says) as error:
        orrery.Series.from_arrays(*arguments)
    assert "\n" not in str(error.value) and isinstance(error.value, ValueError)


def test_unknown_quantity_and_bands_of_another_length():
    with pytest.raises(orrery.InputError, match="'magnitude', 'flux', 'velocity', 'other', got 'size'"):
        orrery.Series.from_arrays([1, 2], [1, 2], quantity="size")
    with pytest.raises(orrery.InputError, match="one length"):
        orrery.Series.from_arrays([1, 2], [1, 2], band=["g"])
