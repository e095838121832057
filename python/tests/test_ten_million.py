"""Ten million points: what a method needs beyond the three columns given stays within a stated number of bytes a point."""

import os
import subprocess
import sys

import pytest

# Bytes a point beyond the input (t, y, dy: 24). A working copy of the series is 24 to 32, in order of time, with weights; the rest is
# named.
CALLS = {
    "exact sums: times, weights, weighted values": (40, 10_000_000, "orrery.lomb_scargle(t, y, dy, frequency=f, method='exact').power"),
    "transform: sorted columns, phases, cells": (150, 10_000_000, "orrery.lomb_scargle(t, y, dy, frequency=grid, method='fast').power"),
    "dispersion: the order of the times": (80, 10_000_000, "orrery.periodogram(t, y, dy, method='pdm', frequency=f)"),
    "entropy: value bins": (80, 10_000_000, "orrery.periodogram(t, y, dy, method='entropy', frequency=f)"),
    "variance: as the exact sums": (100, 10_000_000, "orrery.periodogram(t, y, dy, method='aov', frequency=f)"),
    "string: phases, their order twice": (100, 2_000_000, "orrery.periodogram(t, y, dy, method='string_length', frequency=f)"),
    "smoother: three curves, prefix sums on one and a half turns": (
        300, 1_000_000, "orrery.periodogram(t, y, dy, method='supersmoother', frequency=f[:4])"),
    "information: some 36 columns of the kernel, twice": (800, 200_000, "orrery.periodogram(t, y, dy, method='qmi', frequency=f[:4])"),
    "boxes: times and sums as the bins want them": (60, 10_000_000, "orrery.box_least_squares(t, y, dy, period=1 / f, duration=0.2)"),
    "transits: sorted copies, residuals": (100, 10_000_000, "orrery.transit_least_squares(t, y, dy, period=1 / f[:4])"),
    "trend: the pieces, the trend and what is left": (100, 2_000_000, "orrery.flatten(t, y, window=1.0)"),
    "modes: columns of the fit, residuals twice": (150, 2_000_000, "orrery.prewhiten(t, y, dy, frequency=grid, max_modes=1)"),
    "cleaning: weights, weighted values, transform": (200, 2_000_000, "orrery.clean(t, y, dy, max_frequency=0.2)"),
    "search: bands, spacings, transform, rivals": (500, 1_000_000, "orrery.find_period(t, y, dy, min_period=5, max_period=7)"),
}
SLACK = 60e6  # allocator, thread stacks, code that is paged in: nothing that grows with the points


def beyond(call, points):
    """Bytes of the greatest resident size that the call adds to what the process had with its input."""
    program = f"""
import resource, numpy, orrery
random = numpy.random.default_rng(0)
t = numpy.arange({points}) * (1000.0 / {points})
y = numpy.sin(t)
y += random.random({points})
dy = numpy.full({points}, 0.3)
f = numpy.linspace(0.14, 0.18, 192)[:{192 if "threads" in call else 16}]
grid = orrery.FrequencyGrid(0.14, 0.001, 16)
resident = int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize()
open("/proc/self/clear_refs", "w").write("5")
{call}
peak = [int(line.split()[1]) * 1024 for line in open("/proc/self/status") if line.startswith("VmHWM")][0]
print(peak - resident)
"""
    done = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True, env=dict(os.environ))
    if "clear_refs" in done.stderr:
        pytest.skip("the peak of the resident size cannot be set back here")
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


@pytest.mark.parametrize("words", CALLS)
def test_bytes_a_point(words):
    most, points, call = CALLS[words]
    assert beyond(call, points) <= most * points + SLACK


def test_threads_share_a_gigabyte():
    # Four parts of the frequencies would each keep a series of 66 bytes a point: 1.6 GB. The binding runs as many as fit into one.
    assert beyond("orrery.periodogram(t, y, dy, method='pdm', frequency=f, threads=4)", 6_000_000) <= 1e9 + SLACK


def test_information_names_its_memory_before_it_takes_it():
    program = """
import numpy, orrery
t = numpy.arange(2e6)
try:
    orrery.periodogram(t, t % 7, method="qmi", frequency=[0.1])
except orrery.InputError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True, env=dict(os.environ))
    assert "expected at most 1048576 points, got 2000000" in done.stdout
    assert "GB" in done.stdout
