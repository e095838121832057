"""Template periodograms and RR Lyrae stars through the package."""

import os
import tarfile
from pathlib import Path

import numpy as np
import pytest

import orrery

SHARED = Path(os.environ.get("ORRERY_SHARED_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
BANDS = ["g", "r", "i"]


def star(template, period=0.5713, amplitude=0.8, n=45, seed=1):
    """A series of three bands with the sampling of a survey."""
    random = np.random.default_rng(seed)
    night = np.floor(random.uniform(0, 500, n)) + 0.3 * random.uniform(size=n)
    t, y, band = [], [], []
    for k, name in enumerate(BANDS):
        t.append(53000 + night + 0.003 * k)
        y.append(17 + 0.2 * k + amplitude * template.values(k, t[-1] / period) + 0.02 * random.normal(size=n))
        band += [name] * n
    return orrery.Series.from_arrays(np.concatenate(t), np.concatenate(y), np.full(3 * n, 0.02), band=band, quantity="magnitude")


@pytest.fixture(scope="module")
def templates():
    return orrery.rr_lyrae_templates(BANDS)


def test_finds_period_type_and_amplitude(templates):
    series = star(templates[6])
    found = orrery.find_rr_lyrae(series, candidates=5)
    assert abs(found.period / 0.5713 - 1) < 2e-5
    assert found.type == "ab"
    # Noise 0.02 mag of 45 points on a curve of rms 0.25: 1.5 %; in i, of half the amplitude, 3 %. Five of them.
    np.testing.assert_allclose(found.best.amplitude, 0.8, rtol=0.15)
    assert "ab 1" in repr(found)
    t = series.t[:10]
    k = series.band_names.index("g") if "g" in series.band_names else 0
    model = found.best.model(t, k)
    assert model.shape == (10,)
    assert found.best.phase(t).min() >= 0
    assert len(found.power) == found.grid.count == len(found.template_index)
    assert found.kept.dtype == bool


def test_curve_and_fit_agree_with_the_model(templates):
    series = star(templates[6])
    grid = orrery.FrequencyGrid(1.6, 2e-4, 1500)
    curve = orrery.template_periodogram(series, templates=templates[:10], grid=grid, amplitudes="free", harmonics=12)
    fit = curve.fit(refine=False)
    assert fit.frequency == pytest.approx(grid.first + grid.step * np.argmax(curve.power))
    # The curve keeps two maxima a frequency before refining them: at the top it is the fit, to rounding or to a near tie.
    assert curve.power.max() == pytest.approx(fit.power, abs=1e-3)
    chi2 = 0.0
    for k in range(3):
        band = series.select_band(series.band_names[k])
        chi2 += (((band.y - fit.model(band.t, k)) / band.sigma) ** 2).sum()
    assert chi2 == pytest.approx(fit.chi2, rel=1e-8)
    assert curve.fit().chi2 <= fit.chi2
    one = orrery.template_periodogram(series, templates=templates[:10], grid=grid, amplitudes="free", harmonics=12, threads=1)
    assert np.array_equal(one.power, curve.power)


def test_own_template(templates):
    c, s = templates[3].coefficients[0]
    mine = orrery.CurveTemplate("mine", [c], [s], 0.3, 0.9)
    assert mine.bands == 1 and mine.max_period == 0.9 and "mine" in repr(mine)
    phase = np.linspace(0, 1, 50)
    np.testing.assert_allclose(mine.values(0, phase), templates[3].values(0, phase))
    t = np.sort(np.random.default_rng(3).uniform(0, 50, 60))
    found = orrery.find_rr_lyrae(t, 15 + 0.7 * mine.values(0, t / 0.61), templates=[mine])
    assert found.period == pytest.approx(0.61, rel=1e-6)
    assert found.best.name == "mine"


def test_reads_templates_from_a_folder_and_an_archive(tmp_path):
    phase = np.arange(100) / 100
    for number, band in [(0, "g"), (100, "g"), (101, "g"), (102, "g"), (0, "r"), (100, "r"), (101, "r")]:
        value = 0.5 - 0.5 * np.cos(2 * np.pi * phase) + 0.01 * number * np.sin(4 * np.pi * phase)
        np.savetxt(tmp_path / f"{number}{band}.dat", np.column_stack([phase, value]))
    read = orrery.read_templates(tmp_path, ["g", "r"], harmonics=4)
    assert [t.name for t in read] == ["ab 100", "ab 101", "ab 102", "c 0"]
    cosine, sine = read[2].coefficients[1]  # rank 1 of 1: r 101, in the built-in proportion
    assert cosine[0] == pytest.approx(-0.5 * 0.72, rel=0.02)
    assert sine[1] / cosine[0] == pytest.approx(-1.01 / 0.5)
    with tarfile.open(tmp_path / "all.tar.gz", "w:gz") as archive:
        for file in tmp_path.glob("*.dat"):
            archive.add(file, file.name)
    again = orrery.read_templates(tmp_path / "all.tar.gz", ["g", "r"], harmonics=4)
    assert [t.name for t in again] == [t.name for t in read]
    with pytest.raises(orrery.InputError, match="in band z, got none"):
        orrery.read_templates(tmp_path, ["g", "z"])


def test_built_in_templates_are_the_published_ones():
    archive = SHARED / "rrlyrae_s82" / "RRLyr_ugriz_templates.tar.gz"
    if not archive.exists():
        pytest.skip(f"{archive} is not there")
    published = orrery.read_templates(archive, "ugriz", harmonics=32)
    built_in = orrery.rr_lyrae_templates("ugriz")
    assert [t.name for t in published] == [t.name for t in built_in]
    phase = np.arange(500) / 500
    for a, b in zip(published, built_in, strict=True):
        for k in range(5):
            x, y = a.values(k, phase), b.values(k, phase)
            # Twelve harmonics leave out 0.15 % rms of the range; amplitudes are scaled by the built-in proportion of the first template.
            assert np.std(x / np.ptp(x) - y / np.ptp(y)) < 0.006, (a.name, k)


def test_refusals(templates):
    t = np.linspace(0, 10, 30)
    grid = orrery.FrequencyGrid(1.0, 0.1, 10)
    with pytest.raises(orrery.InputError, match="shared"):
        orrery.template_periodogram(t, np.sin(t), templates=orrery.rr_lyrae_templates(["g"]), grid=grid, amplitudes="some")
    with pytest.raises(orrery.InputError, match="to have 1 band"):
        orrery.template_periodogram(t, np.sin(t), templates=templates, grid=grid)
    with pytest.raises(orrery.InputError, match="at least 1 template"):
        orrery.template_periodogram(t, np.sin(t), templates=[], grid=grid)
    with pytest.raises(orrery.InputError, match="min_period < max_period"):
        orrery.find_rr_lyrae(t, np.sin(t), min_period=0.9, max_period=0.3)
    with pytest.raises(orrery.InputError, match="more than 3 points"):
        orrery.template_periodogram(t[:3], t[:3], templates=orrery.rr_lyrae_templates(["g"]), grid=grid)
