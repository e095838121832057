// The datum under the pointer or the keyboard cursor, and how it reads.
import { axisTitle, cursorNumber, shortNumber, shortUnit, typeset } from '../text';
import type { AxisState, MarkData, MarkSpec, PanelData, PanelSpec } from '../types';
import { gridPlace, numbers, type Numbers } from './draw';
import type { Layout } from './layout';
import { rowOf } from './points';

export interface Datum {
  mark: number;
  k: number;
  px: number;
  py: number;
}

interface Probe {
  spec: MarkSpec;
  data: MarkData;
  xs: Numbers;
  ys: Numbers;
}

const kReach = 28;

const middles = (edge: Numbers): Float64Array => Float64Array.from({ length: Math.max(0, edge.length - 1) }, (_, k) => (edge[k]! + edge[k + 1]!) / 2);

/** What of a panel can be read, at its present layout. Cheap to make; sorted orders are made when first asked for. */
export class Probes {
  readonly list: Probe[] = [];
  private orders = new Map<number, Int32Array>();

  constructor(
    spec: PanelSpec,
    private readonly panel: PanelData,
    private readonly layout: Layout,
  ) {
    for (const markSpec of spec.marks) {
      const data = panel.marks.find((m) => m.id === markSpec.id);
      if (!data || data.hidden) continue;
      if (!['points', 'line', 'bars', 'image'].includes(markSpec.mark)) continue;
      const bars = markSpec.mark === 'bars';
      const probe = { spec: markSpec, data, xs: bars ? middles(numbers(data, 'edge')) : numbers(data, 'x'), ys: numbers(data, bars ? 'height' : 'y') };
      if (markSpec.mark === 'image' || Math.min(probe.xs.length, probe.ys.length) > 0) this.list.push(probe); // nothing to read in an empty mark
    }
  }

  private at(mark: number, k: number): Datum | null {
    const probe = this.list[mark];
    if (!probe) return null;
    if (probe.spec.mark === 'image') {
      const { rows = 0, cols = 0 } = probe.data.grid;
      if (k < 0 || k >= rows * cols) return null;
      const place = gridPlace(this.layout, probe.data.grid);
      const [c, r] = [k % cols, Math.floor(k / cols)];
      return { mark, k, px: place.left + ((c + 0.5) / cols) * (place.right - place.left), py: place.bottom + ((r + 0.5) / rows) * (place.top - place.bottom) };
    }
    if (k < 0 || k >= Math.min(probe.xs.length, probe.ys.length)) return null;
    const [px, py] = [this.layout.x.px(probe.xs[k]!), this.layout.y.px(probe.ys[k]!)];
    return Number.isFinite(px) && Number.isFinite(py) ? { mark, k, px, py } : null;
  }

  private visible({ px, py }: Datum): boolean {
    const { plot } = this.layout;
    return px >= plot.left - 1 && px <= plot.left + plot.width + 1 && py >= plot.top - 1 && py <= plot.top + plot.height + 1;
  }

  /** The same datum after the picture changed. */
  again(datum: Datum): Datum | null {
    return this.at(datum.mark, datum.k);
  }

  /** The datum nearest to a pixel: points before lines, lines before images. */
  nearest(px: number, py: number): Datum | null {
    const { plot } = this.layout;
    if (px < plot.left - 4 || px > plot.left + plot.width + 4 || py < plot.top - 4 || py > plot.top + plot.height + 4) return null;
    let best: Datum | null = null;
    let least = kReach;
    this.list.forEach((probe, mark) => {
      if (probe.spec.mark === 'image') return;
      const preference = probe.spec.mark === 'points' ? 1 : 1.6;
      const n = Math.min(probe.xs.length, probe.ys.length);
      const { x, y } = this.layout;
      for (let k = 0; k < n; k++) {
        const dx = Math.abs(x.px(probe.xs[k]!) - px);
        if (!(dx < kReach)) continue;
        const distance = preference * (probe.spec.mark === 'bars' ? dx : Math.hypot(dx, y.px(probe.ys[k]!) - py));
        if (distance < least) {
          const found = this.at(mark, k);
          if (found) [best, least] = [found, distance];
        }
      }
    });
    return best ?? this.pixel(px, py);
  }

  private pixel(px: number, py: number): Datum | null {
    const mark = this.list.findIndex((probe) => probe.spec.mark === 'image');
    const grid = this.list[mark]?.data.grid;
    if (!grid?.rows || !grid.cols) return null;
    const place = gridPlace(this.layout, grid);
    const c = Math.floor(((px - place.left) / (place.right - place.left)) * grid.cols);
    const r = Math.floor(((py - place.bottom) / (place.top - place.bottom)) * grid.rows);
    return c >= 0 && c < grid.cols && r >= 0 && r < grid.rows ? this.at(mark, r * grid.cols + c) : null;
  }

  private order(mark: number): Int32Array {
    let order = this.orders.get(mark);
    if (!order) {
      const { xs, ys } = this.list[mark]!;
      const n = Math.min(xs.length, ys.length);
      order = Int32Array.from({ length: n }, (_, k) => k).filter((k) => Number.isFinite(xs[k]!) && Number.isFinite(ys[k]!));
      order.sort((a, b) => xs[a]! - xs[b]! || a - b);
      this.orders.set(mark, order);
    }
    return order;
  }

  /** The next datum in the direction of an arrow key; up and down change the mark (rows in an image). */
  walk(from: Datum | null, key: string, stride: number): Datum | null {
    if (this.list.length === 0) return null;
    const mark = from?.mark ?? 0;
    const probe = this.list[mark]!;
    if (probe.spec.mark === 'image') return this.walkImage(mark, from, key, stride);
    if (from && (key === 'ArrowUp' || key === 'ArrowDown')) return this.change(from, key === 'ArrowUp' ? -1 : 1);
    const order = this.order(mark);
    const here = from ? order.indexOf(from.k) : -1;
    const step = key === 'ArrowLeft' ? -stride : stride;
    let at = key === 'Home' ? 0 : key === 'End' ? order.length - 1 : from ? here + step : 0;
    at = Math.max(0, Math.min(order.length - 1, at));
    const along = key === 'ArrowLeft' || key === 'End' ? -1 : 1;
    for (; at >= 0 && at < order.length; at += along) {
      const datum = this.at(mark, order[at]!);
      if (datum && this.visible(datum)) return datum;
      if (from && Math.abs(at - here) > 4 * order.length) break;
    }
    return from;
  }

  private walkImage(mark: number, from: Datum | null, key: string, stride: number): Datum | null {
    const { rows = 0, cols = 0 } = this.list[mark]!.data.grid;
    if (rows * cols === 0) return null;
    const k = from?.k ?? Math.floor(rows / 2) * cols + Math.floor(cols / 2);
    const limit = (v: number, n: number): number => Math.max(0, Math.min(n - 1, v));
    const dc = !from ? 0 : key === 'ArrowLeft' ? -stride : key === 'ArrowRight' ? stride : key === 'Home' ? -cols : key === 'End' ? cols : 0;
    const dr = !from ? 0 : key === 'ArrowUp' ? stride : key === 'ArrowDown' ? -stride : 0;
    return this.at(mark, limit(Math.floor(k / cols) + dr, rows) * cols + limit((k % cols) + dc, cols));
  }

  private change(from: Datum, step: number): Datum | null {
    const n = this.list.length;
    for (let j = 1; j <= n; j++) {
      const mark = (from.mark + step * j + n * j) % n;
      if (this.list[mark]!.spec.mark === 'image') return this.pixel(from.px, from.py) ?? from;
      let best: Datum | null = null;
      for (const k of this.order(mark)) {
        const datum = this.at(mark, k);
        if (datum && (!best || Math.abs(datum.px - from.px) < Math.abs(best.px - from.px))) best = datum;
      }
      if (best) return best;
    }
    return from;
  }

  /** How a datum reads: short (beside it) or in full (for the live region). */
  read(datum: Datum, full: boolean): string {
    const probe = this.list[datum.mark]!;
    const { x, y } = this.panel;
    if (probe.spec.mark === 'image') return this.readPixel(probe, datum);
    const { k } = datum;
    const error = this.error(probe, k);
    const xText = value(x, probe.xs[k]!);
    const yText = value(y, probe.ys[k]!) + (error > 0 ? ` ± ${typeset(shortNumber(error, 2))}` : '');
    const band = probe.data.columns['band'] ? (probe.data.labels[probe.data.columns['band'][k]!] ?? '') : '';
    if (!full) return [`${xText}${unit(x)}`, `${yText}${unit(y)}`, band].filter(Boolean).join(' · ');
    const name = probe.spec.label || (this.list.length > 1 ? probe.spec.id : '');
    const row = probe.data.columns['row'] ? `row ${rowOf(probe.data, k) + 1}` : '';
    return [name, `${x.label || 'x'} ${xText}${unit(x)}`, `${y.label || 'y'} ${yText}${unit(y)}`, band, row].filter(Boolean).join(', ');
  }

  private error(probe: Probe, k: number): number {
    const [low, high] = [numbers(probe.data, 'low'), numbers(probe.data, 'high')];
    return k < low.length && k < high.length ? Math.abs(high[k]! - low[k]!) / 2 : 0;
  }

  private readPixel(probe: Probe, datum: Datum): string {
    const { grid, columns } = probe.data;
    const number = columns['value']?.[datum.k] ?? NaN;
    const place = `${value(this.panel.x, this.layout.x.value(datum.px))}, ${value(this.panel.y, this.layout.y.value(datum.py))}`;
    return `${place}: ${grid.label ? `${grid.label} ` : ''}${cursorNumber(number, grid.low ?? 0, grid.high ?? 1)}`;
  }
}

const value = (axis: AxisState, v: number): string => cursorNumber(v, axis.scale === 'log' ? v : axis.low, axis.scale === 'log' ? v * 1.01 : axis.high);
const unit = (axis: AxisState): string => {
  const short = shortUnit(axis.unit);
  return short ? ` ${short}` : '';
};

/** Name of an axis in a table or a sentence. */
export const axisName = (axis: AxisState): string => axisTitle(axis.label, axis.unit) || '—';
