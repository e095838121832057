// Probabilistic graph diagrams: nodes, arrows, plates.
import type { MarkData } from '../types';
import type { Numbers } from './draw';
import type { Rect } from './layout';
import type { Surface } from './surface';
import type { Theme } from './theme';

const kFree = 0;
const kObserved = 1;
const kFixed = 2;

const column = (mark: MarkData, id: string): Numbers => (mark.columns[id] as Numbers | undefined) ?? new Float64Array();

/** "x_n" and "x_{n}" as pieces with a subscript flag. */
export function richPieces(text: string): { text: string; sub: boolean }[] {
  const pieces: { text: string; sub: boolean }[] = [];
  for (const match of text.matchAll(/_\{([^}]*)\}|_(\S)|([^_]+|_)/g)) {
    const sub = match[1] ?? match[2];
    pieces.push(sub !== undefined ? { text: sub, sub: true } : { text: match[3]!, sub: false });
  }
  return pieces;
}

function richText(surface: Surface, text: string, x: number, y: number, size: number, color: string, align: 'left' | 'center' | 'right'): void {
  const pieces = richPieces(text).map((piece) => {
    const own = piece.sub ? size * 0.74 : size;
    return { ...piece, size: own, width: surface.measure(piece.text, own) };
  });
  const total = pieces.reduce((sum, piece) => sum + piece.width, 0);
  let at = x - (align === 'center' ? total / 2 : align === 'right' ? total : 0);
  for (const piece of pieces) {
    surface.text(piece.text, at, y + (piece.sub ? size * 0.25 : 0), { color, size: piece.size, italic: !/^[A-Za-z]{2,}/.test(piece.text) });
    at += piece.width;
  }
}

export function drawGraph(surface: Surface, plot: Rect, mark: MarkData, theme: Theme, thumbnail: boolean): void {
  const [xs, ys, kinds] = [column(mark, 'x'), column(mark, 'y'), column(mark, 'kind')];
  const [from, to] = [column(mark, 'from'), column(mark, 'to')];
  const pad = thumbnail ? 18 : 34;
  const radius = thumbnail ? 9 : Math.max(13, Math.min(22, Math.min(plot.width, plot.height) / 13));
  const px = (v: number): number => plot.left + pad + v * (plot.width - 2 * pad);
  const py = (v: number): number => plot.top + pad + v * (plot.height - 2 * pad);
  for (const plate of mark.grid.plates ?? []) {
    surface.begin();
    surface.rect(px(plate.x0), py(plate.y0), px(plate.x1) - px(plate.x0), py(plate.y1) - py(plate.y0), 10);
    surface.stroke({ color: theme.line, width: 1.2 });
    if (!thumbnail) richText(surface, plate.label, px(plate.x1) - 9, py(plate.y1) - 9, 12, theme.soft, 'right');
  }
  const reach = (k: number): number => (kinds[k] === kFixed ? 4 : radius);
  for (let k = 0; k < Math.min(from.length, to.length); k++) {
    const [a, b] = [from[k]!, to[k]!];
    if (a >= xs.length || b >= xs.length || a < 0 || b < 0) continue;
    arrow(surface, px(xs[a]!), py(ys[a]!), px(xs[b]!), py(ys[b]!), reach(a) + 1, reach(b) + 2, theme.soft);
  }
  for (let k = 0; k < Math.min(xs.length, ys.length); k++) {
    const [x, y, kind] = [px(xs[k]!), py(ys[k]!), kinds[k] ?? kFree];
    surface.begin();
    surface.circle(x, y, reach(k));
    if (kind === kFixed) surface.fill({ color: theme.ink });
    else {
      surface.fill({ color: theme.panel });
      if (kind === kObserved) surface.fill({ color: theme.accent, alpha: 0.22 });
      surface.stroke({ color: theme.ink, width: 1.3 });
    }
    if (thumbnail) continue;
    if (kind === kFixed) richText(surface, mark.labels[k] ?? '', x, y - 9, 13, theme.ink, 'center');
    else richText(surface, mark.labels[k] ?? '', x, y + 4.5, 13.5, theme.ink, 'center');
  }
}

function arrow(surface: Surface, x0: number, y0: number, x1: number, y1: number, skip0: number, skip1: number, color: string): void {
  const length = Math.hypot(x1 - x0, y1 - y0);
  if (length <= skip0 + skip1) return;
  const [ux, uy] = [(x1 - x0) / length, (y1 - y0) / length];
  const [tipX, tipY] = [x1 - ux * skip1, y1 - uy * skip1];
  surface.begin();
  surface.move(x0 + ux * skip0, y0 + uy * skip0);
  surface.line(tipX - ux * 5, tipY - uy * 5);
  surface.stroke({ color, width: 1.3 });
  surface.begin();
  surface.move(tipX, tipY);
  surface.line(tipX - ux * 8 - uy * 3.5, tipY - uy * 8 + ux * 3.5);
  surface.line(tipX - ux * 8 + uy * 3.5, tipY - uy * 8 - ux * 3.5);
  surface.close();
  surface.fill({ color });
}
