"""The kept stub of the extension is what nanobind's stubgen makes of it: python/update_stubs after a change."""

from pathlib import Path

import pytest

import orrery
from orrery import _engine

GOLDEN = Path(__file__).resolve().parents[1] / "orrery" / "_engine.pyi"


def test_stub_is_up_to_date():
    stubgen = pytest.importorskip("nanobind.stubgen", reason="nanobind is not installed here")
    stub = stubgen.StubGen(module=_engine, quiet=True)
    stub.put(_engine)
    assert stub.get() == GOLDEN.read_text(encoding="utf-8"), "run python/update_stubs and commit python/orrery/_engine.pyi"


def test_package_says_that_it_is_typed():
    assert (Path(orrery.__file__).parent / "py.typed").exists()
    assert (Path(orrery.__file__).parent / "_engine.pyi").exists()


def test_every_public_name_is_there_and_has_a_docstring():
    for name in orrery.__all__:
        assert getattr(orrery, name).__doc__, name
