// Surface on a 2D canvas context that is already scaled to CSS pixels.
import type { Rect } from './layout';
import type { Bars, Batch } from './points';
import { StampLayer } from './stamp';
import { kFont, kTextSize, type FillStyle, type StrokeStyle, type Surface, type TextStyle } from './surface';

type Context = CanvasRenderingContext2D;

export class CanvasSurface implements Surface {
  private layer: StampLayer | null = null;
  private lastFont = ''; // the context gives back another spelling

  constructor(readonly context: Context) {}

  /** The context was reset (a canvas that changed its size). */
  forget(): void {
    this.lastFont = '';
  }

  begin(): void {
    this.context.beginPath();
  }
  move(x: number, y: number): void {
    this.context.moveTo(x, y);
  }
  line(x: number, y: number): void {
    this.context.lineTo(x, y);
  }
  circle(x: number, y: number, radius: number): void {
    this.context.moveTo(x + radius, y);
    this.context.arc(x, y, radius, 0, 2 * Math.PI);
  }
  rect(x: number, y: number, width: number, height: number, radius = 0): void {
    if (radius > 0) this.context.roundRect(x, y, width, height, radius);
    else this.context.rect(x, y, width, height);
  }
  close(): void {
    this.context.closePath();
  }

  stroke(style: StrokeStyle): void {
    const c = this.context;
    c.strokeStyle = style.color;
    c.lineWidth = style.width ?? 1;
    c.globalAlpha = style.alpha ?? 1;
    c.lineJoin = 'round';
    c.setLineDash(style.dash ?? []);
    c.stroke();
    c.globalAlpha = 1;
  }

  fill(style: FillStyle): void {
    const c = this.context;
    c.fillStyle = style.color;
    c.globalAlpha = style.alpha ?? 1;
    c.fill();
    c.globalAlpha = 1;
  }

  text(text: string, x: number, y: number, style: TextStyle): void {
    const c = this.context;
    this.font(style.size, style.weight, style.italic);
    c.textAlign = style.align ?? 'left';
    c.textBaseline = style.baseline ?? 'alphabetic';
    if (style.halo) {
      c.setLineDash([]);
      c.strokeStyle = style.halo;
      c.lineWidth = 3;
      c.lineJoin = 'round';
      c.strokeText(text, x, y);
    }
    c.fillStyle = style.color;
    c.fillText(text, x, y);
  }

  measure(text: string, size = kTextSize, weight = 400): number {
    this.font(size, weight);
    return this.context.measureText(text).width;
  }

  image(rgba: Uint8ClampedArray<ArrayBuffer>, cols: number, rows: number, x: number, y: number, width: number, height: number, smooth: boolean): void {
    if (cols < 1 || rows < 1) return;
    const c = this.context;
    const source = bitmap(rgba, cols, rows);
    c.save();
    c.imageSmoothingEnabled = smooth;
    c.translate(x, y);
    c.scale(Math.sign(width) || 1, Math.sign(height) || 1);
    c.drawImage(source, 0, 0, Math.abs(width), Math.abs(height));
    c.restore();
  }

  clip(x: number, y: number, width: number, height: number): void {
    this.context.save();
    this.context.beginPath();
    this.context.rect(x, y, width, height);
    this.context.clip();
  }
  unclip(): void {
    this.context.restore();
    this.lastFont = '';
  }

  stamp(plot: Rect, bars: Iterable<Bars>, points: Iterable<Batch>, radius: number, dim: number): void {
    const c = this.context;
    const { a, e, f } = c.getTransform();
    // The layer's pixels are the canvas's pixels.
    const margin = Math.ceil(1.5 * radius * a) + 8;
    const [left, top] = [Math.floor(a * plot.left + e) - margin, Math.floor(a * plot.top + f) - margin];
    const layer = (this.layer ??= new StampLayer());
    layer.clear(Math.ceil(a * plot.width) + 2 * margin, Math.ceil(a * plot.height) + 2 * margin);
    const placing = { scale: a, left: e - left, top: f - top };
    for (const group of bars) layer.bars(group.color, group.alpha * dim, group.xs, group.from, group.to, placing);
    for (const batch of points) layer.markers(batch.shape, radius * a, batch.color, batch.alpha * dim, batch.xs, batch.ys, placing);
    c.save();
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.drawImage(layer.image(), left, top);
    c.restore();
    this.lastFont = '';
  }

  private font(size = kTextSize, weight = 400, italic = false): void {
    const font = `${italic ? 'italic ' : ''}${weight} ${size}px ${kFont}`;
    if (this.lastFont !== font) this.context.font = this.lastFont = font;
  }
}

interface Bitmap {
  canvas: HTMLCanvasElement;
  rgba: Uint8ClampedArray | null;
}

// A few canvases, least recently used first: pixels that were drawn before are found again, new ones take the oldest of
// their size, so that a stream of frames makes no garbage.
const kBitmaps = 12;
const bitmaps: Bitmap[] = [];

function bitmap(rgba: Uint8ClampedArray<ArrayBuffer>, cols: number, rows: number): HTMLCanvasElement {
  const use = (k: number): Bitmap => {
    const [found] = bitmaps.splice(k, 1);
    bitmaps.push(found!);
    return found!;
  };
  const known = bitmaps.findIndex((b) => b.rgba === rgba);
  if (known >= 0) return use(known).canvas;
  let at = bitmaps.length >= kBitmaps ? bitmaps.findIndex((b) => b.canvas.width === cols && b.canvas.height === rows) : -1;
  if (at < 0) {
    if (bitmaps.length >= kBitmaps) bitmaps.shift();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [cols, rows];
    at = bitmaps.push({ canvas, rgba: null }) - 1;
  }
  const entry = use(at);
  entry.rgba = rgba;
  entry.canvas.getContext('2d')!.putImageData(new ImageData(rgba, cols, rows), 0, 0);
  return entry.canvas;
}
