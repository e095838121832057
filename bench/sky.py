"""Inputs of the benches: the sampling of real surveys, with its gaps, and one sinusoid under noise of uneven size."""

import numpy as np


def ground_based(n, seed, years=3.0):
    """n visits by night: seven months a year, a quarter of the nights lost to weather, within four hours of midnight."""
    random = np.random.default_rng(seed)
    nights = np.arange(int(365.25 * years))
    nights = nights[(nights % 365) < 210]
    nights = nights[random.random(len(nights)) > 0.25]
    t = random.choice(nights, n) + random.normal(0.0, 0.08, n).clip(-0.17, 0.17)
    return _series(np.sort(t), random, period=0.6417)


def from_space(n, seed, cadence=0.02043):
    """n cadences of a satellite: steady, with a day's gap every month and one in twenty lost."""
    random = np.random.default_rng(seed)
    t = cadence * np.arange(int(n * 1.1) + 100)
    t = t[(t % 30.0) > 1.0]
    t = np.sort(random.choice(t, n, replace=False))
    return _series(t, random, period=3.88)


def _series(t, random, period):
    sigma = 0.02 * np.exp(random.normal(0.0, 0.5, len(t)))
    y = 15.3 + 0.05 * np.sin(2 * np.pi * t / period + 0.7) + sigma * random.normal(size=len(t))
    return t, y, sigma


def grid(t, n_frequency):
    """First frequency and step of a regular grid with five points a peak, as astropy's autofrequency makes it."""
    step = 0.2 / (t[-1] - t[0])
    return 0.5 * step, step, n_frequency
