// One panel on the page: a canvas for the marks, one above it for axes, words, handles, cursor and brush, and the hands on it.
import type { Selection } from '../selection';
import { mergeRows, rowsFromSet } from '../state';
import type { ControlSpec, PanelData, PanelSpec, Values, View } from '../types';
import { Probes, type Datum } from './cursor';
import { brushBox, drawBrush, drawDatum, rowsWithin } from './brush';
import { drawMarks } from './draw';
import { attachGestures, type GestureTarget } from './gestures';
import { dragged, drawHandles, findHandles, handleAt, moved, type Handle, type Override } from './handles';
import { gutterFor, layoutPanel, plotRect, saneRange, viewOf, type Layout, type Range2, type Rect } from './layout';
import { CanvasSurface } from './surface_canvas';
import type { Theme } from './theme';
import { drawAxes, drawColorBar, drawWords } from './words';

/** What a panel asks of the figure it stands in. */
export interface PanelHost {
  theme(): Theme;
  readonly selection: Selection;
  control(name: string): ControlSpec | undefined;
  value(name: string): unknown;
  set(values: Values): void;
  /** The hand came to rest: a state worth undoing to. */
  commit(): void;
  viewChanged(panel: string, view: View): void;
  announce(words: string): void;
}

const kReachMouse = 9;
const kReachTouch = 24;

export class PanelView implements GestureTarget {
  data: PanelData | null = null;
  layout: Layout | null = null;
  range: Range2 = { x: null, y: null };
  readonly plot: HTMLElement;
  private readonly surfaces: [CanvasSurface, CanvasSurface];
  private width = 0;
  private height = 0;
  private ratio = 1;
  private gutter = 0;
  private sentView = '';
  private marksKey = '';
  private overKey = '';
  private probes: Probes | null = null;
  private datum: Datum | null = null;
  private byKeyboard = false;
  private override: Override | null = null;
  private held: { handle: Handle; dx: number; dy: number } | null = null;
  private released = false;
  private brushBox: Rect | null = null;
  private handleElements = new Map<string, HTMLElement>();
  private paintAsked = false;

  constructor(
    readonly spec: PanelSpec,
    private readonly host: PanelHost,
    readonly root: HTMLElement,
  ) {
    this.plot = root;
    const canvases = [document.createElement('canvas'), document.createElement('canvas')] as const;
    canvases.forEach((canvas) => canvas.setAttribute('aria-hidden', 'true'));
    root.append(...canvases);
    this.surfaces = canvases.map((canvas) => new CanvasSurface(canvas.getContext('2d')!)) as [CanvasSurface, CanvasSurface];
    attachGestures(root, this);
    root.addEventListener('keydown', (event) => this.key(event));
    root.addEventListener('blur', () => this.point(null, false));
  }

  /** The element's size in CSS pixels; called by the figure's resize observer. */
  resize(width: number, height: number): void {
    const ratio = window.devicePixelRatio || 1;
    if (width === this.width && height === this.height && ratio === this.ratio) return;
    [this.width, this.height, this.ratio] = [width, height, ratio];
    for (const surface of this.surfaces) {
      const { context } = surface;
      surface.forget();
      context.canvas.width = Math.round(width * ratio);
      context.canvas.height = Math.round(height * ratio);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    this.marksKey = this.overKey = '';
    this.sayView();
    this.paint();
  }

  /** New data from a frame. Draws what changed, at once. */
  update(data: PanelData): void {
    this.data = data;
    if (this.released) {
      this.override = null;
      this.released = false;
    }
    this.paint();
  }

  /** Draws what changed. Called in animation frames only. */
  paint(): void {
    if (!this.data || this.width === 0) return;
    let plot = plotRect(this.spec, this.data, this.width, this.height, this.gutter || 46);
    let layout = layoutPanel(this.data, this.range, plot);
    const widest = Math.max(0, ...layout.yTicks.labels.map((label) => this.surfaces[1].measure(label)));
    const gutter = gutterFor(widest, this.gutter);
    if (gutter !== this.gutter) {
      this.gutter = gutter;
      plot = plotRect(this.spec, this.data, this.width, this.height, gutter);
      layout = layoutPanel(this.data, this.range, plot);
    }
    this.layout = layout;
    this.sayView();
    const handles = findHandles(this.spec, this.data, layout, this.override);
    const place = [plot, layout.x.low, layout.x.high, layout.y.low, layout.y.high, this.data.x.scale, this.data.y.scale, this.data.x.reversed, this.data.y.reversed];
    const theme = this.host.theme();
    const { selection } = this.host;
    const marks = JSON.stringify([place, this.data.marks.map((m) => m.stamp), theme.data, selection.version]);
    if (marks !== this.marksKey) {
      this.marksKey = marks;
      this.probes = null;
      this.drawMarks(layout, theme);
    }
    const brush = this.brushBox;
    const over = JSON.stringify([place, handles.map((h) => [h.px, h.py, h.label]), this.datum, brush, theme.data, this.data.x.label, this.data.x.unit, this.data.y.label, this.wordStamps()]);
    if (over !== this.overKey) {
      this.overKey = over;
      this.drawOver(layout, theme, handles);
    }
  }

  private wordStamps(): number[] {
    const words = this.spec.marks.filter((m) => m.mark === 'rule' || m.mark === 'text' || m.mark === 'image' || m.label);
    return words.map((m) => this.data!.marks.find((d) => d.id === m.id)?.stamp ?? 0);
  }

  private drawMarks(layout: Layout, theme: Theme): void {
    const surface = this.surfaces[0];
    surface.context.clearRect(0, 0, this.width, this.height);
    drawMarks(surface, this.spec, this.data!, layout, theme, { selection: this.host.selection.rows });
  }

  private drawOver(layout: Layout, theme: Theme, handles: Handle[]): void {
    const surface = this.surfaces[1];
    surface.context.clearRect(0, 0, this.width, this.height);
    drawAxes(surface, this.spec, this.data!, layout, theme);
    drawColorBar(surface, this.spec, this.data!, layout, theme);
    drawWords(surface, this.spec, this.data!, layout, theme);
    drawHandles(surface, handles, layout, theme);
    if (this.brushBox) drawBrush(surface, this.brushBox, theme);
    this.datum = this.datum && this.reader().again(this.datum);
    if (this.datum) drawDatum(surface, layout, theme, this.datum, this.reader().read(this.datum, false));
    this.placeHandles(handles);
  }

  private reader(): Probes {
    return (this.probes ??= new Probes(this.spec, this.data!, this.layout!));
  }

  /** Asks for a paint in the next animation frame. */
  ask(): void {
    if (this.paintAsked) return;
    this.paintAsked = true;
    requestAnimationFrame(() => {
      this.paintAsked = false;
      this.paint();
    });
  }

  private sayView(): void {
    if (this.width === 0) return;
    const plot = plotRect(this.spec, this.data, this.width, this.height, this.gutter || 46);
    const view = viewOf(plot, this.ratio, this.range);
    const text = JSON.stringify(view);
    if (text === this.sentView) return;
    this.sentView = text;
    this.host.viewChanged(this.spec.id, view);
  }

  /** Handles are elements too: for the keyboard, for screen readers and for thumbs. */
  private placeHandles(handles: Handle[]): void {
    for (const handle of handles) {
      let element = this.handleElements.get(handle.spec.id);
      if (!element) this.handleElements.set(handle.spec.id, (element = this.makeHandle(handle.spec.id)));
      const { plot } = this.layout!;
      const shown = handle.px >= plot.left - 2 && handle.px <= plot.left + plot.width + 2 && handle.py >= plot.top - 2 && handle.py <= plot.top + plot.height + 2;
      element.hidden = !shown;
      element.style.transform = `translate(${handle.px.toFixed(1)}px, ${handle.py.toFixed(1)}px)`;
      const name = this.host.control(handle.spec.control_x)?.label ?? this.host.control(handle.spec.control_y)?.label ?? handle.spec.id;
      const text = [handle.x, handle.y].filter((v) => v !== null).map((v) => String(Number(v.toPrecision(6)))).join(', ');
      element.setAttribute('aria-label', name);
      element.setAttribute('aria-valuetext', text);
      element.setAttribute('aria-valuenow', String(handle.x ?? handle.y));
    }
  }

  private makeHandle(id: string): HTMLElement {
    const element = document.createElement('div');
    element.className = 'handle';
    element.dataset.handle = id;
    element.tabIndex = 0;
    element.setAttribute('role', 'slider');
    element.addEventListener('keydown', (event) => this.handleKey(event, id));
    this.plot.append(element);
    return element;
  }

  private handles(): Handle[] {
    return this.data && this.layout ? findHandles(this.spec, this.data, this.layout, this.override) : [];
  }

  private handleKey(event: KeyboardEvent, id: string): void {
    const handle = this.handles().find((h) => h.spec.id === id);
    const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1], PageUp: [10, -10], PageDown: [-10, 10] }[event.key];
    if (!handle || !direction || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const size = event.shiftKey ? 10 : 1;
    let [dx, dy] = [direction[0]! * size, direction[1]! * size];
    if (handle.y === null && dx === 0) dx = -dy; // up and right are "more" for a handle that moves one way
    if (handle.x === null && dy === 0) dy = -dx;
    const layout = this.layout!;
    const control = this.host.control(handle.spec.control_x) ?? this.host.control(handle.spec.control_y);
    const stepped = control && control.step > 0 && control.kind !== 'point';
    const to = stepped
      ? moved(handle, handle.x === null ? null : handle.x + dx * control.step, handle.y === null ? null : handle.y - dy * control.step, (n) => this.host.control(n))
      : dragged(handle, handle.px + dx, handle.py + dy, layout, (n) => this.host.control(n));
    this.override = to.override;
    this.released = true;
    this.host.set(to.values);
    this.host.commit();
    this.ask();
  }

  // Gestures

  grab(px: number, py: number, touch: boolean): boolean {
    const layout = this.layout;
    if (!layout) return false;
    const handle = handleAt(this.handles(), px, py, touch ? kReachTouch : kReachMouse);
    if (!handle) return false;
    this.held = { handle, dx: handle.px - px, dy: handle.py - py };
    this.datum = null;
    this.released = false;
    this.override = { id: handle.spec.id, x: handle.x, y: handle.y };
    this.handleElements.get(handle.spec.id)?.focus({ preventScroll: true });
    return true;
  }

  drag(px: number, py: number): void {
    if (!this.held || !this.layout) return;
    const to = dragged(this.held.handle, px + this.held.dx, py + this.held.dy, this.layout, (name) => this.host.control(name));
    this.override = to.override;
    this.host.set(to.values);
    this.ask();
  }

  drop(): void {
    this.held = null;
    this.released = true;
    this.host.commit();
  }

  dragMeans(): 'brush' | 'pan' {
    return this.spec.brush === 'none' ? 'pan' : 'brush';
  }

  brush(x0: number, y0: number, x1: number, y1: number, done: boolean): void {
    if (!this.layout || !this.data) return;
    const box = brushBox(this.layout, this.spec.brush === 'x', x0, y0, x1, y1);
    this.datum = null;
    this.brushBox = done ? null : box;
    this.host.selection.set(this.spec.id, rowsWithin(this.spec, this.data, this.layout, box));
    if (done) this.host.announce(`${this.host.selection.count} points selected`);
    this.ask();
  }

  /** Adds the selected rows to the control that masks them. */
  maskSelected(): void {
    const name = this.spec.brush_control;
    const rows = [...this.host.selection.rows.values()].flatMap((set) => rowsFromSet(set));
    this.host.set({ [name]: mergeRows((this.host.value(name) as number[] | null) ?? [], rows) });
    this.host.selection.clear();
    this.host.commit();
  }

  pan(dx: number, dy: number): void {
    if (!this.layout || !this.data) return;
    const { x, y, plot } = this.layout;
    const shift = (scale: typeof x, d: number): [number, number] => {
      const ends = [scale.value(scale.start - d), scale.value(scale.end - d)];
      return [Math.min(...ends), Math.max(...ends)];
    };
    const both = this.zoomAxes(plot.left + 1, plot.top + 1, false) === 'xy';
    this.setRange(dx ? shift(x, dx) : null, both && dy ? shift(y, dy) : null);
  }

  zoomAxes(px: number, py: number, shift: boolean): 'x' | 'y' | 'xy' {
    const plot = this.layout?.plot;
    if (plot && px < plot.left) return 'y';
    if (plot && py > plot.top + plot.height) return 'x';
    const plane = this.spec.square || this.spec.brush === 'xy' || this.spec.marks.some((m) => m.mark === 'image' || m.mark === 'contour');
    return shift ? (plane ? 'x' : 'y') : plane ? 'xy' : 'x';
  }

  zoom(factorX: number, factorY: number, px: number, py: number): void {
    if (!this.layout) return;
    const { x, y } = this.layout;
    const about = (scale: typeof x, at: number, factor: number): [number, number] | null => {
      if (factor === 1) return null;
      const ends = [scale.value(at + (scale.start - at) * factor), scale.value(at + (scale.end - at) * factor)];
      return [Math.min(...ends), Math.max(...ends)];
    };
    this.setRange(about(x, px, factorX), about(y, py, factorY));
  }

  private setRange(x: [number, number] | null, y: [number, number] | null): void {
    if (this.spec.marks.some((m) => m.mark === 'graph')) return;
    const nextX = x && saneRange(x, this.layout!.x.log);
    const nextY = y && saneRange(y, this.layout!.y.log);
    if (!nextX && !nextY) return;
    this.range = { x: nextX ?? this.range.x, y: nextY ?? this.range.y };
    this.datum = null;
    this.ask();
  }

  reset(): void {
    this.range = { x: null, y: null };
    this.ask();
  }

  hover(px: number, py: number): void {
    if (!this.layout || this.held) return;
    const touchy = handleAt(this.handles(), px, py, kReachMouse);
    this.plot.style.cursor = touchy ? 'grab' : '';
    this.point(touchy ? null : this.reader().nearest(px, py), false);
  }

  leave(): void {
    if (!this.byKeyboard) this.point(null, false);
  }

  tap(): void {
    this.host.selection.clear();
  }

  private point(datum: Datum | null, keyboard: boolean): void {
    if (datum?.k === this.datum?.k && datum?.mark === this.datum?.mark) return;
    this.datum = datum;
    this.byKeyboard = keyboard && datum !== null;
    if (datum) this.host.announce(this.reader().read(datum, true));
    this.ask();
  }

  private key(event: KeyboardEvent): void {
    if (!this.layout || event.target !== this.plot || event.ctrlKey || event.metaKey || event.altKey) return;
    const { plot } = this.layout;
    const [cx, cy] = this.datum ? [this.datum.px, this.datum.py] : [plot.left + plot.width / 2, plot.top + plot.height / 2];
    const axes = this.zoomAxes(plot.left + 1, plot.top + 1, false);
    const closer = (factor: number): void => this.zoom(factor, axes === 'xy' ? factor : 1, cx, cy);
    if (event.key === '+' || event.key === '=') closer(0.7);
    else if (event.key === '-') closer(1 / 0.7);
    else if (event.key === '0') this.reset();
    else if (event.key === 'Escape') {
      this.host.selection.clear();
      this.point(null, false);
    } else if (event.key.startsWith('Arrow') || event.key === 'Home' || event.key === 'End') {
      this.point(this.reader().walk(this.datum, event.key, event.shiftKey ? 10 : 1), true);
    } else return;
    event.preventDefault();
  }
}
