// The brush and the cursor on a panel: what they enclose, how they look.
import type { PanelData, PanelSpec } from '../types';
import type { Datum } from './cursor';
import { numbers } from './draw';
import type { Layout, Rect } from './layout';
import { rowOf } from './points';
import type { Surface } from './surface';
import type { Theme } from './theme';

/** The box between two pixels, held within the plotting area; full height where only x counts. */
export function brushBox(layout: Layout, onlyX: boolean, x0: number, y0: number, x1: number, y1: number): Rect {
  const { plot } = layout;
  const hold = (v: number, from: number, size: number): number => Math.max(from, Math.min(from + size, v));
  const [a, b] = [hold(Math.min(x0, x1), plot.left, plot.width), hold(Math.max(x0, x1), plot.left, plot.width)];
  const c = onlyX ? plot.top : hold(Math.min(y0, y1), plot.top, plot.height);
  const d = onlyX ? plot.top + plot.height : hold(Math.max(y0, y1), plot.top, plot.height);
  return { left: a, top: c, width: b - a, height: d - c };
}

/** Rows of the points within a box, by row space. */
export function rowsWithin(spec: PanelSpec, data: PanelData, layout: Layout, box: Rect): Map<string, Set<number>> {
  const found = new Map<string, Set<number>>();
  for (const markSpec of spec.marks) {
    const mark = data.marks.find((m) => m.id === markSpec.id);
    if (markSpec.mark !== 'points' || !markSpec.link || !mark || mark.hidden) continue;
    const rows = found.get(markSpec.link) ?? new Set<number>();
    const [xs, ys] = [numbers(mark, 'x'), numbers(mark, 'y')];
    for (let k = 0; k < Math.min(xs.length, ys.length); k++) {
      const [px, py] = [layout.x.px(xs[k]!), layout.y.px(ys[k]!)];
      if (px >= box.left && px <= box.left + box.width && py >= box.top && py <= box.top + box.height) rows.add(rowOf(mark, k));
    }
    found.set(markSpec.link, rows);
  }
  return found;
}

export function drawBrush(surface: Surface, box: Rect, theme: Theme): void {
  surface.begin();
  surface.rect(box.left, box.top, box.width, box.height, 2);
  surface.fill({ color: theme.accent, alpha: 0.12 });
  surface.stroke({ color: theme.accent, width: 1, alpha: 0.6 });
}

/** A ring around the datum and its reading beside it. */
export function drawDatum(surface: Surface, layout: Layout, theme: Theme, datum: Datum, text: string): void {
  surface.begin();
  surface.circle(datum.px, datum.py, 5);
  surface.stroke({ color: theme.accent, width: 1.6 });
  const { plot } = layout;
  const width = surface.measure(text) + 12;
  const left = Math.max(2, Math.min(datum.px + 10, plot.left + plot.width - width));
  const top = datum.py - 30 < 0 ? datum.py + 10 : datum.py - 30;
  surface.begin();
  surface.rect(left, top, width, 20, 4);
  surface.fill({ color: theme.panel, alpha: 0.94 });
  surface.stroke({ color: theme.line });
  surface.text(text, left + 6, top + 14, { color: theme.ink });
}
