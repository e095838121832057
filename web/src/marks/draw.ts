// Draws the marks of a panel on a Surface.
import { contours as makeContours } from 'd3-contour';
import type { Column } from '../protocol';
import type { Grid, MarkData, MarkSpec, PanelData, PanelSpec } from '../types';
import { drawGraph } from './draw_graph';
import type { Layout } from './layout';
import { colorize } from './lut';
import { drawPoints } from './points';
import type { StrokeStyle, Surface } from './surface';
import { roleColor, type Theme } from './theme';

export interface DrawOptions {
  /** Selected rows by link; points of other rows stand back. */
  selection?: ReadonlyMap<string, ReadonlySet<number>>;
  thumbnail?: boolean;
}

export type Numbers = Float64Array | Float32Array | Int32Array | Uint32Array | Uint8Array;
const kNone = new Float64Array();
export const numbers = (mark: MarkData, id: string): Numbers => (mark.columns[id] as Numbers | undefined) ?? kNone;

export function lineStyle(spec: MarkSpec, theme: Theme): StrokeStyle {
  const note = spec.note ?? '';
  const width = spec.role === 'model' ? 1.8 : spec.role === 'accent' ? 1.1 : 1.3;
  return {
    color: roleColor(theme, spec.role),
    width: note.includes('thick') ? 2.6 : note.includes('thin') ? 0.9 : width,
    alpha: note.includes('faint') ? 0.4 : 1,
    dash: note.includes('dashed') ? [5, 3] : [],
  };
}

function tracePath(surface: Surface, layout: Layout, xs: Numbers, ys: Numbers): void {
  const { x, y } = layout;
  let down = false;
  const limit = 1e5; // far outside, but still a number that every renderer takes
  const n = Math.min(xs.length, ys.length);
  surface.begin();
  for (let k = 0; k < n; k++) {
    const px = x.px(xs[k]!);
    let py = y.px(ys[k]!);
    if (py === -Infinity || py === Infinity) py = py > 0 ? limit : -limit; // the logarithm of zero
    if (px !== px || py !== py || px === Infinity || px === -Infinity) {
      down = false;
      continue;
    }
    if (py > limit) py = limit;
    else if (py < -limit) py = -limit;
    if (down) surface.line(px, py);
    else surface.move(px, py);
    down = true;
  }
}

function drawLine(surface: Surface, layout: Layout, spec: MarkSpec, mark: MarkData, theme: Theme): void {
  tracePath(surface, layout, numbers(mark, 'x'), numbers(mark, 'y'));
  surface.stroke(lineStyle(spec, theme));
}

function drawArea(surface: Surface, layout: Layout, spec: MarkSpec, mark: MarkData, theme: Theme): void {
  const [xs, low, high] = [numbers(mark, 'x'), numbers(mark, 'low'), numbers(mark, 'high')];
  const n = Math.min(xs.length, low.length, high.length);
  const bottom = layout.plot.top + layout.plot.height;
  const inside = (v: number): number => (Number.isFinite(v) ? Math.max(-1e5, Math.min(1e5, v)) : bottom);
  surface.begin();
  for (let from = 0; from < n; ) {
    while (from < n && !(Number.isFinite(xs[from]!) && low[from] === low[from] && high[from] === high[from])) from++;
    let to = from;
    while (to < n && Number.isFinite(xs[to]!) && low[to] === low[to] && high[to] === high[to]) to++;
    for (let k = from; k < to; k++) {
      const [px, py] = [layout.x.px(xs[k]!), inside(layout.y.px(high[k]!))];
      if (k === from) surface.move(px, py);
      else surface.line(px, py);
    }
    for (let k = to - 1; k >= from; k--) surface.line(layout.x.px(xs[k]!), inside(layout.y.px(low[k]!)));
    if (to > from) surface.close();
    from = to;
  }
  surface.fill({ color: roleColor(theme, spec.role), alpha: spec.note?.includes('faint') ? 0.08 : 0.15 });
}

function drawBars(surface: Surface, layout: Layout, spec: MarkSpec, mark: MarkData, theme: Theme): void {
  const [edge, height] = [numbers(mark, 'edge'), numbers(mark, 'height')];
  const { plot, x, y } = layout;
  const floor = y.log && !(mark.grid.base! > 0) ? plot.top + plot.height : y.px(mark.grid.base ?? 0);
  const n = Math.min(edge.length - 1, height.length);
  const top = (k: number): number => {
    const py = y.px(height[k]!);
    return Number.isFinite(py) ? py : floor;
  };
  surface.begin();
  for (let k = 0; k < n; k++) surface.rect(x.px(edge[k]!), top(k), x.px(edge[k + 1]!) - x.px(edge[k]!), floor - top(k));
  const color = roleColor(theme, spec.role);
  surface.fill({ color, alpha: spec.note?.includes('faint') ? 0.1 : 0.2 });
  surface.begin();
  for (let k = 0; k < n; k++) {
    if (k === 0) surface.move(x.px(edge[0]!), floor);
    surface.line(x.px(edge[k]!), top(k));
    surface.line(x.px(edge[k + 1]!), top(k));
    if (k === n - 1) surface.line(x.px(edge[n]!), floor);
  }
  surface.stroke({ ...lineStyle(spec, theme), width: 1.2 });
}

interface Cached {
  key: string;
  rgba: Uint8ClampedArray<ArrayBuffer>;
}
const colored = new WeakMap<Column, Cached>();

export function gridPlace(layout: Layout, grid: Grid): { left: number; right: number; top: number; bottom: number } {
  const [x0, x1] = [layout.x.px(grid.x0 ?? 0), layout.x.px(grid.x1 ?? 1)];
  const [y0, y1] = [layout.y.px(grid.y0 ?? 0), layout.y.px(grid.y1 ?? 1)];
  return { left: x0, right: x1, bottom: y0, top: y1 };
}

function drawImage(surface: Surface, layout: Layout, mark: MarkData, theme: Theme): void {
  const values = mark.columns['value'];
  const { rows = 0, cols = 0 } = mark.grid;
  if (!values || rows * cols === 0 || values.length < rows * cols) return;
  const place = gridPlace(layout, mark.grid);
  const [flipX, flipY] = [place.right < place.left, place.bottom > place.top];
  const colors = { map: mark.grid.map ?? 'viridis', low: mark.grid.low ?? 0, high: mark.grid.high ?? 1, log: mark.grid.scale === 'log', classes: theme.band };
  const key = JSON.stringify([colors, rows, cols, flipX, flipY]);
  let cached = colored.get(values);
  if (cached?.key !== key) {
    cached = { key, rgba: colorize(values, rows, cols, colors, flipX, flipY) };
    colored.set(values, cached);
  }
  const [left, top] = [Math.min(place.left, place.right), Math.min(place.top, place.bottom)];
  const [width, height] = [Math.abs(place.right - place.left), Math.abs(place.bottom - place.top)];
  surface.image(cached.rgba, cols, rows, left, top, width, height, false);
}

/** Rings of one level as grid coordinates, without the stretches that only run along the edge of the grid. */
type Rings = { level: number; pieces: [number, number][][] }[];
const ringCache = new WeakMap<Column, { key: string; rings: Rings }>();

export function contourRings(values: Column, rows: number, cols: number, levels: number[]): Rings {
  const key = JSON.stringify([rows, cols, levels]);
  const known = ringCache.get(values);
  if (known?.key === key) return known.rings;
  const clean = Array.from(values.subarray(0, rows * cols), (v) => (Number.isFinite(v) ? v : -1e300));
  const onEdge = (a: [number, number], b: [number, number]): boolean =>
    (a[0] <= 0.5 && b[0] <= 0.5) || (a[0] >= cols - 0.5 && b[0] >= cols - 0.5) || (a[1] <= 0.5 && b[1] <= 0.5) || (a[1] >= rows - 0.5 && b[1] >= rows - 0.5);
  const rings = makeContours().size([cols, rows]).thresholds(levels)(clean).map((contour) => {
    const pieces: [number, number][][] = [];
    for (const ring of contour.coordinates.flat() as [number, number][][]) {
      let piece: [number, number][] = [];
      for (let k = 0; k + 1 < ring.length; k++) {
        const [a, b] = [ring[k]!, ring[k + 1]!];
        if (onEdge(a, b)) {
          if (piece.length > 1) pieces.push(piece);
          piece = [];
        } else {
          if (piece.length === 0) piece.push(a);
          piece.push(b);
        }
      }
      if (piece.length > 1) pieces.push(piece);
    }
    return { level: contour.value, pieces };
  });
  ringCache.set(values, { key, rings });
  return rings;
}

function drawContour(surface: Surface, layout: Layout, spec: MarkSpec, mark: MarkData, theme: Theme): void {
  const values = mark.columns['value'];
  const { rows = 0, cols = 0, levels = [] } = mark.grid;
  if (!values || rows < 2 || cols < 2 || values.length < rows * cols) return;
  const place = gridPlace(layout, mark.grid);
  const [dx, dy] = [(place.right - place.left) / cols, (place.top - place.bottom) / rows];
  const style = lineStyle(spec, theme);
  contourRings(values, rows, cols, levels).forEach(({ pieces }, k, all) => {
    surface.begin();
    for (const piece of pieces) {
      piece.forEach(([c, r], i) => (i ? surface.line(place.left + c * dx, place.bottom + r * dy) : surface.move(place.left + c * dx, place.bottom + r * dy)));
    }
    // Inner levels stand out more.
    surface.stroke({ ...style, width: 1.3, alpha: (style.alpha ?? 1) * (all.length > 1 ? 0.55 + (0.45 * k) / (all.length - 1) : 1) });
  });
}

function drawRule(surface: Surface, layout: Layout, spec: MarkSpec, mark: MarkData, theme: Theme): void {
  const { plot } = layout;
  surface.begin();
  for (const value of numbers(mark, 'x')) {
    const px = layout.x.px(value);
    if (!Number.isFinite(px)) continue;
    surface.move(px, plot.top);
    surface.line(px, plot.top + plot.height);
  }
  for (const value of numbers(mark, 'y')) {
    const py = layout.y.px(value);
    if (!Number.isFinite(py)) continue;
    surface.move(plot.left, py);
    surface.line(plot.left + plot.width, py);
  }
  const style = lineStyle(spec, theme);
  surface.stroke({ ...style, width: spec.note?.includes('thick') ? 2 : 1 });
}

/** All marks but handles and words, clipped to the plotting area. */
export function drawMarks(surface: Surface, spec: PanelSpec, data: PanelData, layout: Layout, theme: Theme, options: DrawOptions = {}): void {
  const { plot } = layout;
  for (const markSpec of spec.marks) {
    const mark = data.marks.find((m) => m.id === markSpec.id);
    if (!mark || mark.hidden) continue;
    if (markSpec.mark === 'graph') {
      drawGraph(surface, plot, mark, theme, options.thumbnail ?? false);
      continue;
    }
    surface.clip(plot.left, plot.top - 1, plot.width, plot.height + 2);
    switch (markSpec.mark) {
      case 'points': drawPoints(surface, layout, markSpec, mark, data, theme, options); break;
      case 'line': drawLine(surface, layout, markSpec, mark, theme); break;
      case 'area': drawArea(surface, layout, markSpec, mark, theme); break;
      case 'bars': drawBars(surface, layout, markSpec, mark, theme); break;
      case 'image': drawImage(surface, layout, mark, theme); break;
      case 'contour': drawContour(surface, layout, markSpec, mark, theme); break;
      case 'rule': drawRule(surface, layout, markSpec, mark, theme); break;
      default: break;
    }
    surface.unclip();
  }
}
