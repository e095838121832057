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

/** Attaches the gestures to an element; the coordinates handed on are CSS pixels from its top left. */
export function attachGestures(element: HTMLElement, target: GestureTarget): void {
  const pointers = new Map<number, Spot>();
  let mode: Mode = 'idle';
  let start: Spot = { x: 0, y: 0 };
  let last: Spot = { x: 0, y: 0 };
  let moved = false;

  const spot = (event: MouseEvent): Spot => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const pair = (): [Spot, Spot] => [...pointers.values()].slice(0, 2) as [Spot, Spot];

  element.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    const at = spot(event);
    pointers.set(event.pointerId, at);
    start = last = at;
    moved = false;
    if (pointers.size === 2) {
      if (mode === 'brush') target.brush(start.x, start.y, start.x, start.y, true);
      mode = 'pinch';
      return;
    }
    if (target.grab(at.x, at.y, event.pointerType !== 'mouse')) {
      mode = 'handle';
      event.preventDefault();
    } else {
      mode = event.shiftKey || target.dragMeans() === 'pan' ? 'pan' : 'brush';
    }
    try {
      element.setPointerCapture(event.pointerId);
    } catch {
      // a synthetic pointer cannot be captured
    }
  });

  element.addEventListener('pointermove', (event) => {
    const at = spot(event);
    if (!pointers.has(event.pointerId)) {
      if (event.pointerType === 'mouse' && mode === 'idle') target.hover(at.x, at.y);
      return;
    }
    if (mode === 'pinch' && pointers.size >= 2) {
      const [a0, b0] = pair();
      pointers.set(event.pointerId, at);
      const [a1, b1] = pair();
      const size = (a: number, b: number): number => Math.max(24, Math.abs(a - b));
      target.pan((a1.x + b1.x - a0.x - b0.x) / 2, (a1.y + b1.y - a0.y - b0.y) / 2);
      target.zoom(size(a0.x, b0.x) / size(a1.x, b1.x), size(a0.y, b0.y) / size(a1.y, b1.y), (a1.x + b1.x) / 2, (a1.y + b1.y) / 2);
      return;
    }
    pointers.set(event.pointerId, at);
    moved ||= Math.hypot(at.x - start.x, at.y - start.y) >= kClick;
    if (mode === 'handle') target.drag(at.x, at.y);
    else if (moved && mode === 'brush') target.brush(start.x, start.y, at.x, at.y, false);
    else if (moved && mode === 'pan') target.pan(at.x - last.x, at.y - last.y);
    last = at;
  });

  const end = (event: PointerEvent): void => {
    if (!pointers.delete(event.pointerId)) return;
    if (pointers.size > 0) {
      mode = pointers.size >= 2 ? 'pinch' : 'idle';
      return;
    }
    if (mode === 'handle') target.drop();
    else if (mode === 'brush' && moved) target.brush(start.x, start.y, last.x, last.y, true);
    else if (!moved) {
      if (event.pointerType !== 'mouse') target.hover(last.x, last.y);
      target.tap();
    }
    mode = 'idle';
  };
  element.addEventListener('pointerup', end);
  element.addEventListener('pointercancel', end);
  element.addEventListener('pointerleave', () => target.leave());
  element.addEventListener('dblclick', () => target.reset());
  element.addEventListener(
    'wheel',
    (event) => {
      // A page that is being scrolled goes on scrolling when a plot comes under the pointer.
      if (performance.now() - lastScroll < 250) return;
      event.preventDefault();
      const at = spot(event);
      const factor = Math.exp(Math.max(-1, Math.min(1, (event.deltaMode === 1 ? 16 : 1) * event.deltaY * 0.0022)));
      const axes = target.zoomAxes(at.x, at.y, event.shiftKey);
      target.zoom(axes === 'y' ? 1 : factor, axes === 'x' ? 1 : factor, at.x, at.y);
    },
    { passive: false },
  );
}
