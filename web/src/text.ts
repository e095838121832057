// Numbers and units as a careful typesetter would set them.

export const kThin = '\u202f'; // narrow space that does not break: between groups of digits
export const kMinus = '\u2212';
const kSuper: Record<string, string> = {
  '0': '⁰', '1': '¹', '2': '²', '3': '³', '4': '⁴', '5': '⁵', '6': '⁶', '7': '⁷', '8': '⁸', '9': '⁹', '-': '⁻', '+': '',
};

export const superscript = (text: string): string => [...text].map((c) => kSuper[c] ?? c).join('');

/** Groups of three digits on both sides of the point, when there are five digits or more on that side. */
export function groupDigits(digits: string): string {
  const [whole = '', fraction] = digits.split('.');
  const left = whole.length >= 5 ? whole.replace(/\B(?=(\d{3})+(?!\d))/g, kThin) : whole;
  if (fraction === undefined) return left;
  const right = fraction.length >= 5 ? fraction.replace(/(\d{3})(?=\d)/g, `$1${kThin}`) : fraction;
  return `${left}.${right}`;
}

/** Words with powers of ten in them: "1 : 10^6" has its exponent raised. */
export const typesetWords = (text: string): string => text.replace(/\b10\^(-?\d+)/g, (_, power: string) => `10${superscript(power)}`);

/** Sets a plain number ("-1234567.5", "2e-23") for reading; other text comes back with its hyphens left alone. */
export function typeset(text: string): string {
  const match = /^([+\-\u2212]?)(\d+(?:\.\d*)?|\.\d+)(?:[eE]([+-]?\d+))?$/.exec(text.trim());
  if (!match) return typesetWords(text);
  const sign = match[1] === '-' || match[1] === kMinus ? kMinus : (match[1] ?? '');
  const body = groupDigits(match[2]!);
  if (match[3] === undefined) return sign + body;
  const power = `10${superscript(String(Number(match[3])))}`;
  return sign + (match[2] === '1' ? power : `${body} × ${power}`);
}

/** The inverse for number fields: takes thin spaces, minus signs and "× 10ⁿ" as they are shown; NaN when it is no number. */
export function parseNumber(text: string): number {
  const plain = text
    .replace(/\u2212/g, '-')
    .replace(/\s*×\s*10/, 'e')
    .replace(/^(\s*-?)10(?=[⁰¹²³⁴⁵⁶⁷⁸⁹⁻])/, '$11e')
    .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]/g, (c) => Object.keys(kSuper).find((k) => kSuper[k] === c) ?? '')
    .replace(/[\s\u202f\u2009_]/g, '')
    .replace(/(\d),(?=\d{3}\b)/g, '$1');
  return /\d/.test(plain) ? Number(plain) : NaN;
}

const kUnits: Record<string, string> = {
  '1': '', day: 'd', '1/day': 'd⁻¹', sigma: 'σ', deg: '°', percent: '%', hour: 'h', 'm/s': 'm/s', minute: 'min', second: 's', year: 'yr',
};

/** Short form of a unit, for beside a number. */
export const shortUnit = (unit: string): string => kUnits[unit] ?? unit;

/** "label, unit" of an axis. */
export function axisTitle(label: string, unit: string): string {
  const shown = unit === '1' || unit === '' ? '' : unit === '1/day' ? '1/day' : unit;
  return [label, shown].filter(Boolean).join(', ');
}

/** Rounds to the decimal place that `resolution` calls for: no digits that the hand could not have meant. */
export function roundTo(value: number, resolution: number): number {
  if (!(resolution > 0) || !Number.isFinite(value)) return value;
  const places = -Math.floor(Math.log10(resolution));
  if (places > 15) return value;
  if (places >= 0) return Number(value.toFixed(Math.min(places, 20)));
  const unit = 10 ** -places;
  return Math.round(value / unit) * unit;
}

/** Shortest form with at most `digits` significant digits; powers of ten outside 1e-4 ... 1e7. */
export function shortNumber(value: number, digits = 6): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '' : value > 0 ? '∞' : `${kMinus}∞`;
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 10 ** Math.max(7, digits)) {
    const [mantissa, power] = value.toExponential(digits - 1).split('e');
    return `${mantissa!.replace(/\.?0+$/, '')}e${Number(power)}`;
  }
  return String(Number(value.toPrecision(digits)));
}

/** A value of a panel beside a cursor: as many digits as the axis range asks for, so that 2457000.123 stays 2457000.123. */
export function cursorNumber(value: number, low: number, high: number): string {
  if (!Number.isFinite(value)) return '—';
  const span = Math.abs(high - low);
  const size = Math.abs(value);
  const least = size >= 1e5 && span < 1e5 ? 3 : 0; // a date far from its origin: the part of a day counts
  const places = span > 0 ? Math.max(least, Math.min(12, 3 - Math.floor(Math.log10(span)))) : 6;
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return typeset(shortNumber(value, 4));
  return typeset(value.toFixed(places).replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, ''));
}
