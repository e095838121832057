// Points with error bars, shapes by band, linked selection; dense ones come as a raster.
import type { MarkData, MarkSpec, PanelData } from '../types';
import type { DrawOptions, Numbers } from './draw';
import type { Layout } from './layout';
import type { Surface } from './surface';
import { bandColor, roleColor, type Theme } from './theme';

const kAlphaLevels = 8;
const kStampFrom = 250; // points: from here on pixels are cheaper than paths
export const kShapes = 7;

/** Adds a marker to the path: circle, square, triangle, diamond, triangle down, plus, cross. Never colour alone. */
export function addShape(surface: Surface, shape: number, x: number, y: number, r: number): void {
  const polygon = (points: [number, number][]): void => {
    points.forEach(([dx, dy], k) => (k ? surface.line(x + dx * r, y + dy * r) : surface.move(x + dx * r, y + dy * r)));
    surface.close();
  };
  const w = 0.45;
  switch (((shape % kShapes) + kShapes) % kShapes) {
    case 0: surface.circle(x, y, r); break;
    case 1: surface.rect(x - r, y - r, 2 * r, 2 * r); break;
    case 2: polygon([[0, -1.4], [1.3, 0.9], [-1.3, 0.9]]); break;
    case 3: polygon([[0, -1.5], [1.35, 0], [0, 1.5], [-1.35, 0]]); break;
    case 4: polygon([[0, 1.4], [1.3, -0.9], [-1.3, -0.9]]); break;
    case 5: polygon([[-w, -1.3], [w, -1.3], [w, -w], [1.3, -w], [1.3, w], [w, w], [w, 1.3], [-w, 1.3], [-w, w], [-1.3, w], [-1.3, -w], [-w, -w]]); break;
    default: polygon([[-1.1, -0.5], [-0.5, -1.1], [0, -0.6], [0.5, -1.1], [1.1, -0.5], [0.6, 0], [1.1, 0.5], [0.5, 1.1], [0, 0.6], [-0.5, 1.1], [-1.1, 0.5], [-0.6, 0]]);
  }
}

export const pointRadius = (count: number): number => (count > 1500 ? 1.5 : count > 400 ? 1.9 : 2.4);

const column = (mark: MarkData, id: string): Numbers | undefined => mark.columns[id] as Numbers | undefined;

function drawRaster(surface: Surface, layout: Layout, mark: MarkData, data: PanelData): boolean {
  const raster = mark.columns['raster'];
  const { width = 0, height = 0 } = mark.grid;
  if (!(raster instanceof Uint8Array) || width * height === 0 || raster.length < 4 * width * height) return false;
  const rgba = rasterPixels(raster, 4 * width * height);
  const [x0, x1, y0, y1] = mark.grid.view ?? [data.x.low, data.x.high, data.y.low, data.y.high];
  // The raster's rows already run the way the y axis does, its columns always from x0 to x1.
  const [left, right] = [layout.x.px(x0!), layout.x.px(x1!)];
  const [top, bottom] = data.y.reversed ? [layout.y.px(y0!), layout.y.px(y1!)] : [layout.y.px(y1!), layout.y.px(y0!)];
  surface.image(rgba, width, height, left, top, right - left, bottom - top, false);
  return true;
}

const pixels = new WeakMap<Uint8Array, Uint8ClampedArray<ArrayBuffer>>();
function rasterPixels(raster: Uint8Array, size: number): Uint8ClampedArray<ArrayBuffer> {
  let rgba = pixels.get(raster);
  if (!rgba) pixels.set(raster, (rgba = new Uint8ClampedArray(raster.buffer as ArrayBuffer, raster.byteOffset, size)));
  return rgba;
}

export interface Batch {
  color: string;
  shape: number;
  alpha: number;
  xs: number[];
  ys: number[];
}

export interface Bars {
  color: string;
  alpha: number;
  xs: number[];
  from: number[];
  to: number[];
}

const levelOf = (alpha: Numbers | undefined, k: number): number => (alpha ? Math.max(1, Math.ceil(alpha[k]! * kAlphaLevels)) : kAlphaLevels);

/** Error bars by colour and opacity, in pixels. */
function errorBars(layout: Layout, mark: MarkData, xs: Numbers, theme: Theme): Iterable<Bars> {
  const [low, high, band, alpha] = [column(mark, 'low'), column(mark, 'high'), column(mark, 'band'), column(mark, 'alpha')];
  const groups = new Map<number, Bars>();
  if (!low || !high) return [];
  const { x, y, plot } = layout;
  const right = plot.left + plot.width;
  for (let k = 0; k < Math.min(xs.length, low.length, high.length); k++) {
    const px = x.px(xs[k]!);
    if (!(px >= plot.left - 1 && px <= right + 1)) continue;
    const [p0, p1] = [y.px(low[k]!), y.px(high[k]!)];
    if (p0 !== p0 || p1 !== p1) continue;
    const b = band ? band[k]! : -1;
    const level = levelOf(alpha, k);
    let group = groups.get(16 * b + level);
    if (!group) {
      const color = b < 0 ? theme.mute : bandColor(theme, b);
      groups.set(16 * b + level, (group = { color, alpha: (level / kAlphaLevels) * (b < 0 ? 1 : 0.45), xs: [], from: [], to: [] }));
    }
    group.xs.push(px);
    group.from.push(Math.max(-1e4, Math.min(1e5, p0)));
    group.to.push(Math.max(-1e4, Math.min(1e5, p1)));
  }
  return groups.values();
}

function strokeBars(surface: Surface, bars: Bars, dim: number): void {
  surface.begin();
  for (let k = 0; k < bars.xs.length; k++) {
    surface.move(bars.xs[k]!, bars.from[k]!);
    surface.line(bars.xs[k]!, bars.to[k]!);
  }
  surface.stroke({ color: bars.color, width: 1, alpha: dim * bars.alpha });
}

export function drawPoints(surface: Surface, layout: Layout, spec: MarkSpec, mark: MarkData, data: PanelData, theme: Theme, options: DrawOptions): void {
  const [xs, ys] = [column(mark, 'x'), column(mark, 'y')];
  const chosen = spec.link ? options.selection?.get(spec.link) : undefined;
  const some = chosen !== undefined && chosen.size > 0;
  const raster = drawRaster(surface, layout, mark, data);
  if (!xs || !ys) return;
  const n = Math.min(xs.length, ys.length);
  const radius = options.thumbnail ? Math.min(1.6, pointRadius(n)) : pointRadius(n);
  if (!raster) {
    const dim = some ? 0.35 : 1;
    const bars = errorBars(layout, mark, xs, theme);
    const points = batches(layout, spec, mark, xs, ys, n, theme);
    if (n > kStampFrom && surface.stamp) surface.stamp(layout.plot, bars, points, radius, dim);
    else {
      for (const group of bars) strokeBars(surface, group, dim);
      for (const batch of points) {
        surface.begin();
        for (let k = 0; k < batch.xs.length; k++) addShape(surface, batch.shape, batch.xs[k]!, batch.ys[k]!, radius);
        surface.fill({ color: batch.color, alpha: batch.alpha * dim });
      }
    }
  }
  if (some) drawSelected(surface, layout, mark, xs, ys, n, chosen, radius, theme);
}

function batches(layout: Layout, spec: MarkSpec, mark: MarkData, xs: Numbers, ys: Numbers, n: number, theme: Theme): Iterable<Batch> {
  const [band, alpha] = [column(mark, 'band'), column(mark, 'alpha')];
  const plain = roleColor(theme, spec.role);
  const faint = spec.note?.includes('faint') ? 0.4 : 1;
  const found = new Map<number, Batch>();
  const { plot } = layout;
  const edge = 6;
  for (let k = 0; k < n; k++) {
    const [px, py] = [layout.x.px(xs[k]!), layout.y.px(ys[k]!)];
    if (!(px > plot.left - edge && px < plot.left + plot.width + edge && py > plot.top - edge && py < plot.top + plot.height + edge)) continue;
    const b = band ? band[k]! : -1;
    const level = levelOf(alpha, k);
    const key = b * 16 + level;
    let batch = found.get(key);
    if (!batch) {
      batch = { color: b < 0 ? plain : bandColor(theme, b), shape: Math.max(0, b), alpha: (faint * level) / kAlphaLevels, xs: [], ys: [] };
      found.set(key, batch);
    }
    batch.xs.push(px);
    batch.ys.push(py);
  }
  return found.values();
}

/** The row of each point: the `row` column, else its place in the columns. */
export const rowOf = (mark: MarkData, k: number): number => column(mark, 'row')?.[k] ?? k * mark.rowStep;

function drawSelected(surface: Surface, layout: Layout, mark: MarkData, xs: Numbers, ys: Numbers, n: number, chosen: ReadonlySet<number>, radius: number, theme: Theme): void {
  const [low, high] = [column(mark, 'low'), column(mark, 'high')];
  surface.begin();
  const list: [number, number][] = [];
  for (let k = 0; k < n; k++) {
    if (!chosen.has(rowOf(mark, k))) continue;
    const [px, py] = [layout.x.px(xs[k]!), layout.y.px(ys[k]!)];
    if (!Number.isFinite(px) || !Number.isFinite(py)) continue;
    list.push([px, py]);
    if (!low || !high) continue;
    surface.move(px, layout.y.px(low[k]!));
    surface.line(px, layout.y.px(high[k]!));
  }
  surface.stroke({ color: theme.accent, width: 1.2 });
  surface.begin();
  for (const [px, py] of list) surface.circle(px, py, radius + 1);
  surface.fill({ color: theme.accent });
}
