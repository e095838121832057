"""Figures from Python: the same numbers as on their pages."""

import numpy as np
import pytest

import orrery

FIGURES = {figure.id: figure for figure in orrery.figures()}


def test_the_gallery_is_there():
    assert "bench.light_curve" in FIGURES
    for figure in FIGURES.values():
        assert figure.question and figure.title and figure.shelf in ("bench", "lectures", "book", "hacks")
        assert len({control.name for control in figure.controls}) == len(figure.controls)


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_gives_a_frame_at_its_start(name):
    frame = orrery.evaluate(name)
    assert len(frame) > 0 and list(frame) == list(frame.keys())
    columns = [column for panel in frame.values() for mark in panel.values() for column in mark.values() if isinstance(column, np.ndarray)]
    assert columns and any(column.size for column in columns)
    assert name in repr(frame)


def test_panels_marks_and_columns_are_numpy():
    frame = orrery.evaluate("live.reference")
    assert {"points", "curve", "spectrum", "image"} <= set(frame)
    x, y = frame["points"]["points"]["x"], frame["points"]["points"]["y"]
    assert x.dtype == np.float64 and x.shape == y.shape
    assert frame["image"]["image"]["value"].ndim == 2 and len(frame["image"]["image"]["extent"]) == 4


def test_light_curve_bench_finds_the_period_of_my_own_data(sinusoid):
    t, y, sigma = sinusoid
    series = orrery.Series.from_arrays(t, 15 + y, sigma, name="mine", y_unit="mag", quantity="magnitude")
    frame = orrery.evaluate("bench.light_curve", slots={"series": series})
    period = next(number for number in frame.numbers if number.label == "period")
    assert float(period.value) == pytest.approx(1.7, abs=10 * float(period.error)) and period.unit == "day"
    assert period.value in repr(frame)


def test_a_file_in_a_slot_is_the_same_as_its_series(tmp_path, sinusoid):
    t, y, sigma = sinusoid
    path = tmp_path / "star.csv"
    np.savetxt(path, np.c_[t, y, sigma], delimiter=",", header="time,mag,mag_err", comments="", fmt="%.17g")
    by_path = orrery.evaluate("bench.light_curve", slots={"series": path})
    by_series = orrery.evaluate("bench.light_curve", slots={"series": orrery.read(path)})
    assert [number.value for number in by_path.numbers] == [number.value for number in by_series.numbers]


def test_values_of_every_kind_pass():
    figure = FIGURES["bench.light_curve"]
    starts = {control.name: control.start for control in figure.controls}
    assert [n.value for n in orrery.evaluate("bench.light_curve", **starts).numbers] == [
        n.value for n in orrery.evaluate("bench.light_curve").numbers]
    harmonics = next(control for control in figure.controls if control.name == "harmonics")
    two = orrery.evaluate("bench.light_curve", harmonics=np.int64(2))
    assert two.numbers != orrery.evaluate("bench.light_curve", harmonics=harmonics.low).numbers


@pytest.mark.parametrize("arguments, values, says", [
    (("no.such",), {}, "no.such"), (("bench.light_curve",), {"nothing": 1}, "nothing"), (("bench.light_curve",), {"harmonics": "two"}, "harmonics"),
    (("bench.light_curve",), {"harmonics": 99}, "harmonics"), (("bench.light_curve",), {"harmonics": object()}, "harmonics"),
    (("bench.light_curve",), {"slots": {"nothing": "x.csv"}}, "no slot 'nothing'"),
    (("bench.light_curve",), {"slots": {"series": "/no/such/file.csv"}}, "file.csv"),
])
def test_one_clear_line_for_what_cannot_be_evaluated(arguments, values, says):
    with pytest.raises(orrery.InputError, match=says) as error:
        orrery.evaluate(*arguments, **values)
    assert "\n" not in str(error.value)
