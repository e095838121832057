"""Fixtures: real data, where they are; synthetic series."""

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

SHARED = Path(os.environ.get("ORRERY_SHARED_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))

# The same examples every time; the engine is fast, the machine may be busy.
settings.register_profile("orrery", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("orrery")


@pytest.fixture
def shared():
    """Path of a file of the shared data; skips the test with a message when it is absent."""

    def path(name):
        if not (SHARED / name).exists():
            pytest.skip(f"shared data file {name} is not there")
        return SHARED / name

    return path


@pytest.fixture
def sinusoid():
    """t, y, sigma of 200 points over 50 days with period 1.7 d: amplitude 1, noise 0.1."""
    random = np.random.default_rng(8)
    t = np.sort(random.uniform(0.0, 50.0, 200))
    sigma = random.uniform(0.05, 0.15, 200)
    return t, 3.0 + np.sin(2 * np.pi * t / 1.7) + sigma * random.normal(size=200), sigma
