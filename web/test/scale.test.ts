import { describe, expect, it } from 'vitest';
import { fromPlace, settle, stepped, toPlace, type Track } from '../src/controls/scale';
import { axisScale, AxisScale, axisTicks } from '../src/marks/scale';
import { kThin } from '../src/text';
import { Rng } from './random';

describe('axis scales', () => {
  it('property: pixels and values are inverse, in double precision around a Julian date', () => {
    for (let seed = 0; seed < 200; seed++) {
      const rng = new Rng(seed);
      const low = 2457000 + rng.range(0, 1);
      const scale = new AxisScale(low, low + rng.range(0.001, 5), 'linear', 46, 900);
      const value = low + 0.123456;
      // one unit in the last place of 2.4e6 is 5e-10; the way there and back may lose a few
      expect(Math.abs(scale.value(scale.px(value)) - value)).toBeLessThan(3e-9);
      const log = new AxisScale(1e-3, 1e3, 'log', 0, 500);
      const v = 10 ** rng.range(-3, 3);
      expect(Math.abs(log.value(log.px(v)) / v - 1)).toBeLessThan(1e-12);
    }
  });

  it('magnitudes: reversed swaps the ends', () => {
    const axis = { label: '', unit: '', low: 16, high: 18, scale: 'linear' as const, reversed: true, ticks: true };
    const scale = axisScale(axis, null, 200, 0); // y: bottom to top
    expect(scale.px(16)).toBe(0);
    expect(scale.px(18)).toBe(200);
  });

  it('ticks are few, round, within the range and labelled apart', () => {
    for (let seed = 0; seed < 500; seed++) {
      const rng = new Rng(seed);
      const low = rng.range(-1, 1) * 10 ** rng.int(-6, 7);
      const high = low + 10 ** rng.range(-3, 6);
      const count = rng.int(2, 7);
      const ticks = axisTicks(new AxisScale(low, high, 'linear', 0, 500), count);
      expect(ticks.values.length).toBeLessThanOrEqual(2 * count + 2);
      for (const v of ticks.values) expect(v >= low - 1e-9 * Math.abs(low) && v <= high + 1e-9 * Math.abs(high)).toBe(true);
      expect(new Set(ticks.labels).size).toBe(ticks.labels.length);
    }
  });

  it('log ticks: decades, and 1-2-5 or fewer between', () => {
    expect(axisTicks(new AxisScale(0.01, 100, 'log', 0, 500), 5).labels).toEqual(['0.01', '0.1', '1', '10', '100']);
    expect(axisTicks(new AxisScale(0.2, 1.2, 'log', 0, 500), 5).values).toEqual([0.2, 0.3, 0.5, 0.7, 1]);
    expect(axisTicks(new AxisScale(1e-9, 1e12, 'log', 0, 300), 4).values.length).toBeLessThanOrEqual(5);
  });

  it('Julian dates in a narrow range name their common part once', () => {
    const ticks = axisTicks(new AxisScale(2457000.11, 2457000.14, 'linear', 0, 500), 4);
    expect(ticks.offset).toBe(`+2${kThin}457${kThin}000`);
    expect(ticks.labels).toContain('0.12');
    expect(axisTicks(new AxisScale(0, 2e-9, 'linear', 0, 300), 4).offset).toBe('× 10⁻⁹');
  });
});

describe('slider tracks', () => {
  const track = (t: Partial<Track>): Track => ({ low: 0, high: 1, step: 0, log: false, whole: false, ...t });

  it('property: a place gives a value within the limits, near the place', () => {
    for (let seed = 0; seed < 300; seed++) {
      const rng = new Rng(seed);
      const low = 10 ** rng.range(-3, 1);
      const t = track({ low, high: low * 10 ** rng.range(0.2, 4), log: rng.next() < 0.5 });
      const [a, b] = [toPlace(t, t.low), toPlace(t, t.high)];
      const place = rng.range(a, b);
      const value = fromPlace(t, place);
      expect(value >= t.low && value <= t.high).toBe(true);
      expect(Math.abs(toPlace(t, value) - place)).toBeLessThan((b - a) / 500);
    }
  });

  it('steps: whole numbers move by at least one, page by ten, ends hold', () => {
    const t = track({ low: 1, high: 8, whole: true, step: 1 });
    expect(stepped(t, 3, 1)).toBe(4);
    expect(stepped(t, 3, 10)).toBe(8);
    expect(settle(t, 3.4)).toBe(3);
    const log = track({ low: 8, high: 300, log: true, whole: true, step: 1 });
    expect(stepped(log, 8, 1)).toBe(9);
    expect(settle(track({ low: 0.5, high: 10, step: 0.5 }), 5.2)).toBe(5);
    expect(settle(t, NaN)).toBe(1);
  });

  it('ends of the track are reached exactly', () => {
    const t = track({ low: 0.2, high: 1.2, log: true });
    expect(fromPlace(t, Math.log10(1.2) + 1e-12)).toBe(1.2);
    expect(fromPlace(t, Math.log10(0.2) - 1e-12)).toBe(0.2);
  });
});
