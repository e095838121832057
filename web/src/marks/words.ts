// Axes, colour bars and the words of a panel: ticks, direct labels, rules' names, text marks, keys of bands. No grid, no box.
import { axisTitle } from '../text';
import type { MarkData, MarkSpec, PanelData, PanelSpec } from '../types';
import { numbers } from './draw';
import type { Layout, Rect } from './layout';
import { lut } from './lut';
import { addShape } from './points';
import { AxisScale, axisTicks, type Ticks } from './scale';
import { kTextSize, type Surface, type TextStyle } from './surface';
import { bandColor, roleColor, type Theme } from './theme';

/** Places texts so that they do not lie on each other. */
export class LabelBoxes {
  private boxes: Rect[] = [];
  constructor(private readonly bounds: Rect) {}

  /** The nearest free y for a box, tried downwards then upwards; null when there is no room. */
  place(left: number, top: number, width: number, height: number): number | null {
    const { bounds } = this;
    for (let k = 0; k < 12; k++) {
      const y = top + (k % 2 ? 1 : -1) * Math.ceil(k / 2) * (height + 1);
      if (y < bounds.top - height || y + height > bounds.top + bounds.height + 2) continue;
      if (this.boxes.some((b) => left < b.left + b.width && b.left < left + width && y < b.top + b.height && b.top < y + height)) continue;
      this.boxes.push({ left, top: y, width, height });
      return y;
    }
    return null;
  }
}

const kHeight = 13;

function put(surface: Surface, boxes: LabelBoxes, plot: Rect, text: string, x: number, y: number, align: 'left' | 'right' | 'center', style: TextStyle): void {
  const width = surface.measure(text, style.size ?? kTextSize);
  let left = align === 'left' ? x : align === 'right' ? x - width : x - width / 2;
  left = Math.max(plot.left + 1, Math.min(left, plot.left + plot.width - width));
  const top = boxes.place(left, y - kHeight + 2, width, kHeight);
  if (top !== null) surface.text(text, left, top + kHeight - 2, { ...style, align: 'left' });
}

export function drawAxes(surface: Surface, spec: PanelSpec, data: PanelData, layout: Layout, theme: Theme): void {
  if (spec.marks.every((m) => m.mark === 'graph')) return;
  const { plot } = layout;
  const bottom = plot.top + plot.height;
  const right = plot.left + plot.width;
  surface.begin();
  surface.move(plot.left, bottom + 0.5);
  surface.line(right, bottom + 0.5);
  if (spec.x.ticks) for (const px of tickPlaces(layout.xTicks, layout.x)) surface.move(px, bottom + 0.5), surface.line(px, bottom + 4.5);
  if (spec.y.ticks) for (const py of tickPlaces(layout.yTicks, layout.y)) surface.move(plot.left, py), surface.line(plot.left - 4, py);
  surface.stroke({ color: theme.line });
  if (spec.x.ticks) drawXLabels(surface, layout, bottom, theme);
  if (spec.y.ticks) {
    layout.yTicks.values.forEach((v, k) => surface.text(layout.yTicks.labels[k]!, plot.left - 7, layout.y.px(v), { color: theme.soft, align: 'right', baseline: 'middle' }));
  }
  const xTitle = withOffset(axisTitle(data.x.label, data.x.unit), layout.xTicks);
  const yTitle = withOffset(axisTitle(data.y.label, data.y.unit), layout.yTicks);
  surface.text(xTitle, right, bottom + (spec.x.ticks ? 32 : 18), { color: theme.soft, align: 'right' });
  surface.text(yTitle, Math.max(2, Math.min(plot.left + 2, plot.left - 36)), plot.top - 12, { color: theme.soft });
}

const withOffset = (title: string, ticks: Ticks): string => (ticks.offset ? `${title}  (${ticks.offset})` : title);
const tickPlaces = (ticks: Ticks, scale: AxisScale): number[] => ticks.values.map((v) => Math.round(scale.px(v)) + 0.5);

function drawXLabels(surface: Surface, layout: Layout, bottom: number, theme: Theme): void {
  let last = -Infinity;
  const order = layout.xTicks.values.map((v, k) => ({ px: layout.x.px(v), label: layout.xTicks.labels[k]! })).sort((a, b) => a.px - b.px);
  for (const { px, label } of order) {
    const half = surface.measure(label) / 2;
    if (px - half < last + 6) continue; // long labels on a small panel: better few than overlapping
    last = px + half;
    surface.text(label, px, bottom + 17, { color: theme.soft, align: 'center' });
  }
}

export function drawColorBar(surface: Surface, spec: PanelSpec, data: PanelData, layout: Layout, theme: Theme): void {
  const bar = layout.colorBar;
  const mark = data.marks.find((m) => !m.hidden && m.grid.label && spec.marks.some((s) => s.id === m.id && s.mark === 'image'));
  if (!bar || !mark || mark.grid.map === 'classes') return;
  const table = lut(mark.grid.map ?? 'viridis');
  const rgba = new Uint8ClampedArray(1024);
  for (let k = 0; k < 256; k++) rgba.set(table.subarray(4 * (255 - k), 4 * (256 - k)), 4 * k);
  surface.image(rgba, 1, 256, bar.left, bar.top, bar.width, bar.height, true);
  const scale = new AxisScale(mark.grid.low ?? 0, mark.grid.high ?? 1, mark.grid.scale ?? 'linear', bar.top + bar.height, bar.top);
  const ticks = axisTicks(scale, 4);
  ticks.values.forEach((v, k) => surface.text(ticks.labels[k]!, bar.left + bar.width + 5, scale.px(v), { color: theme.soft, baseline: 'middle', size: 10.5 }));
  surface.text(mark.grid.label ?? '', bar.left + bar.width + 40, bar.top - 12, { color: theme.soft, align: 'right', size: 10.5 });
}

function lineLabel(surface: Surface, boxes: LabelBoxes, layout: Layout, spec: MarkSpec, mark: MarkData, theme: Theme): void {
  const xs = numbers(mark, 'x');
  const ys = spec.mark === 'area' ? numbers(mark, 'high') : numbers(mark, 'y');
  const { plot, x, y } = layout;
  for (let k = Math.min(xs.length, ys.length) - 1; k >= 0; k--) {
    const [px, py] = [x.px(xs[k]!), y.px(ys[k]!)];
    if (!(px >= plot.left && px <= plot.left + plot.width && py >= plot.top && py <= plot.top + plot.height)) continue;
    // Above the highest place of the curve along the label.
    let top = py;
    const left = px - 4 - surface.measure(spec.label);
    for (let j = k; j >= 0 && x.px(xs[j]!) >= left; j--) top = Math.min(top, Math.max(plot.top + kHeight, y.px(ys[j]!) || top));
    put(surface, boxes, plot, spec.label, px - 4, top - 5, 'right', { color: roleColor(theme, spec.role), halo: theme.panel });
    return;
  }
}

function ruleLabels(surface: Surface, boxes: LabelBoxes, layout: Layout, spec: MarkSpec, mark: MarkData, theme: Theme): void {
  const { plot, x, y } = layout;
  const color = spec.role === 'mute' || spec.role === 'data' ? theme.soft : roleColor(theme, spec.role);
  const style = { color, halo: theme.panel };
  const name = (k: number): string => mark.labels[k] ?? (k === 0 ? spec.label : '');
  numbers(mark, 'x').forEach((value: number, k: number) => {
    const px = x.px(value);
    if (!name(k) || !(px >= plot.left && px <= plot.left + plot.width)) return;
    const room = px + 5 + surface.measure(name(k)) <= plot.left + plot.width;
    put(surface, boxes, plot, name(k), room ? px + 5 : px - 5, plot.top + 10, room ? 'left' : 'right', style);
  });
  numbers(mark, 'y').forEach((value: number, k: number) => {
    const py = y.px(value);
    if (name(k) && py >= plot.top && py <= plot.top + plot.height) put(surface, boxes, plot, name(k), plot.left + plot.width - 2, py - 4, 'right', style);
  });
}

function textMarks(surface: Surface, boxes: LabelBoxes, layout: Layout, spec: MarkSpec, mark: MarkData, theme: Theme): void {
  const [xs, ys] = [numbers(mark, 'x'), numbers(mark, 'y')];
  const color = spec.role === 'mute' || spec.role === 'data' ? theme.soft : roleColor(theme, spec.role);
  for (let k = 0; k < Math.min(xs.length, ys.length, mark.labels.length); k++) {
    const [px, py] = [layout.x.px(xs[k]!), layout.y.px(ys[k]!)];
    const { plot } = layout;
    if (!(px >= plot.left && px <= plot.left + plot.width && py >= plot.top - 4 && py <= plot.top + plot.height + 4)) continue;
    put(surface, boxes, plot, mark.labels[k]!, px, py - 5, 'center', { color, halo: theme.panel });
  }
}

interface KeyEntry {
  name: string;
  color: string;
  shape: number;
}

function keyEntries(spec: PanelSpec, data: PanelData, theme: Theme): KeyEntry[] {
  const entries: KeyEntry[] = [];
  for (const markSpec of spec.marks) {
    const mark = data.marks.find((m) => m.id === markSpec.id);
    if (!mark || mark.hidden) continue;
    if (markSpec.mark === 'points' && mark.columns['band'] && mark.labels.length > 1) {
      mark.labels.forEach((name, k) => entries.push({ name, color: bandColor(theme, k), shape: k }));
    } else if ((markSpec.mark === 'points' || markSpec.mark === 'bars') && markSpec.label) {
      entries.push({ name: markSpec.label, color: roleColor(theme, markSpec.role), shape: markSpec.mark === 'bars' ? 1 : 0 });
    }
  }
  return entries;
}

function drawKey(surface: Surface, boxes: LabelBoxes, layout: Layout, entries: KeyEntry[], theme: Theme): void {
  if (entries.length === 0) return;
  const { plot } = layout;
  const widths = entries.map((entry) => surface.measure(entry.name) + 22);
  const total = widths.reduce((sum, w) => sum + w, 0);
  let left = plot.left + plot.width - Math.min(total, plot.width);
  const y = plot.top - 12; // beside the y title, above the plotting area: covers nothing
  boxes.place(left, y - kHeight + 2, total, kHeight);
  entries.forEach((entry, k) => {
    surface.begin();
    addShape(surface, entry.shape, left + 6, y - 4, 3);
    surface.fill({ color: entry.color });
    surface.text(entry.name, left + 13, y, { color: theme.soft });
    left += widths[k]!;
  });
}

/** Every word on the plotting area. */
export function drawWords(surface: Surface, spec: PanelSpec, data: PanelData, layout: Layout, theme: Theme): void {
  const boxes = new LabelBoxes(layout.plot);
  drawKey(surface, boxes, layout, keyEntries(spec, data, theme), theme);
  for (const markSpec of spec.marks) {
    const mark = data.marks.find((m) => m.id === markSpec.id);
    if (!mark || mark.hidden) continue;
    if (markSpec.mark === 'rule') ruleLabels(surface, boxes, layout, markSpec, mark, theme);
    else if (markSpec.mark === 'text') textMarks(surface, boxes, layout, markSpec, mark, theme);
    else if ((markSpec.mark === 'line' || markSpec.mark === 'area') && markSpec.label) lineLabel(surface, boxes, layout, markSpec, mark, theme);
  }
}
