"""Figures: the list of them, and one state of a figure as arrays and numbers."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Union

import numpy as np

from . import _engine
from ._series import Series

Value = Union[None, bool, float, str, "list[float]"]


@dataclass(frozen=True)
class Control:
    """Something that a figure lets its user move."""

    name: str
    unit: str
    low: float
    high: float
    start: Value
    """Value until it is moved; None: the engine chooses."""
    help: str


@dataclass(frozen=True)
class FigureInfo:
    """What a figure is."""

    id: str
    title: str
    question: str
    shelf: str
    """'bench', 'lectures', 'book' or 'hacks'."""
    controls: list[Control]
    slots: list[str]
    """Inputs that may be replaced by a file or a series."""


@dataclass(frozen=True)
class Number:
    """One item of a figure's answer."""

    label: str
    value: str
    error: str
    unit: str
    note: str

    def __repr__(self) -> str:
        error = f" ± {self.error}" if self.error else ""
        unit = f" {self.unit}" if self.unit and self.unit != "1" else ""
        note = f" ({self.note})" if self.note else ""
        return f"{self.label} {self.value}{error}{unit}{note}"


class Frame(Mapping[str, "dict[str, dict[str, Any]]"]):
    """One state of a figure: panels -> marks -> columns (numpy arrays, and labels), and the numbers of its answer."""

    def __init__(self, id: str, parts: dict[str, Any]) -> None:
        self._id = id
        self._panels: dict[str, dict[str, dict[str, Any]]] = parts["panels"]
        self.numbers: list[Number] = [Number(*number) for number in parts["numbers"]]
        """The answer, as the figure's page shows it."""
        self.warnings: list[str] = parts["warnings"]
        """What could be wrong."""
        self.controls: dict[str, Value] = parts["controls"]
        """Values that the engine chose for controls left to it."""

    def __getitem__(self, panel: str) -> dict[str, dict[str, Any]]:
        return self._panels[panel]

    def __iter__(self) -> Iterator[str]:
        return iter(self._panels)

    def __len__(self) -> int:
        return len(self._panels)

    def __repr__(self) -> str:
        numbers = ", ".join(repr(number) for number in self.numbers)
        return f"<Frame {self._id}: {numbers or 'no numbers'}; panels {', '.join(self._panels)}>"


def figures() -> list[FigureInfo]:
    """Every figure of the gallery.

    >>> import orrery
    >>> all(figure.id and figure.question for figure in orrery.figures())
    True
    """
    return [FigureInfo(id, title, question, shelf, [Control(*control) for control in controls], slots)
            for id, title, question, shelf, controls, slots in _engine.figures()]


def evaluate(id: str, *, slots: Mapping[str, Series | str | os.PathLike[str]] | None = None, **values: Any) -> Frame:
    """One state of a figure, computed to its end: what its page shows for these values of its controls.

    values: by control name; what is not given takes its start. slots: a Series, or the path of a file, by slot name.

    Raises InputError: no such figure, control or slot; a value of the wrong kind or out of range; a file that cannot be read.

    >>> import orrery
    >>> frame = orrery.evaluate("bench.light_curve")
    >>> "period" in [number.label for number in frame.numbers]
    True
    """
    plain = {name: value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value for name, value in values.items()}
    given = {name: content._engine if isinstance(content, Series) else os.fspath(content) for name, content in (slots or {}).items()}
    return Frame(id, _engine.evaluate(id, plain, given))
