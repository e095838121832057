import { describe, expect, it } from 'vitest';
import { cursorNumber, groupDigits, kThin, parseNumber, roundTo, shortNumber, typeset, typesetWords } from '../src/text';
import { Rng } from './random';

const thin = (text: string): string => text.replaceAll('_', kThin);

describe('numbers as they are set', () => {
  it('groups digits from five on, on both sides', () => {
    expect(groupDigits('2457000.12345')).toBe(thin('2_457_000.123_45'));
    expect(groupDigits('3000')).toBe('3000');
    expect(typeset('0.641754')).toBe(thin('0.641_754'));
    expect(typeset('2e-23')).toBe('2 × 10⁻²³');
    expect(typeset('1e6')).toBe('10⁶');
    expect(typeset('-1234567.5')).toBe(thin('−1_234_567.5'));
    expect(typeset('no number')).toBe('no number');
    expect(typeset('221')).toBe('221');
    expect(typeset('10^-10')).toBe('10⁻¹⁰');
    expect(typesetWords('excluded, 1 : 10^12')).toBe('excluded, 1 : 10¹²');
  });

  it('property: a set number reads back as the same number', () => {
    for (let seed = 0; seed < 300; seed++) {
      const rng = new Rng(seed);
      const value = rng.range(-1, 1) * 10 ** rng.int(-12, 12);
      expect(parseNumber(typeset(String(value)))).toBe(value);
    }
    expect(parseNumber('abc')).toBeNaN();
    expect(parseNumber('')).toBeNaN();
    expect(parseNumber('1.5e-3')).toBe(0.0015);
  });

  it('rounds to what the hand can mean, never by more than that', () => {
    expect(roundTo(0.64175432, 0.001)).toBe(0.642);
    expect(roundTo(12345.6, 100)).toBe(12300);
    for (let seed = 0; seed < 200; seed++) {
      const rng = new Rng(seed);
      const value = rng.range(-1e4, 1e4);
      const resolution = 10 ** rng.range(-8, 3);
      // the decimal place chosen is at most the resolution, so the change is at most half of it
      expect(Math.abs(roundTo(value, resolution) - value)).toBeLessThanOrEqual(0.5 * resolution * (1 + 1e-9) + 1e-9);
    }
  });

  it('keeps the digits of Julian dates under the cursor', () => {
    expect(cursorNumber(2457000.123, 2457000, 2457001)).toBe(thin('2_457_000.123'));
    expect(cursorNumber(NaN, 0, 1)).toBe('—');
    expect(shortNumber(0.00001234)).toBe('1.234e-5');
    expect(shortNumber(123456)).toBe('123456');
  });
});
