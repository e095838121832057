// Pointer, wheel and touch on a plot: drag to brush or pan, pinch and wheel to zoom, double click to reset, handles by capture.

export interface GestureTarget {
  /** Starts a drag on a handle at this pixel when there is one. */
  grab(px: number, py: number, touch: boolean): boolean;
  drag(px: number, py: number): void;
  drop(): void;
  /** What a plain drag does here. */
  dragMeans(): 'brush' | 'pan';
  brush(x0: number, y0: number, x1: number, y1: number, done: boolean): void;
  pan(dx: number, dy: number): void;
  /** Zooms by a factor (< 1: closer) about a pixel. */
  zoom(factorX: number, factorY: number, px: number, py: number): void;
  zoomAxes(px: number, py: number, shift: boolean): 'x' | 'y' | 'xy';
  hover(px: number, py: number): void;
  leave(): void;
  reset(): void;
  tap(): void;
}

type Mode = 'idle' | 'handle' | 'brush' | 'pan' | 'pinch';
interface Spot {
  x: number;
  y: number;
}

const kClick = 4;
let lastScroll = -1e9;
if (typeof window !== 'undefined') window.addEventListener('scroll', () => (lastScroll = performance.now()), { passive: true, capture: true });

/** The gestures on one element; the coordinates handed on are CSS pixels from its top left. */
class Gestures {
  private readonly pointers = new Map<number, Spot>();
  private mode: Mode = 'idle';
  private start: Spot = { x: 0, y: 0 };
  private last: Spot = { x: 0, y: 0 };
  private moved = false;

  constructor(
    private readonly element: HTMLElement,
    private readonly target: GestureTarget,
  ) {
    element.addEventListener('pointerdown', (event) => this.down(event));
    element.addEventListener('pointermove', (event) => this.move(event));
    element.addEventListener('pointerup', (event) => this.up(event));
    element.addEventListener('pointercancel', (event) => this.up(event));
    element.addEventListener('pointerleave', () => target.leave());
    element.addEventListener('dblclick', () => target.reset());
    element.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
  }

  private spot(event: MouseEvent): Spot {
    const box = this.element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  private pair(): [Spot, Spot] {
    return [...this.pointers.values()].slice(0, 2) as [Spot, Spot];
  }

  private down(event: PointerEvent): void {
    if (event.button !== 0) return;
    const at = this.spot(event);
    this.pointers.set(event.pointerId, at);
    this.start = this.last = at;
    this.moved = false;
    if (this.pointers.size === 2) {
      if (this.mode === 'brush') this.target.brush(at.x, at.y, at.x, at.y, true);
      this.mode = 'pinch';
      return;
    }
    if (this.target.grab(at.x, at.y, event.pointerType !== 'mouse')) {
      this.mode = 'handle';
      event.preventDefault();
    } else {
      this.mode = event.shiftKey || this.target.dragMeans() === 'pan' ? 'pan' : 'brush';
    }
    try {
      this.element.setPointerCapture(event.pointerId);
    } catch {
      // a synthetic pointer cannot be captured
    }
  }

  private move(event: PointerEvent): void {
    const { target, start, last } = this;
    const at = this.spot(event);
    if (!this.pointers.has(event.pointerId)) {
      if (event.pointerType === 'mouse' && this.mode === 'idle') target.hover(at.x, at.y);
      return;
    }
    if (this.mode === 'pinch' && this.pointers.size >= 2) {
      this.pinch(event.pointerId, at);
      return;
    }
    this.pointers.set(event.pointerId, at);
    this.moved ||= Math.hypot(at.x - start.x, at.y - start.y) >= kClick;
    if (this.mode === 'handle') target.drag(at.x, at.y);
    else if (this.moved && this.mode === 'brush') target.brush(start.x, start.y, at.x, at.y, false);
    else if (this.moved && this.mode === 'pan') target.pan(at.x - last.x, at.y - last.y);
    this.last = at;
  }

  private pinch(pointer: number, at: Spot): void {
    const [a0, b0] = this.pair();
    this.pointers.set(pointer, at);
    const [a1, b1] = this.pair();
    const size = (a: number, b: number): number => Math.max(24, Math.abs(a - b));
    this.target.pan((a1.x + b1.x - a0.x - b0.x) / 2, (a1.y + b1.y - a0.y - b0.y) / 2);
    this.target.zoom(size(a0.x, b0.x) / size(a1.x, b1.x), size(a0.y, b0.y) / size(a1.y, b1.y), (a1.x + b1.x) / 2, (a1.y + b1.y) / 2);
  }

  private up(event: PointerEvent): void {
    const { target, start, last } = this;
    if (!this.pointers.delete(event.pointerId)) return;
    if (this.pointers.size > 0) {
      this.mode = this.pointers.size >= 2 ? 'pinch' : 'idle';
      return;
    }
    if (this.mode === 'handle') target.drop();
    else if (this.mode === 'brush' && this.moved) target.brush(start.x, start.y, last.x, last.y, true);
    else if (!this.moved) {
      if (event.pointerType !== 'mouse') target.hover(last.x, last.y);
      target.tap();
    }
    this.mode = 'idle';
  }

  private wheel(event: WheelEvent): void {
    // A page that is being scrolled goes on scrolling when a plot comes under the pointer.
    if (performance.now() - lastScroll < 250) return;
    event.preventDefault();
    const at = this.spot(event);
    const factor = Math.exp(Math.max(-1, Math.min(1, (event.deltaMode === 1 ? 16 : 1) * event.deltaY * 0.0022)));
    const axes = this.target.zoomAxes(at.x, at.y, event.shiftKey);
    this.target.zoom(axes === 'y' ? 1 : factor, axes === 'x' ? 1 : factor, at.x, at.y);
  }
}

/** Attaches the gestures to an element; it keeps them alive. */
export function attachGestures(element: HTMLElement, target: GestureTarget): void {
  new Gestures(element, target);
}
