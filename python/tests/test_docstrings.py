"""Every example in a docstring runs."""

import doctest
import importlib
import pkgutil

import pytest

import orrery


@pytest.mark.parametrize("name", [module.name for module in pkgutil.iter_modules(orrery.__path__) if module.name != "_engine"])
def test_examples(name):
    if name == "astropy":
        pytest.importorskip("astropy", reason="astropy is not installed here: orrery.astropy is not tested")
    result = doctest.testmod(importlib.import_module(f"orrery.{name}"))
    assert result.failed == 0


def test_there_are_examples():
    finder = doctest.DocTestFinder()
    for function in (orrery.lomb_scargle, orrery.find_period, orrery.read, orrery.embedded, orrery.evaluate, orrery.figures):
        assert sum(len(test.examples) for test in finder.find(function)) > 0, function.__name__
