// Where things stand in a panel: the plotting area, its scales, the gutters for labels.
import type { PanelData, PanelSpec, View } from '../types';
import { axisScale, axisTicks, type AxisScale, type Ticks } from './scale';

export interface Rect {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Range2 {
  x: [number, number] | null;
  y: [number, number] | null;
}

/** Everything drawing needs to know about places. */
export interface Layout {
  plot: Rect;
  x: AxisScale;
  y: AxisScale;
  xTicks: Ticks;
  yTicks: Ticks;
  colorBar: Rect | null;
}

const kTop = 25;
const kBottom = 36;
const kRight = 14;
const kGutterStep = 10;
const kGutterLeast = 38;
const kColorBar = 64;

export const hasAxes = (spec: PanelSpec): boolean => spec.marks.some((m) => m.mark !== 'graph');

/** Left gutter for the y labels, in steps so that it rarely changes; never less than before. */
export function gutterFor(widest: number, before: number): number {
  return Math.max(before, kGutterLeast, Math.ceil((widest + 14) / kGutterStep) * kGutterStep);
}

const barLabel = (data: PanelData): boolean => data.marks.some((m) => !m.hidden && m.columns['value'] !== undefined && !!m.grid.label);

/** The plotting area of a panel of this size. Nothing here depends on the numbers shown, save the gutter. */
export function plotRect(spec: PanelSpec, data: PanelData | null, width: number, height: number, gutter: number, bare = false): Rect {
  const axes = hasAxes(spec) && !bare;
  const left = axes && spec.y.ticks ? gutter : 6;
  const top = axes ? kTop : 6;
  const right = (axes ? kRight : 6) + (!bare && data && barLabel(data) ? kColorBar : 0);
  const bottom = axes && spec.x.ticks ? kBottom : axes && spec.x.label ? 22 : 6;
  const room = { left, top, width: Math.max(20, width - left - right), height: Math.max(20, height - top - bottom) };
  if (!spec.square || !axes) return room;
  const side = Math.min(room.width, room.height); // a circle in the data is a circle on the screen
  return { left: left + (room.width - side) / 2, top, width: side, height: side };
}

export function layoutPanel(data: PanelData, range: Range2, plot: Rect): Layout {
  const right = plot.left + plot.width;
  const bottom = plot.top + plot.height;
  const x = axisScale(data.x, range.x, plot.left, right);
  const y = axisScale(data.y, range.y, bottom, plot.top);
  return {
    plot,
    x,
    y,
    xTicks: axisTicks(x, Math.max(2, Math.min(7, Math.floor(plot.width / 78)))),
    yTicks: axisTicks(y, Math.max(2, Math.min(5, Math.floor(plot.height / 62)))),
    colorBar: barLabel(data) ? { left: right + 12, top: plot.top, width: 9, height: plot.height } : null,
  };
}

/** The view message's entry for a plotting area. */
export const viewOf = (plot: Rect, ratio: number, range: Range2): View => ({
  width: Math.round(plot.width), height: Math.round(plot.height), ratio, x: range.x, y: range.y,
});

/** Keeps a zoomed range sensible: ordered, not beyond double precision, positive on logarithmic axes. */
export function saneRange(range: [number, number], log: boolean): [number, number] | null {
  const [low, high] = range;
  if (!Number.isFinite(low) || !Number.isFinite(high) || !(high > low)) return null;
  if (log && low <= 0) return null;
  const size = Math.max(Math.abs(low), Math.abs(high));
  return high - low > size * 1e-13 ? range : null;
}
