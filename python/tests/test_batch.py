"""Many stars in one call."""

import numpy as np
import pytest

import orrery


def stars(count=12, seed=1):
    random = np.random.default_rng(seed)
    out = []
    for s in range(count):
        n = int(random.integers(30, 300))
        t = random.uniform(0, 50 + 10 * s, n)
        dy = random.uniform(0.1, 0.3, n)
        out.append((t, np.sin(2 * np.pi * t * (0.3 + 0.02 * s)) + dy * random.normal(size=n), dy))
    return out


@pytest.mark.parametrize("threads", [1, 2])
def test_every_star_as_one_by_one(threads):
    grids = [orrery.FrequencyGrid(0.05, 0.001, 700 + 50 * s) for s in range(12)]
    found = orrery.lomb_scargle_batch(stars(), frequency=grids, harmonics=2, normalization="log", peaks=2, threads=threads)
    for s, star in enumerate(stars()):
        one = orrery.lomb_scargle(*star, frequency=grids[s], method="fast", harmonics=2, normalization="log")
        assert np.array_equal(found.power(s), one.power)
        assert np.array_equal(found.frequency(s), one.frequency)
        assert found.peak_power[s, 0] == one.power.max()
    assert found.peak_frequency.shape == (12, 2)
    simple = orrery.lomb_scargle_batch(stars(), frequency=grids, threads=threads)  # two harmonics cannot tell f from f / 2
    assert np.abs(simple.peak_frequency[:, 0] - (0.3 + 0.02 * np.arange(12))).max() < 0.02


def test_peaks_only_and_without_errors():
    grid = orrery.FrequencyGrid(0.05, 0.001, 900)
    bare = orrery.lomb_scargle_batch([star[:2] for star in stars()], frequency=grid, keep_power=False, peaks=3)
    kept = orrery.lomb_scargle_batch([star[:2] for star in stars()], frequency=grid, peaks=3)
    assert np.array_equal(bare.peak_frequency, kept.peak_frequency)
    with pytest.raises(orrery.InputError, match="not kept"):
        bare.power(0)
    assert repr(bare) == "<BatchPeriodogram: 12 stars, 3 peaks each, powers not kept>"
    assert len(orrery.lomb_scargle_batch([], frequency=grid)) == 0


def test_bad_input():
    grid = orrery.FrequencyGrid(0.05, 0.001, 900)
    good = stars(3)
    bad = [*good[:2], (good[2][0], good[2][1] * np.nan, good[2][2])]
    for arguments, settings, words in [
        (bad, {}, "star 2"), ([*good, good[0][:2]], {}, "all without"), ([(1, 2, 3, 4)], {}, "4 columns"), ([([1.0, 2.0], [1.0])], {}, "one length"),
        (good, {"harmonics": 0}, "harmonics"), (good, {"max_bytes": 1e3}, "GiB"), (good, {"peaks": -1}, "peaks"), (good, {"normalization": "x"}, "log"),
    ]:
        with pytest.raises(orrery.InputError, match=words):
            orrery.lomb_scargle_batch(arguments, frequency=grid, **settings)
    with pytest.raises(orrery.InputError, match="1 grid or 3"):
        orrery.lomb_scargle_batch(good, frequency=[grid, grid])
