// Many markers at once: each shape is drawn once by the canvas and then stamped as pixels, which costs a tenth of filling
// thousands of small paths. Error bars are columns of pixels.
import { parseColor } from './lut';
import { addShape } from './points';
import { CanvasSurface } from './surface_canvas';

/** The pixels of a marker that are covered at all: their places from its middle, and how much. */
interface Stamp {
  half: number;
  dx: Int8Array;
  dy: Int8Array;
  coverage: Uint8Array;
}

/** Where CSS pixels lie on the layer. */
export interface Placing {
  scale: number;
  left: number;
  top: number;
}

const kSub = 2; // places a marker can have within a pixel, in each direction
const stamps = new Map<string, Stamp>();

function makeStamp(shape: number, radius: number, subX: number, subY: number): Stamp {
  const size = 2 * Math.ceil(1.5 * radius + 1) + 1;
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size;
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  const surface = new CanvasSurface(context);
  surface.begin();
  const middle = (size - 1) / 2;
  addShape(surface, shape, middle + subX / kSub, middle + subY / kSub, radius);
  surface.fill({ color: '#000' });
  const pixels = context.getImageData(0, 0, size, size).data;
  const covered = Array.from({ length: size * size }, (_, k) => k).filter((k) => pixels[4 * k + 3]! > 0);
  return {
    half: middle,
    dx: Int8Array.from(covered, (k) => (k % size) - middle),
    dy: Int8Array.from(covered, (k) => Math.floor(k / size) - middle),
    coverage: Uint8Array.from(covered, (k) => pixels[4 * k + 3]!),
  };
}

function stampOf(shape: number, radius: number, subX: number, subY: number): Stamp {
  const key = `${shape}/${radius.toFixed(2)}/${subX}/${subY}`;
  let stamp = stamps.get(key);
  if (!stamp) stamps.set(key, (stamp = makeStamp(shape, radius, subX, subY)));
  return stamp;
}

/** An image of a plotting area in device pixels, straight alpha, to stamp on. */
export class StampLayer {
  private rgba = new Uint8ClampedArray(0);
  private words = new Uint32Array(0);
  private width = 0;
  private height = 0;
  private readonly canvas = document.createElement('canvas');

  /** Empties the layer and gives it its size. */
  clear(width: number, height: number): void {
    if (width !== this.width || height !== this.height) {
      [this.width, this.height] = [width, height];
      [this.canvas.width, this.canvas.height] = [width, height];
      this.rgba = new Uint8ClampedArray(4 * width * height);
      this.words = new Uint32Array(this.rgba.buffer);
    } else this.words.fill(0);
  }

  /** The layer as something a canvas can draw. */
  image(): HTMLCanvasElement {
    this.canvas.getContext('2d')!.putImageData(new ImageData(this.rgba as Uint8ClampedArray<ArrayBuffer>, this.width, this.height), 0, 0);
    return this.canvas;
  }

  /** Lays a colour (b, g, r in the low bytes of a word) over a pixel. */
  private blend(at: number, bgr: number, alpha: number): void {
    const word = this.words[at]!;
    if (word === 0) {
      this.words[at] = (alpha << 24) | bgr;
      return;
    }
    const below = ((word >>> 24) * (255 - alpha)) / 255;
    const sum = alpha + below;
    const mix = (shift: number): number => ((((bgr >>> shift) & 255) * alpha + ((word >>> shift) & 255) * below) / sum) | 0;
    this.words[at] = (sum << 24) | (mix(16) << 16) | (mix(8) << 8) | mix(0);
  }

  /** Markers at CSS pixels. */
  markers(shape: number, radius: number, color: string, alpha: number, xs: number[], ys: number[], placing: Placing): void {
    const [r, g, b] = parseColor(color);
    const bgr = (b << 16) | (g << 8) | r;
    const { width, height } = this;
    const variants = Array.from({ length: kSub * kSub }, (_, k) => {
      const stamp = stampOf(shape, radius, k % kSub, Math.floor(k / kSub));
      return { ...stamp, offset: Int32Array.from(stamp.dx, (dx, j) => stamp.dy[j]! * width + dx), alpha: Uint8Array.from(stamp.coverage, (c) => Math.round(c * alpha)) };
    });
    const { half } = variants[0]!;
    for (let k = 0; k < xs.length; k++) {
      const [px, py] = [xs[k]! * placing.scale + placing.left, ys[k]! * placing.scale + placing.top];
      const [x, y] = [Math.floor(px), Math.floor(py)];
      const variant = variants[Math.floor((py - y) * kSub) * kSub + Math.floor((px - x) * kSub)];
      if (!variant || x < half || y < half || x >= width - half || y >= height - half) continue; // the layer has a margin
      const at = y * width + x;
      const { offset, alpha: cover } = variant;
      for (let j = 0; j < offset.length; j++) {
        const opacity = cover[j]!;
        if (opacity === 255) this.words[at + offset[j]!] = (255 << 24) | bgr;
        else this.blend(at + offset[j]!, bgr, opacity);
      }
    }
  }

  /** Upright bars one CSS pixel wide, at CSS pixels. */
  bars(color: string, alpha: number, xs: number[], from: number[], to: number[], placing: Placing): void {
    const [r, g, b] = parseColor(color);
    const bgr = (b << 16) | (g << 8) | r;
    const thick = Math.max(1, Math.round(placing.scale));
    const opacity = Math.round(255 * alpha);
    const { width, height } = this;
    for (let k = 0; k < xs.length; k++) {
      const left = Math.max(0, Math.round(xs[k]! * placing.scale + placing.left - thick / 2));
      const [a, z] = [from[k]! * placing.scale + placing.top, to[k]! * placing.scale + placing.top];
      const top = Math.max(0, Math.round(Math.min(a, z)));
      const bottom = Math.min(height, Math.round(Math.max(a, z)));
      for (let x = left; x < Math.min(width, left + thick); x++) {
        for (let at = top * width + x; at < bottom * width; at += width) this.blend(at, bgr, opacity);
      }
    }
  }
}
