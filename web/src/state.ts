// The state of a figure in the URL hash: "#bench.light_curve?period=0.64&harmonics=3&mask=3-17,20".
import type { ControlSpec, FigureSpec, Value, Values } from './types';

export interface HashState {
  figure: string;
  /** Texts by control name; they get their kind when the figure's controls are known. */
  texts: Record<string, string>;
  /** Chosen embedded sets by slot. */
  sets: Record<string, string>;
}

const kSetPrefix = 'data.';

export function parseHash(hash: string): HashState | null {
  const text = hash.replace(/^#/, '');
  if (!text) return null;
  const cut = text.indexOf('?');
  const figure = decode(cut < 0 ? text : text.slice(0, cut));
  const state: HashState = { figure, texts: {}, sets: {} };
  for (const pair of cut < 0 ? [] : text.slice(cut + 1).split('&')) {
    const at = pair.indexOf('=');
    if (at <= 0) continue;
    const name = decode(pair.slice(0, at));
    const value = decode(pair.slice(at + 1));
    if (name.startsWith(kSetPrefix)) state.sets[name.slice(kSetPrefix.length)] = value;
    else state.texts[name] = value;
  }
  return state;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Row ranges as text: [3, 17, 20, 20] is "3-17,20". */
export function rowsText(rows: number[]): string {
  const parts: string[] = [];
  for (let k = 0; k + 1 < rows.length; k += 2) parts.push(rows[k] === rows[k + 1] ? `${rows[k]}` : `${rows[k]}-${rows[k + 1]}`);
  return parts.join(',');
}

export function parseRows(text: string): number[] {
  const rows: number[] = [];
  for (const part of text.split(',')) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part.trim());
    if (match) rows.push(Number(match[1]), Number(match[2] ?? match[1]));
  }
  return rows;
}

/** A control's value from its text; undefined when the text is not one. */
export function parseValue(control: ControlSpec, text: string): Value | undefined {
  const numbers = (): number[] => text.split(',').map(Number);
  switch (control.kind) {
    case 'slider':
      if (text === 'auto') return null;
      return text !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
    case 'integer':
      return /^-?\d+$/.test(text) ? Number(text) : undefined;
    case 'range':
    case 'point':
      return numbers().length === 2 && numbers().every(Number.isFinite) ? numbers() : undefined;
    case 'toggle':
      return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : undefined;
    case 'choice':
      return text;
    case 'rows':
      return parseRows(text);
  }
}

export function valueText(control: ControlSpec, value: Value): string {
  if (value === null) return 'auto';
  if (control.kind === 'rows') return rowsText(value as number[]);
  return Array.isArray(value) ? value.join(',') : String(value);
}

/** Values of the texts that name a control of the figure and make sense for it. */
export function valuesFromTexts(spec: FigureSpec, texts: Record<string, string>): Values {
  const values: Values = {};
  for (const control of spec.controls) {
    const text = texts[control.name];
    const value = text === undefined ? undefined : parseValue(control, text);
    if (value !== undefined) values[control.name] = value;
  }
  return values;
}

/** The hash of a state; what stands at its start value is left out. */
export function makeHash(spec: FigureSpec, values: Values, sets: Record<string, string> = {}): string {
  const plain = (text: string): string => encodeURIComponent(text).replace(/%2C/g, ',');
  const parts: string[] = [];
  for (const [slot, id] of Object.entries(sets)) parts.push(`${kSetPrefix}${plain(slot)}=${plain(id)}`);
  for (const control of spec.controls) {
    const value = values[control.name];
    if (value === undefined || JSON.stringify(value) === JSON.stringify(control.start)) continue;
    parts.push(`${plain(control.name)}=${plain(valueText(control, value))}`);
  }
  return `#${spec.figure.id}${parts.length ? `?${parts.join('&')}` : ''}`;
}

/** Adds closed row ranges to closed row ranges: sorted, merged, neighbours joined. */
export function mergeRows(...lists: number[][]): number[] {
  const pairs: [number, number][] = [];
  for (const list of lists) for (let k = 0; k + 1 < list.length; k += 2) pairs.push([list[k]!, list[k + 1]!]);
  pairs.sort((a, b) => a[0] - b[0]);
  const out: number[] = [];
  for (const [a, b] of pairs) {
    if (out.length && a <= out[out.length - 1]! + 1) out[out.length - 1] = Math.max(out[out.length - 1]!, b);
    else out.push(a, b);
  }
  return out;
}

export const rowsFromSet = (rows: Iterable<number>): number[] => mergeRows([...rows].flatMap((row) => [row, row]));

export const rowCount = (rows: number[]): number => {
  let count = 0;
  for (let k = 0; k + 1 < rows.length; k += 2) count += rows[k + 1]! - rows[k]! + 1;
  return count;
};
