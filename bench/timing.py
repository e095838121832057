"""Interleaved repetitions: every round runs each candidate once, in turning order, so that a slow minute hits all of them."""

import gc
import time
from dataclasses import dataclass

import numpy as np


@dataclass
class Timing:
    """Seconds of wall clock and of the process's CPU, one a round."""

    wall: np.ndarray
    cpu: np.ndarray


def interleaved(candidates, budget, least=7, most=201):
    """Times `candidates` ({name: function}) for about `budget` seconds and between `least` and `most` rounds."""
    names = list(candidates)
    wall = {name: [] for name in names}
    cpu = {name: [] for name in names}
    for name in names:  # caches, plans, thread pools
        candidates[name]()
    gc.collect()
    gc.disable()
    try:
        start = time.perf_counter()
        rounds = 0
        while rounds < least or (rounds < most and time.perf_counter() - start < budget):
            turn = rounds % len(names)
            for name in names[turn:] + names[:turn]:
                time.sleep(0.01)  # the threads of the one before stop spinning
                cpu0, wall0 = time.process_time(), time.perf_counter()
                candidates[name]()
                wall[name].append(time.perf_counter() - wall0)
                cpu[name].append(time.process_time() - cpu0)
            rounds += 1
    finally:
        gc.enable()
    return {name: Timing(np.array(wall[name]), np.array(cpu[name])) for name in names}


def ratio(peer, us):
    """Median of peer / us round by round, with the quartiles."""
    return np.percentile(peer.wall / us.wall, [50, 25, 75])
