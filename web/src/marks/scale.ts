// Axis scales: data to pixels and back in double precision, nice ticks and their labels.
import { tickStep, ticks as linearTicks } from 'd3-array';
import { groupDigits, kMinus, superscript } from '../text';
import type { AxisState, Scale } from '../types';

/** Maps [low, high] to [start, end] pixels; a reversed axis swaps the ends. */
export class AxisScale {
  private readonly a: number;
  private readonly b: number;
  readonly log: boolean;

  constructor(
    readonly low: number,
    readonly high: number,
    scale: Scale,
    readonly start: number,
    readonly end: number,
  ) {
    this.log = scale === 'log' && low > 0;
    const [u, v] = this.log ? [Math.log(low), Math.log(high)] : [low, high];
    this.a = (end - start) / (v - u);
    this.b = u;
  }

  px(value: number): number {
    // Subtracting before scaling keeps the digits of times like 2457000.123.
    return this.start + this.a * ((this.log ? Math.log(value) : value) - this.b);
  }

  value(px: number): number {
    const u = this.b + (px - this.start) / this.a;
    return this.log ? Math.exp(u) : u;
  }

  /** Data units per pixel at a place. */
  resolution(px: number): number {
    return Math.abs(this.value(px + 0.5) - this.value(px - 0.5));
  }
}

/** Scale of an axis over a stretch of pixels; x grows to the right, y upwards unless reversed. */
export function axisScale(axis: AxisState, range: [number, number] | null, from: number, to: number): AxisScale {
  const [low, high] = range ?? [axis.low, axis.high];
  return axis.reversed ? new AxisScale(low, high, axis.scale, to, from) : new AxisScale(low, high, axis.scale, from, to);
}

export interface Ticks {
  values: number[];
  labels: string[];
  /** What to add to every label, "+2 457 000", or empty. */
  offset: string;
}

function fixed(value: number, places: number): string {
  const text = groupDigits(Math.abs(value).toFixed(places).replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, ''));
  return Number(value.toFixed(places)) < 0 ? kMinus + text : text;
}

const placesOf = (step: number): number => Math.max(0, Math.min(15, -Math.floor(Math.log10(step) + 1e-9)));

function linear(low: number, high: number, wanted: number): Ticks {
  let count = wanted;
  while (count < wanted + 6 && linearTicks(low, high, count).length < 2) count++; // one tick alone tells no scale
  const step = tickStep(low, high, count);
  const size = Math.max(Math.abs(low), Math.abs(high));
  let base = 0;
  if (size >= 1e4 && size / step >= 1e5) {
    // Labels would repeat their leading digits: name them once.
    const unit = Math.max(1, 10 ** Math.ceil(Math.log10(step * Math.max(10, count * 2))));
    base = Math.floor(low / unit) * unit;
  }
  const values = linearTicks(low, high, count);
  const places = placesOf(step);
  const peak = Math.max(...values.map((v) => Math.abs(v - base)), step);
  if (base === 0 && (peak < 1e-4 || peak >= 1e7)) {
    const power = Math.floor(Math.log10(peak));
    const unit = 10 ** power;
    const digits = placesOf(step / unit);
    const labels = values.map((v) => (v === 0 ? '0' : fixed(v / unit, digits)));
    return { values, labels, offset: `× 10${superscript(String(power))}` };
  }
  return { values, labels: values.map((v) => fixed(v - base, places)), offset: base ? `+${groupDigits(base.toFixed(0))}` : '' };
}

export function logLabel(value: number): string {
  const power = Math.floor(Math.log10(value) + 1e-9);
  if (power >= -3 && power <= 4) return fixed(value, Math.max(0, -power));
  const mantissa = Math.round(value / 10 ** power);
  return mantissa === 1 ? `10${superscript(String(power))}` : `${mantissa} × 10${superscript(String(power))}`;
}

function logarithmic(low: number, high: number, count: number): Ticks {
  const decades = Math.log10(high / low);
  if (decades < 0.5) return linear(low, high, count);
  const powers = Math.floor(Math.log10(high) + 1e-9) - Math.ceil(Math.log10(low) - 1e-9) + 1;
  const every = Math.max(1, Math.ceil(powers / (count + 1)));
  const between = every > 1 ? [[1]] : [[1], [1, 3], [1, 2, 5], [1, 2, 3, 5, 7]];
  const candidates: number[][] = between.map((mantissas) => {
    const found: number[] = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
      if (((power % every) + every) % every !== 0) continue;
      for (const m of mantissas) found.push(Number(`${m}e${power}`));
    }
    return found.filter((v) => v >= low * (1 - 1e-9) && v <= high * (1 + 1e-9));
  });
  const fitting = candidates.filter((c) => c.length <= count + 1 && c.length >= 2);
  const values = fitting[fitting.length - 1] ?? candidates.find((c) => c.length >= 2);
  if (!values) return linear(low, high, count);
  return { values, labels: values.map(logLabel), offset: '' };
}

/** Few ticks at round places. */
export function axisTicks(scale: AxisScale, count: number): Ticks {
  const n = Math.max(2, count);
  return scale.log ? logarithmic(scale.low, scale.high, n) : linear(scale.low, scale.high, n);
}
