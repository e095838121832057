// The present picture as SVG or PNG: the marks' own drawing code on another surface, with the state inside the file.
import { answerText } from './answer';
import { drawMarks } from './marks/draw';
import { drawHandles, findHandles } from './marks/handles';
import { gutterFor, layoutPanel, plotRect, type Range2 } from './marks/layout';
import type { Surface } from './marks/surface';
import { CanvasSurface } from './marks/surface_canvas';
import { SvgSurface } from './marks/surface_svg';
import type { Theme } from './marks/theme';
import { drawAxes, drawColorBar, drawWords } from './marks/words';
import { addPngText } from './png';
import type { Frame, NumberItem, PanelData, PanelSpec, Values } from './types';

/** What a picture file carries, enough to open the figure again. */
export interface PictureState {
  orrery: 1;
  figure: string;
  values: Values;
  sets?: Record<string, string>;
  data?: Record<string, string>;
}

export interface PanelPicture {
  spec: PanelSpec;
  data: PanelData;
  range: Range2;
}

export interface Picture {
  state: PictureState;
  title: string;
  question: string;
  numbers: NumberItem[];
  panels: PanelPicture[];
  caption: string;
  theme: Theme;
}

const kWidth = 960;
const kPad = 24;
const kGap = 14;
const kTitle = 22;

/** Draws one panel with its title into a rectangle. */
export function drawPanel(surface: Surface, panel: PanelPicture, left: number, top: number, width: number, height: number, theme: Theme): void {
  const { spec, data, range } = panel;
  surface.text(data.title || spec.title, left + 2, top + 14, { color: theme.ink, size: 12.5, weight: 600 });
  surface.text(data.hint, left + width - 2, top + 14, { color: theme.soft, size: 12, align: 'right' });
  const place = (gutter: number): ReturnType<typeof plotRect> => {
    const plot = plotRect(spec, data, width, height - kTitle, gutter);
    return { ...plot, left: plot.left + left, top: plot.top + top + kTitle };
  };
  let layout = layoutPanel(data, range, place(46));
  const gutter = gutterFor(Math.max(0, ...layout.yTicks.labels.map((label) => surface.measure(label))), 0);
  layout = layoutPanel(data, range, place(gutter));
  drawMarks(surface, spec, data, layout, theme, {});
  drawAxes(surface, spec, data, layout, theme);
  drawColorBar(surface, spec, data, layout, theme);
  drawWords(surface, spec, data, layout, theme);
  drawHandles(surface, findHandles(spec, data, layout, null), layout, theme);
}

interface Placed {
  panel: PanelPicture;
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The panels in rows as on the page: two to a row, wide ones alone. */
export function arrange(panels: PanelPicture[], top: number): { placed: Placed[]; bottom: number } {
  const placed: Placed[] = [];
  const half = (kWidth - 2 * kPad - kGap) / 2;
  let y = top;
  let right = false;
  let rowHeight = 0;
  for (const panel of panels) {
    const wide = panel.spec.wide || panels.length === 1;
    const height = panel.spec.square ? half + kTitle : panel.spec.tall ? 440 : wide ? 250 : 300;
    if (wide && right) [y, right] = [y + rowHeight + kGap, false];
    placed.push({ panel, left: right ? kPad + half + kGap : kPad, top: y, width: wide ? kWidth - 2 * kPad : half, height });
    rowHeight = right ? Math.max(rowHeight, height) : height;
    if (wide || right) [y, right] = [y + rowHeight + kGap, false];
    else right = true;
  }
  return { placed, bottom: right ? y + rowHeight + kGap : y };
}

function drawFigure(surface: Surface, picture: Picture, placed: Placed[], bottom: number): void {
  const { theme } = picture;
  surface.text(picture.title, kPad, kPad + 16, { color: theme.ink, size: 21, weight: 620 });
  surface.text(picture.question, kPad, kPad + 37, { color: theme.soft, size: 14 });
  let left = kPad;
  for (const item of picture.numbers) {
    const text = answerText(item);
    const width = surface.measure(text, 13) + 22;
    if (left + width > kWidth - kPad) break;
    surface.text(text, left, kPad + 62, { color: theme.ink, size: 13 });
    left += width;
  }
  for (const { panel, left: x, top, width, height } of placed) drawPanel(surface, panel, x, top, width, height, theme);
  surface.text(picture.caption, kPad, bottom + 10, { color: theme.soft, size: 10 });
}

interface Sheet {
  width: number;
  height: number;
  draw(surface: Surface): void;
}

function sheet(picture: Picture, only: string | null): Sheet {
  const single = only === null ? undefined : picture.panels.find((p) => p.spec.id === only);
  if (single) {
    const [width, height] = single.spec.square ? [520, 560] : single.spec.tall ? [940, 480] : single.spec.wide ? [940, 300] : [600, 380];
    return {
      width,
      height,
      draw: (surface) => {
        drawPanel(surface, single, 10, 6, width - 20, height - 30, picture.theme);
        surface.text(picture.caption, 12, height - 8, { color: picture.theme.soft, size: 9.5 });
      },
    };
  }
  const { placed, bottom } = arrange(picture.panels, kPad + 78);
  return { width: kWidth, height: bottom + 24, draw: (surface) => drawFigure(surface, picture, placed, bottom) };
}

/** The figure (or one panel of it) as an SVG document. */
export async function toSvg(picture: Picture, only: string | null): Promise<string> {
  const page = sheet(picture, only);
  const ruler = typeof document === 'undefined' ? null : new CanvasSurface(document.createElement('canvas').getContext('2d')!);
  const surface = new SvgSurface(page.width, page.height, 'clip', ruler ? (text, size) => ruler.measure(text, size) : undefined);
  page.draw(surface);
  return surface.finish(picture.state, picture.title, picture.theme.panel);
}

/** The figure (or one panel of it) as a PNG file at `scale` pixels to a CSS pixel. */
export async function toPng(picture: Picture, only: string | null, scale = 2): Promise<Uint8Array<ArrayBuffer>> {
  const page = sheet(picture, only);
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(page.width * scale);
  canvas.height = Math.round(page.height * scale);
  const context = canvas.getContext('2d')!;
  context.scale(scale, scale);
  context.fillStyle = picture.theme.panel;
  context.fillRect(0, 0, page.width, page.height);
  page.draw(new CanvasSurface(context));
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  if (!blob) throw new Error('the browser could not make the picture');
  return addPngText(new Uint8Array(await blob.arrayBuffer()), JSON.stringify(picture.state));
}

export function pictureOf(spec: { figure: { title: string; question: string }; panels: PanelSpec[] }, frame: Frame, ranges: Map<string, Range2>, state: PictureState, caption: string, theme: Theme): Picture {
  const panels = spec.panels.flatMap((panel) => {
    const data = frame.panels.get(panel.id);
    return data ? [{ spec: panel, data, range: ranges.get(panel.id) ?? { x: null, y: null } }] : [];
  });
  return { state, title: spec.figure.title, question: spec.figure.question, numbers: frame.numbers, panels, caption, theme };
}
