"""Injection and recovery: injections a second, against a loop over astropy's searches on the very same injected series."""

import astropy.timeseries
import numpy as np

import orrery
import timing

SEED = 8
CELLS = {"period": (1.0, 12.0, 6), "size": (3e-4, 2e-2, 6)}
LOW, HIGH = 0.7, 24.0  # days searched


def sky(kind):
    """27 days at half-hour cadence, or 300 nights of a survey; white noise."""
    random = np.random.default_rng(SEED)
    if kind == "transit":
        t = np.arange(0, 27, 1 / 48)
        return t, 1 + random.normal(0, 1e-3, len(t)), np.full(len(t), 1e-3)
    t = np.sort(np.floor(random.uniform(0, 900, 300)) + random.uniform(0.3, 0.7, 300))
    return t, random.normal(15, 0.02, len(t)), np.full(len(t), 0.02)


def ours(kind, method, trials, threads):
    """The map, without its control."""
    cells = CELLS if kind == "transit" else {"period": (1.0, 60.0, 6), "size": (1e-3, 5e-2, 6)}
    limits = {"min_period": LOW, "max_period": HIGH if kind == "transit" else 120.0}
    return orrery.completeness(*sky(kind), kind=kind, method=method, trials=trials, threshold=7.0, control=0, threads=threads,
                               **cells, **limits)


def peers(kind, found, which):
    """Periods and SNR that astropy finds in some injected series, put together again from what the map says was injected."""
    t, y, dy = sky(kind)
    out = []
    for k in which:
        signal = {name: float(getattr(found.trials, name)[k]) for name in ("period", "size", "epoch", "impact")}
        if kind == "transit":
            flux = orrery.inject_transit(t, y, period=signal["period"], transit_time=signal["epoch"], radius_ratio=np.sqrt(signal["size"]),
                                         scaled_axis=4.2083 * signal["period"] ** (2 / 3), impact=signal["impact"], exposure=1 / 48)
            search = astropy.timeseries.BoxLeastSquares(t, flux, dy)
            durations = [0.05, 0.08, 0.12, 0.18, 0.25]
            power = search.power(search.autoperiod(durations, minimum_period=LOW, maximum_period=HIGH), durations, objective="snr", method="fast")
            out.append((float(power.period[np.argmax(power.power)]), float(np.max(power.power))))
        else:
            wave = orrery.inject_variable(t, y, period=signal["period"], amplitude=signal["size"], epoch=signal["epoch"], magnitudes=False)
            frequency, power = astropy.timeseries.LombScargle(t, wave, dy).autopower(minimum_frequency=1 / 120, maximum_frequency=1 / LOW,
                                                                                    samples_per_peak=5, normalization="psd", method="fast")
            out.append((float(1 / frequency[np.argmax(power)]), float(np.sqrt(2 * np.max(power)))))
    return out


def table(quick):
    """A row a method: injections a second on one thread, and the peer's."""
    rows = []
    for kind, methods in (("transit", ("box",) if quick else ("box", "tls", "matched")), ("variable", ("lomb_scargle",))):
        for method in methods:
            trials = 1 if quick else 4
            found = ours(kind, method, trials, 1)
            number, few = len(found.trials.period), 1 if quick else 5
            runs = {"orrery": lambda kind=kind, method=method, trials=trials: ours(kind, method, trials, 1)}
            row = {"kind": kind, "method": found.method, "number": number, "recovered": int(found.recovered.sum()), "same": None}
            if method in ("box", "lomb_scargle"):
                runs["astropy"] = lambda kind=kind, found=found, few=few: peers(kind, found, range(few))
                row["few"] = few
                # every injection well above the threshold has one period
                which = range(0, number, max(1, number // (8 if quick else 36)))
                pairs = [(found.trials.found[k], period) for k, (period, snr) in zip(which, peers(kind, found, which), strict=True)
                         if snr >= 8 and found.trials.statistic[k] >= 8]
                row["same"] = (sum(abs(a / b - 1) < 0.02 for a, b in pairs), len(pairs))
            row["times"] = timing.interleaved(runs, 2.0 if quick else 10.0, least=2)
            row["rate"] = {name: (number if name == "orrery" else few) / np.median(run.cpu) for name, run in row["times"].items()}
            rows.append(row)
            rates = ", ".join(f"{name} {rate:.0f} injections a second" for name, rate in row["rate"].items())
            print(f"completeness {kind} {row['method']}: {rates}"
                  + (f", same period {row['same'][0]} of {row['same'][1]}" if row["same"] else ""), flush=True)
    return rows


def markdown(rows):
    """The table of RESULTS.md."""
    lines = ["| search | injections | recovered | orrery, a second | astropy in a loop | / astropy | same period above SNR 8 |", "|---|---|---|---|---|---|---|"]
    for row in rows:
        peer = row["rate"].get("astropy")
        lines.append(f"| {row['kind']}, {row['method']} | {row['number']} | {row['recovered']} | {row['rate']['orrery']:.3g} | {'' if peer is None else f'{peer:.3g}'} | "
                     f"{'' if peer is None else '**' + format(row['rate']['orrery'] / peer, '.1f') + '**'} | {'' if row['same'] is None else '{} of {}'.format(*row['same'])} |")
    return lines
