// A file given to the page: the user's data, or a picture or page that this program wrote and that reopens its state.
import { readSvgState } from './marks/surface_svg';
import { readExport } from './page';
import type { PictureState } from './picture';
import { readPngText } from './png';
import type { Values } from './types';

export interface StateFile {
  kind: 'state';
  figure: string;
  values: Values;
  sets: Record<string, string>;
  /** Contents of slots that came along (exported pages only). */
  slots: { slot: string; name: string; csv: Uint8Array }[];
  /** Slots whose files did not come along: a picture names them only. */
  missing: string[];
}

export type Opened = StateFile | { kind: 'data'; name: string; bytes: Uint8Array } | { kind: 'refused'; words: string };

export const kLargest = 256 * 1024 * 1024;

const startsWith = (bytes: Uint8Array, text: string): boolean => [...text].every((c, k) => bytes[k] === c.charCodeAt(0));

export const isFits = (bytes: Uint8Array): boolean => startsWith(bytes, 'SIMPLE  =');

function fromPicture(state: unknown, name: string): Opened {
  const s = state as Partial<PictureState> | null;
  if (!s || s.orrery !== 1 || typeof s.figure !== 'string') return { kind: 'refused', words: `${name}: expected a picture that this page saved; it has no figure inside` };
  return { kind: 'state', figure: s.figure, values: s.values ?? {}, sets: s.sets ?? {}, slots: [], missing: Object.values(s.data ?? {}) };
}

function parseJson(text: string | null): unknown {
  try {
    return text === null ? null : (JSON.parse(text) as unknown);
  } catch {
    return null;
  }
}

/** Says what a file is by its first bytes, not by its name. */
export function classify(name: string, bytes: Uint8Array): Opened {
  if (bytes.length === 0) return { kind: 'refused', words: `${name}: the file is empty` };
  if (startsWith(bytes, '\x89PNG')) return fromPicture(parseJson(readPngText(bytes)), name);
  const head = new TextDecoder().decode(bytes.subarray(0, 512)).trimStart().toLowerCase();
  if (head.startsWith('<svg') || (head.startsWith('<?xml') && head.includes('<svg'))) return fromPicture(readSvgState(new TextDecoder().decode(bytes)), name);
  if (head.startsWith('<!doctype html') || head.startsWith('<html')) {
    const config = readExport(new TextDecoder().decode(bytes));
    if (!config?.figure) return { kind: 'refused', words: `${name}: expected a page that this program exported; it has no figure inside` };
    const encoder = new TextEncoder();
    const slots = (config.slots ?? []).map((s) => ({ slot: s.slot, name: s.name, csv: encoder.encode(s.csv) }));
    return { kind: 'state', figure: config.figure, values: config.values ?? {}, sets: config.sets ?? {}, slots, missing: [] };
  }
  return { kind: 'data', name, bytes };
}

/** Why this engine cannot read a file; empty when it can try. */
export function cannotRead(bytes: Uint8Array, name: string, engine: string): string {
  if (bytes.length > kLargest) return `${name}: ${Math.round(bytes.length / 1e6)} MB is more than the ${Math.round(kLargest / 1e6)} MB that a page can hold; use "orrery periodogram ${name}"`;
  if (engine === 'wasm' && isFits(bytes)) return `${name}: FITS tables are read by the installed program ("orrery open ${name}"); this page by itself reads CSV, TSV and ECSV`;
  return '';
}
