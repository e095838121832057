// Values of sliders: their place on the track, their steps, the digits that make sense.
import { roundTo } from '../text';

export interface Track {
  low: number;
  high: number;
  step: number;
  log: boolean;
  whole: boolean;
}

const kPlaces = 2000;
const kSteps = 200;

export const isLog = (track: Track): boolean => track.log && track.low > 0;

/** Place on the track of the native input: the value itself, or its decimal logarithm. */
export const toPlace = (track: Track, value: number): number => (isLog(track) ? Math.log10(value) : value);

/** Rounds to what the hand can mean, and keeps within the limits. */
export function settle(track: Track, value: number): number {
  if (!Number.isFinite(value)) return track.low;
  const held = Math.min(track.high, Math.max(track.low, value));
  if (track.whole) return Math.min(track.high, Math.max(track.low, Math.round(held)));
  if (track.step > 0) {
    const stepped = track.low + Math.round((held - track.low) / track.step) * track.step;
    return Math.min(track.high, Number(stepped.toPrecision(12)));
  }
  return held;
}

export function fromPlace(track: Track, place: number): number {
  const value = isLog(track) ? 10 ** place : place;
  const resolution = isLog(track) ? (value * Math.log(track.high / track.low)) / kPlaces : (track.high - track.low) / kPlaces;
  const held = Math.min(track.high, Math.max(track.low, value));
  if (held === track.low || held === track.high) return held;
  return settle(track, track.step > 0 || track.whole ? held : roundTo(held, resolution));
}

/** The value some keyboard steps away. */
export function stepped(track: Track, value: number, steps: number): number {
  if (track.whole || track.step > 0) {
    const step = track.whole ? Math.max(1, track.step) : track.step;
    if (!isLog(track)) return settle(track, value + steps * step);
    const moved = settle(track, value * (track.high / track.low) ** (steps / kSteps));
    return moved === value ? settle(track, value + Math.sign(steps) * step) : moved; // small whole numbers: at least one
  }
  const next = isLog(track) ? value * (track.high / track.low) ** (steps / kSteps) : value + (steps * (track.high - track.low)) / kSteps;
  const resolution = isLog(track) ? (next * Math.log(track.high / track.low)) / kPlaces : (track.high - track.low) / kPlaces;
  return settle(track, roundTo(next, resolution));
}
