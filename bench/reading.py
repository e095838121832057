"""Reading a 1 GB CSV: throughput and peak memory, each reader in a process of its own (peak memory is a property of a process)."""

import json
import os
import subprocess
import sys
import time

READERS = {
    "orrery": "import orrery; s = orrery.read(path); n = len(s); first, last = s.y[0], s.y[-1]",
    "pandas": "import pandas; s = pandas.read_csv(path); n = len(s); first, last = s['mag'].iloc[0], s['mag'].iloc[-1]",
    "astropy.table": "from astropy.table import Table; s = Table.read(path, format='ascii.fast_csv'); n = len(s); "
                     "first, last = s['mag'][0], s['mag'][-1]",
}
SCRIPT = """
import json, sys, time

def peak():  # VmHWM begins anew with the program; getrusage's maximum is inherited from the parent
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) * 1024

path = sys.argv[1]
import numpy
{imports}
before = peak()
wall, cpu = time.perf_counter(), time.process_time()
{code}
print(json.dumps(dict(wall=time.perf_counter() - wall, cpu=time.process_time() - cpu, before=before, n=n, first=float(first),
                      last=float(last), peak=peak())))
"""


def write_csv(path, size):
    """About `size` bytes of time, magnitude, error; one text block repeated under another day, so that writing costs no more than reading."""
    import numpy as np

    random = np.random.default_rng(3)
    n = 200_000
    day = np.sort(random.random(n))
    mag, error = random.normal(15.3, 0.3, n), random.uniform(0.005, 0.05, n)
    block = "".join(f"@@@@@@@{t:.7f},{m:.5f},{e:.5f}\n".replace("@0.", "@.") for t, m, e in zip(day, mag, error)).encode()
    rows = 0
    with open(path, "wb") as file:
        file.write(b"time,mag,mag_err\n")
        while file.tell() < size:
            file.write(block.replace(b"@@@@@@@", b"%07d" % (2450000 + rows // n)))
            rows += n
    return rows, os.path.getsize(path)


def table(folder, size, timeout=900):
    """One row a reader; the answers (rows, first and last value) must be the same."""
    path = os.path.join(folder, "reading.csv")
    rows, bytes_ = write_csv(path, size)
    out = []
    try:
        for name, code in READERS.items():
            with open(path, "rb") as file:  # the page cache is warm for everyone
                while file.read(1 << 24):
                    pass
            statement, _, rest = code.partition("; ")
            row = {"name": name, "bytes": bytes_}
            started = time.perf_counter()
            try:
                done = subprocess.run([sys.executable, "-P", "-c", SCRIPT.format(imports=statement, code=rest), path], capture_output=True,
                                      text=True, timeout=timeout, check=False)
                if done.returncode == 0:
                    row |= json.loads(done.stdout)
                    row["rows_agree"] = row["n"] == rows
                else:
                    row["failed"] = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"ended with {done.returncode}"
            except subprocess.TimeoutExpired:
                row["failed"] = f"stopped after {time.perf_counter() - started:.0f} s"
            print(row, flush=True)
            out.append(row)
    finally:
        os.remove(path)
    values = {(row["n"], row["first"], row["last"]) for row in out if "n" in row}
    assert len(values) <= 1, f"the readers disagree: {values}"
    return out


def markdown(rows):
    """The section of RESULTS.md."""
    out = [f"{rows[0]['bytes'] / 1e9:.2f} GB, {rows[0].get('n', 0)} rows of time, magnitude, error; page cache warm; memory above that of the "
           "imported libraries.", "", "| reader | s (CPU) | MB/s | peak memory GB |", "|---|---|---|---|"]
    for row in rows:
        if "failed" in row:
            out.append(f"| {row['name']} | {row['failed']} | | |")
        else:
            out.append(f"| {row['name']} | {row['wall']:.1f} ({row['cpu']:.1f}) | {row['bytes'] / row['wall'] / 1e6:.0f} | "
                       f"{(row['peak'] - row['before']) / 1e9:.2f} |")
    return out
