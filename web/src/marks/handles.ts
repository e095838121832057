// Handles on the plot: where they are, how they look, what they set.
import type { ControlSpec, MarkSpec, PanelData, PanelSpec, Value, Values } from '../types';
import { roundTo } from '../text';
import { numbers } from './draw';
import type { Layout } from './layout';
import type { Surface } from './surface';
import { roleColor, type Theme } from './theme';

export interface Handle {
  spec: MarkSpec;
  /** Place in data units; null where the handle has no coordinate. */
  x: number | null;
  y: number | null;
  px: number;
  py: number;
  label: string;
}

export interface Override {
  id: string;
  x: number | null;
  y: number | null;
}

/** The handles of a panel; one that is being dragged stands where the hand is. */
export function findHandles(spec: PanelSpec, data: PanelData, layout: Layout, override: Override | null): Handle[] {
  const handles: Handle[] = [];
  for (const markSpec of spec.marks) {
    if (markSpec.mark !== 'handle') continue;
    const mark = data.marks.find((m) => m.id === markSpec.id);
    if (!mark || mark.hidden) continue;
    const dragged = override?.id === markSpec.id ? override : null;
    const first = (id: 'x' | 'y'): number | null => {
      const value = numbers(mark, id)[0];
      if (value === undefined) return null;
      return dragged?.[id] ?? value;
    };
    const [x, y] = [first('x'), first('y')];
    if (x === null && y === null) continue;
    const { plot } = layout;
    const px = x === null ? plot.left + plot.width : layout.x.px(x);
    const py = y === null ? plot.top : layout.y.px(y);
    if (!Number.isFinite(px) || !Number.isFinite(py)) continue;
    handles.push({ spec: markSpec, x, y, px, py, label: mark.labels[0] ?? markSpec.label });
  }
  return handles;
}

const inside = (handle: Handle, layout: Layout): boolean => {
  const { plot } = layout;
  return handle.px >= plot.left - 1 && handle.px <= plot.left + plot.width + 1 && handle.py >= plot.top - 1 && handle.py <= plot.top + plot.height + 1;
};

export function drawHandles(surface: Surface, handles: Handle[], layout: Layout, theme: Theme): void {
  const { plot } = layout;
  for (const handle of handles) {
    if (!inside(handle, layout)) continue;
    const color = roleColor(theme, handle.spec.role);
    surface.begin();
    if (handle.y === null) {
      surface.move(handle.px, plot.top);
      surface.line(handle.px, plot.top + plot.height);
    } else if (handle.x === null) {
      surface.move(plot.left, handle.py);
      surface.line(plot.left + plot.width, handle.py);
    }
    surface.stroke({ color, width: 1.1, dash: [3, 3] });
    surface.begin();
    surface.circle(handle.px, handle.py, 7);
    surface.fill({ color: theme.panel });
    surface.begin();
    surface.circle(handle.px, handle.py, 5.2);
    surface.fill({ color });
    if (!handle.label) continue;
    const left = handle.px - 11 - surface.measure(handle.label) > plot.left;
    const y = handle.x === null ? handle.py - 9 : handle.py - 4;
    surface.text(handle.label, handle.px + (left ? -11 : 11), y, { color, align: left ? 'right' : 'left', halo: theme.panel });
  }
}

/** The handle under a point: its dot, or the line of one that moves along one axis. */
export function handleAt(handles: Handle[], px: number, py: number, reach: number): Handle | null {
  let best: Handle | null = null;
  let least = Infinity;
  for (const handle of handles) {
    const dot = Math.hypot(handle.px - px, handle.py - py);
    const line = handle.y === null ? Math.abs(handle.px - px) : handle.x === null ? Math.abs(handle.py - py) : Infinity;
    const distance = Math.min(dot / 1.6, line * 1.5);
    if (distance < least) [best, least] = [handle, distance];
  }
  return least <= reach ? best : null;
}

const clamp = (value: number, control: ControlSpec): number => {
  const held = Math.min(control.high, Math.max(control.low, value));
  return control.step > 0 ? Number((control.low + Math.round((held - control.low) / control.step) * control.step).toPrecision(12)) : held;
};

/** What moving a handle to a place sets, and where it then stands: digits that a pixel cannot tell are left out. */
export function dragged(handle: Handle, px: number, py: number, layout: Layout, control: (name: string) => ControlSpec | undefined): { values: Values; override: Override } {
  const x = handle.x === null ? null : roundTo(layout.x.value(px), layout.x.resolution(px) / 4);
  const y = handle.y === null ? null : roundTo(layout.y.value(py), layout.y.resolution(py) / 4);
  return moved(handle, x, y, control);
}

export function moved(handle: Handle, x: number | null, y: number | null, control: (name: string) => ControlSpec | undefined): { values: Values; override: Override } {
  const values: Values = {};
  const override: Override = { id: handle.spec.id, x, y };
  const cx = control(handle.spec.control_x);
  const cy = control(handle.spec.control_y);
  const set = (spec: ControlSpec | undefined, value: number): number => {
    if (!spec) return value;
    const held = clamp(value, spec);
    values[spec.name] = held as Value;
    return held;
  };
  if (cx?.kind === 'point') {
    override.x = clamp(x ?? 0, cx);
    override.y = clamp(y ?? 0, cx);
    values[cx.name] = [override.x, override.y];
    return { values, override };
  }
  if (x !== null) override.x = cx ? set(cx, x) : handle.x;
  if (y !== null) override.y = cy ? set(cy, y) : handle.y;
  return { values, override };
}
