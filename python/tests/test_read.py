"""Files: what is found by itself, what is dropped and said, and one clear line for what cannot be read."""

import gc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import orrery

CSV = "mjd,mag,mag_err\n50001.25,15.4,0.02\n50000.125,15.2,0.01\n50002.5,,0.02\n50003.5,15.1,-1\n"


@pytest.fixture
def write(tmp_path):
    def file(text, name="star.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return file


def test_columns_are_found_sorted_and_counted(write):
    star = orrery.read(write(CSV))
    np.testing.assert_array_equal(star.t, [50000.125, 50001.25])
    np.testing.assert_array_equal(star.y, [15.2, 15.4])
    np.testing.assert_array_equal(star.sigma, [0.01, 0.02])
    assert (star.name, star.quantity, star.band) == ("star", "magnitude", None)
    report = star.report
    assert (report.rows, report.measurements, report.used, report.was_sorted) == (4, 4, 2, False)
    assert sum(report.dropped.values()) == 2 and report.dropped["missing value"] == 1
    assert "mag" in report.columns["value"] and "mjd" in report.columns["time"]
    assert "2 of 4 measurements used" in str(report) and "2 dropped" in repr(star)


def test_what_the_user_says_wins(write):
    path = write("a b c d\n1 10 0.1 100\n2 20 0.2 200\n4 40 0.4 400\n", "table.txt")
    star = orrery.read(path, time="a", value="d", error=3, time_offset=2400000.5, error_scale=10.0, quantity="flux")
    np.testing.assert_array_equal(star.t, [2400001.5, 2400002.5, 2400004.5])
    np.testing.assert_array_equal(star.y, [100.0, 200.0, 400.0])
    np.testing.assert_allclose(star.sigma, [1.0, 2.0, 4.0])
    assert star.quantity == "flux"
    assert orrery.read(path, time="a", value="b", error="none").sigma is None
    with pytest.raises(orrery.InputError, match="zz"):
        orrery.read(path, time="a", value="zz")




def measured(low, high):
    """Numbers that nobody takes for "missing": a lone 99999 or -99.9 is a sentinel to the reader, by its documented rule."""
    return st.floats(low, high).filter(lambda value: set(repr(value)) - set("-.0") != {"9"})


ROW = st.tuples(measured(0, 1e5), measured(-1e3, 1e3), measured(0.01, 10))


@given(st.lists(ROW, min_size=3, max_size=30, unique_by=lambda row: row[0]), st.sampled_from([",", ";", "\t", " ", "|"]))
def test_any_delimiter_and_every_digit_survives(tmp_path_factory, rows, delimiter):
    path = tmp_path_factory.mktemp("read") / "rv.csv"
    path.write_text(delimiter.join(["time", "value", "error"]) + "\n" + "".join(delimiter.join(map(repr, row)) + "\n" for row in rows))
    star = orrery.read(path, time="time", value="value", error="error", quantity="other")
    rows = sorted(rows)
    np.testing.assert_array_equal(star.t, [row[0] for row in rows])
    np.testing.assert_array_equal(star.y, [row[1] for row in rows])
    np.testing.assert_array_equal(star.sigma, [row[2] for row in rows])


@pytest.mark.parametrize("text, says", [
    ("", "empty"), ("t,y\n", "star.csv"), ("t,y\n1,2\n", "star.csv"), ("t,y\n1,nan\n2,nan\n3,nan\n", "star.csv"),
    ("t,y\n" + "1,2\n" * 30 + "3,abc\n" + "4,5\n" * 30, "star.csv:32: column 'y'.*'abc'"),
    ("t,y\n1,2\n3,4,5\n6,7\n", "star.csv:3"), (bytes(range(256)) * 40, "star.csv"),
])
def test_one_clear_line_for_what_cannot_be_read(write, text, says):
    with pytest.raises(orrery.InputError, match=says) as error:
        orrery.read(write(text))
    assert "\n" not in str(error.value) and len(str(error.value)) < 400


def test_no_such_file_and_folders(tmp_path):
    with pytest.raises(orrery.InputError, match="nothing.csv") as error:
        orrery.read(tmp_path / "nothing.csv")
    assert error.value.kind == "io"
    with pytest.raises(orrery.InputError):
        orrery.read(tmp_path)


def test_progress_and_what_it_raises(write):
    path = write("t,y\n" + "".join(f"{i},{i % 7}\n" for i in range(1_500_000)))
    seen = []
    star = orrery.read(path, progress=lambda fraction, words: seen.append((fraction, words)))
    assert len(star) == 1_500_000
    assert all(0.0 <= fraction <= 1.0 for fraction, _ in seen) and sorted(seen) == seen and all(words for _, words in seen)

    class Enough(Exception):
        pass

    def stop(fraction, words):
        raise Enough

    with pytest.raises(Enough):
        for _ in range(50):  # a fast machine may read the file between two looks, so give it some
            orrery.read(path, progress=stop)


def test_views_keep_a_read_series_alive(write):
    t = orrery.read(write(CSV)).t
    gc.collect()
    np.testing.assert_array_equal(t, [50000.125, 50001.25])


def test_embedded_sets():
    sets = orrery.embedded()
    assert sets and all(isinstance(title, str) and title for title in sets.values())
    for name in sets:
        series = orrery.embedded(name)
        assert len(series) > 20 and np.all(np.diff(series.t) >= 0) and np.isfinite(series.y).all()
    with pytest.raises(orrery.InputError, match=f"'{next(iter(sets))}'"):
        orrery.embedded("no such set")


def test_kepler_fits(shared):
    star = orrery.read(shared("kepler/kplr001430163-2013011073258_llc.fits"))
    # 3305 good rows by the data's own page
    assert len(star) == 3305 and star.quantity == "flux" and sum(star.report.dropped.values()) > 0
