// Colour maps of image marks: 256 entries, and from values to pixels.

// 25 colours of each published map, straight lines between them: within 3 of 255 of the full tables, and a tenth of their size.
const kAnchors: Record<string, string> = {
  // van der Walt and Smith 2015
  viridis: '440154471063481f70472d7b4439834046883b528b365d8d31688e2c728e287c8e24868e21918c1f9a8a20a48628ae8035b77948c16e5ec96275d05490d743addc30c8e020e5e419fde725',
  // Nuñez, Anderton and Renslow 2018, PLoS ONE 13, e0199239
  cividis: '002051002860062f6811366c1f3e6e2e456e3c4d6e4a556d575c6e62646f6d6c707674727f7c75888477918c789a9478a49d78afa675bbaf71c8b86bd5c164e2cb5ceed553f8df4bfdea45',
  // red and blue of Brewer's maps, blue is low
  diverging: '0530611146801d5c9a2a71ae3a84bb4f98c66bacd089bfdba6cfe3bfdcebd5e7f0e6eef2f2efeef8e9e1fbddcdfaccb4f6b69aef9d80e48268d86554c94843b82d35a2192b860b2467001f',
};

function between(anchors: string, t: number): [number, number, number] {
  const n = anchors.length / 6 - 1;
  const at = Math.min(n - 1, Math.floor(t * n));
  const channel = (k: number, c: number): number => parseInt(anchors.slice(6 * k + 2 * c, 6 * k + 2 * c + 2), 16);
  const mix = (c: number): number => channel(at, c) + (t * n - at) * (channel(at + 1, c) - channel(at, c));
  return [mix(0), mix(1), mix(2)];
}

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
  const anchors = kAnchors[name] ?? kAnchors.viridis!;
  const color = (t: number): [number, number, number] => (name === 'cubehelix' ? cubehelix(t) : between(anchors, t));
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
