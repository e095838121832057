// Colour maps of image marks: 256 entries, and from values to pixels.
import { interpolateCividis, interpolateRdBu, interpolateViridis } from 'd3-scale-chromatic';

/** 256 colours as bytes r, g, b, a. */
export type Lut = Uint8Array;

/** Green's cubehelix: lightness rises evenly while the hue turns (Green 2011, BASI 39, 289): start 0.5, -1.5 rotations, hue 1. */
function cubehelix(t: number): [number, number, number] {
  const angle = 2 * Math.PI * (0.5 / 3 + 1 - 1.5 * t);
  const amplitude = (t * (1 - t)) / 2;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const channel = (p: number, q: number): number => 255 * Math.min(1, Math.max(0, t + amplitude * (p * c + q * s)));
  return [channel(-0.14861, 1.78277), channel(-0.29227, -0.90649), channel(1.97294, 0)];
}

export function parseColor(text: string): [number, number, number] {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text);
  if (hex) return [parseInt(hex[1]!, 16), parseInt(hex[2]!, 16), parseInt(hex[3]!, 16)];
  const rgb = /(\d+)\D+(\d+)\D+(\d+)/.exec(text);
  return rgb ? [Number(rgb[1]), Number(rgb[2]), Number(rgb[3])] : [0, 0, 0];
}

const made = new Map<string, Lut>();

export function lut(name: string): Lut {
  const known = made.get(name);
  if (known) return known;
  const color = (t: number): [number, number, number] => {
    if (name === 'cubehelix') return cubehelix(t);
    if (name === 'cividis') return parseColor(interpolateCividis(t));
    return parseColor(name === 'diverging' ? interpolateRdBu(1 - t) : interpolateViridis(t));
  };
  const table = new Uint8Array(1024);
  for (let k = 0; k < 256; k++) table.set([...color(k / 255).map(Math.round), 255], 4 * k);
  made.set(name, table);
  return table;
}

export interface ImageColors {
  map: string;
  low: number;
  high: number;
  log: boolean;
  /** Colours of the "classes" map. */
  classes: string[];
}

const kClassAlpha = 70;

/** Colours every value into RGBA bytes; NaN is transparent. `flip` puts the first row at the bottom. */
export function colorize(values: ArrayLike<number>, rows: number, cols: number, colors: ImageColors, flipX: boolean, flipY: boolean): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(4 * rows * cols);
  const words = new Uint32Array(out.buffer);
  const classes = colors.map === 'classes';
  const table = classes ? classLut(colors.classes) : lut(colors.map);
  const tableWords = new Uint32Array(table.buffer.slice(table.byteOffset, table.byteOffset + table.byteLength));
  const size = tableWords.length;
  const log = colors.log && colors.low > 0;
  const low = log ? Math.log(colors.low) : colors.low;
  const scale = (size - 1) / ((log ? Math.log(colors.high) : colors.high) - low || 1);
  for (let r = 0; r < rows; r++) {
    const from = r * cols;
    const to = (flipY ? rows - 1 - r : r) * cols;
    for (let c = 0; c < cols; c++) {
      const value = values[from + c]!;
      if (value !== value) continue;
      let k: number;
      if (classes) k = ((Math.round(value) % size) + size) % size;
      else {
        k = ((log ? Math.log(value > 0 ? value : 1e-300) : value) - low) * scale + 0.5;
        k = k < 0 ? 0 : k > size - 1 ? size - 1 : k | 0;
      }
      words[to + (flipX ? cols - 1 - c : c)] = tableWords[k]!;
    }
  }
  return out;
}

function classLut(colors: string[]): Lut {
  const table = new Uint8Array(4 * colors.length);
  colors.forEach((color, k) => table.set([...parseColor(color), kClassAlpha], 4 * k));
  return table;
}
