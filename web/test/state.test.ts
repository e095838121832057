import { describe, expect, it } from 'vitest';
import { History } from '../src/history';
import { makeHash, mergeRows, parseHash, parseRows, rowCount, rowsFromSet, rowsText, valuesFromTexts } from '../src/state';
import type { Values } from '../src/types';
import { lightCurve } from './mock_figures';
import { Rng } from './random';

const spec = lightCurve;

function randomValues(rng: Rng): Values {
  return {
    period: rng.next() < 0.3 ? null : rng.range(0.2, 1.2),
    search: [rng.range(0.1, 0.5), rng.range(0.6, 2)],
    harmonics: rng.int(1, 4),
    floating: rng.next() < 0.5,
    band: ['all', 'g', 'r', 'i & z=1'][rng.int(0, 3)]!,
    clip: 0.5 * rng.int(4, 20),
    mask: rowsFromSet(Array.from({ length: rng.int(0, 12) }, () => rng.int(0, 60))),
  };
}

describe('state in the hash', () => {
  it('property: every state comes back from its hash', () => {
    for (let seed = 0; seed < 300; seed++) {
      const values = randomValues(new Rng(seed));
      const parsed = parseHash(makeHash(spec, values, { series: 'macho.1' }))!;
      expect(parsed.figure).toBe('bench.light_curve');
      expect(parsed.sets).toEqual({ series: 'macho.1' });
      const starts = Object.fromEntries(spec.controls.map((c) => [c.name, c.start]));
      expect({ ...starts, ...valuesFromTexts(spec, parsed.texts) }).toEqual(values);
    }
  });

  it('leaves out what stands at its start', () => {
    const starts = Object.fromEntries(spec.controls.map((c) => [c.name, c.start]));
    expect(makeHash(spec, starts)).toBe('#bench.light_curve');
    expect(makeHash(spec, { ...starts, period: 0.64, mask: [3, 17, 20, 20] })).toBe('#bench.light_curve?period=0.64&mask=3-17,20');
  });

  it('ignores what makes no sense', () => {
    const parsed = parseHash('#bench.light_curve?period=abc&harmonics=2.5&nobody=1&search=1&floating=maybe&band=%E0%A4&mask=x,5')!;
    expect(valuesFromTexts(spec, parsed.texts)).toEqual({ band: '%E0%A4', mask: [5, 5] });
    expect(parseHash('')).toBeNull();
    expect(parseHash('#lectures')).toEqual({ figure: 'lectures', texts: {}, sets: {} });
  });
});

describe('row ranges', () => {
  it('property: the union of ranges is the union of rows', () => {
    for (let seed = 0; seed < 300; seed++) {
      const rng = new Rng(seed);
      const sets = [0, 1].map(() => new Set(Array.from({ length: rng.int(0, 20) }, () => rng.int(0, 40))));
      const union = new Set(sets.flatMap((s) => [...s]));
      const merged = mergeRows(...sets.map(rowsFromSet));
      expect(rowCount(merged)).toBe(union.size);
      expect(parseRows(rowsText(merged))).toEqual(merged);
      const listed: number[] = [];
      for (let k = 0; k < merged.length; k += 2) for (let row = merged[k]!; row <= merged[k + 1]!; row++) listed.push(row);
      expect(listed).toEqual([...union].sort((a, b) => a - b));
    }
  });
});

describe('undo', () => {
  it('goes back and forth over committed states, and a new state drops the undone', () => {
    const h = new History();
    h.reset({ a: 0 });
    h.commit({ a: 1 });
    h.commit({ a: 1 }); // no change, no step
    h.commit({ a: 2 });
    expect(h.undo()).toEqual({ a: 1 });
    expect(h.undo()).toEqual({ a: 0 });
    expect(h.undo()).toBeNull();
    expect(h.redo()).toEqual({ a: 1 });
    h.commit({ a: 9 });
    expect(h.canRedo).toBe(false);
    expect(h.undo()).toEqual({ a: 1 });
  });
});
