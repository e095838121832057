// One figure on one engine session: its state, latest-wins sending, frames in order, replay on a fresh engine.
import type { Engine } from './engine';
import { FrameStore } from './frame';
import { decode, encode, type Column, type Message } from './protocol';
import type { EngineFault, FigureInfo, FigureSpec, Frame, Palette, SlotData, Values, View } from './types';

/** How a reader may be overruled: names or numbers (from 1) of columns, days added to the times. */
export interface ReadOptions {
  time?: string;
  value?: string;
  error?: string;
  band?: string;
  time_offset?: number;
}

export interface GivenFile {
  name: string;
  bytes: Uint8Array;
  options: ReadOptions;
}

export interface Clock {
  now(): number;
  frame(call: () => void): void;
}

export const browserClock: Clock = {
  now: () => performance.now(),
  frame: (call) => void requestAnimationFrame(call),
};

export interface DrawTiming {
  decodeMs: number;
  /** When the change that led to this frame was made, or null (a frame nobody asked for by hand). */
  changedAt: number | null;
}

/** Start values of a figure, overlaid with what is given. Names the figure does not have are left out. */
export function completeValues(spec: FigureSpec, given: Values): Values {
  const values: Values = {};
  for (const control of spec.controls) values[control.name] = control.name in given ? given[control.name]! : control.start;
  return values;
}

/** The spec of a message; controls, slots and panels may stand beside `figure` or inside it. */
function specOf(head: Record<string, unknown>): FigureSpec {
  const figure = head.figure as FigureSpec['figure'] & Partial<FigureSpec>;
  return { figure, controls: figure.controls ?? [], slots: figure.slots ?? [], panels: figure.panels ?? [], ...head } as FigureSpec;
}

export class FigureClient {
  figure = '';
  spec: FigureSpec | null = null;
  values: Values = {};
  frame: Frame | null = null;
  slots = new Map<string, SlotData>();
  /** Embedded set the user chose for a slot. */
  chosen = new Map<string, string>();
  /** The user's file of a slot as it was given, so that it can be read again with other columns. */
  given = new Map<string, GivenFile>();
  fault: EngineFault | null = null;
  progress: { fraction: number; words: string } | null = null;
  settled = false;
  cancelled = false;
  figures: FigureInfo[] = [];

  /** Anything but a frame changed. */
  onchange: () => void = () => {};
  onspec: () => void = () => {};
  /** Called in an animation frame with the newest frame. */
  ondraw: (frame: Frame, timing: DrawTiming) => void = () => {};

  private engine: Engine | null = null;
  private store = new FrameStore();
  private seq = 0;
  private lastState = 0;
  private viewAnswered = true;
  private viewSent = 0;
  private drawn = 0;
  private views: Record<string, View> = {};
  private palette: Palette | null = null;
  private pending: Frame | null = null;
  private pendingDecode = 0;
  private dirty = false;
  private sentThisFrame = false;
  private viewsDirty = false;
  private scheduled = false;
  private start: Values = {};
  private faultSeq = 0;
  private changes = new Map<number, number>();
  private changedAt: number | null = null;
  private openedAt = 0;

  /** @param usesViews  the owner lays the figure out when its spec comes and then says the sizes with view() */
  constructor(
    private readonly usesViews = true,
    private readonly clock: Clock = browserClock,
  ) {}

  get lastSent(): number {
    return this.lastState;
  }

  /** Speaks to a fresh session: what the figure needs is sent again. */
  attach(engine: Engine): void {
    this.engine = engine;
    this.store = new FrameStore();
    this.pending = null;
    if (this.figures.length === 0) this.send({ type: 'figures' });
    if (this.figure) this.replay();
  }

  /** Shows a figure. `data` replaces the content of slots before it opens. */
  open(figure: string, values: Values, data: { slot: string; name: string; csv: Uint8Array }[] = []): void {
    this.figure = figure;
    this.spec = null;
    this.start = { ...values };
    this.values = { ...values };
    this.frame = this.pending = null;
    this.slots = new Map(data.map((d) => [d.slot, { ...d, rows: 0, report: {}, embedded: [], is_embedded: false }]));
    this.chosen.clear();
    this.given.clear();
    this.fault = this.progress = null;
    this.views = {};
    this.replay();
  }

  /** Leaves the figure; frames still on their way are ignored. */
  leave(): void {
    this.figure = '';
    this.spec = this.frame = this.pending = null;
    if (this.engine?.state === 'alive') this.send({ type: 'cancel' });
  }

  set(patch: Values): void {
    this.values = { ...this.values, ...patch };
    this.changedAt ??= this.clock.now();
    this.dirty = true;
    this.unsettle();
    if (this.sentThisFrame) this.schedule();
    else this.flush();
  }

  view(views: Record<string, View>, palette: Palette | null): void {
    if (palette) this.palette = palette;
    const before = JSON.stringify(this.views);
    this.views = { ...this.views, ...views };
    if (!palette && before === JSON.stringify(this.views)) return;
    this.viewsDirty = true;
    this.viewAnswered = false;
    this.unsettle();
    this.schedule();
  }

  /** A file for a slot; the session reads it. */
  data(slot: string, name: string, bytes: Uint8Array, options: ReadOptions = {}): void {
    this.chosen.delete(slot);
    this.given.set(slot, { name, bytes, options });
    this.state({ type: 'data', slot, name, options }, { bytes });
  }

  /** Back to an embedded set. */
  embedded(slot: string, id: string): void {
    this.chosen.set(slot, id);
    this.given.delete(slot);
    this.state({ type: 'data', slot, name: '', options: { embedded: id } });
  }

  cancel(): void {
    this.send({ type: 'cancel' });
    this.cancelled = true;
    this.progress = null;
    this.onchange();
  }

  receive(bytes: ArrayBuffer): void {
    const start = this.clock.now();
    let message: Message;
    try {
      message = decode(bytes);
      this.accept(message, start);
    } catch (error) {
      this.fault = { kind: 'protocol', where: '', message: `a message from the engine could not be read: ${(error as Error).message}` };
      this.onchange();
    }
  }

  private accept(message: Message, start: number): void {
    const head = message.head as Record<string, any> & { type: string };
    switch (head.type) {
      case 'figures':
        this.figures = head.figures;
        break;
      case 'spec': {
        if (head.figure?.['id'] !== this.figure) return;
        const known = this.spec !== null; // a fresh instance tells again what is on the screen already
        this.spec = specOf(head);
        if (known) break;
        if (this.usesViews && Object.keys(this.views).length === 0) this.viewAnswered = false;
        this.values = completeValues(this.spec, this.values);
        this.onspec();
        break;
      }
      case 'data':
        this.slots.set(head.slot, { ...(head as unknown as SlotData), csv: this.csv(message) });
        break;
      case 'frame':
        this.take(message, start);
        return;
      case 'progress':
        this.progress = head as unknown as { fraction: number; words: string };
        break;
      case 'error':
        this.fault = head as unknown as EngineFault;
        this.faultSeq = message.seq;
        if (message.seq >= this.lastState) this.settle();
        break;
    }
    this.onchange();
  }

  private take(message: Message, start: number): void {
    const frame = this.store.accept(message, this.spec);
    if (!this.figure || !this.spec || frame.seq < this.drawn || frame.seq < this.openedAt) return;
    this.drawn = frame.seq;
    if (!this.viewsDirty && frame.view >= this.viewSent && Object.keys(this.views).length > 0) this.viewAnswered = true;
    this.pending = frame;
    this.pendingDecode += this.clock.now() - start;
    this.schedule();
  }

  private csv(message: Message): Uint8Array {
    const columns = (message.head as { columns?: { id: string }[] }).columns ?? [];
    const ref = columns.find((c) => c.id === 'csv');
    return ref ? (message.column(ref as never) as Uint8Array) : new Uint8Array();
  }

  private replay(): void {
    const values = this.spec ? this.values : this.start;
    this.openedAt = this.viewSent = this.state({ type: 'open', figure: this.figure, values, views: this.views, palette: this.palette ?? undefined });
    for (const slot of this.slots.values()) {
      const id = this.chosen.get(slot.slot);
      if (id) this.state({ type: 'data', slot: slot.slot, name: '', options: { embedded: id } });
      else if (slot.csv.length && !slot.is_embedded) {
        this.openedAt = this.state({ type: 'data', slot: slot.slot, name: slot.name, options: {} }, { bytes: slot.csv });
      }
    }
    this.drawn = 0;
    this.dirty = this.viewsDirty = false;
  }

  /** Sends a message that changes what the figure shows. */
  private state(head: Record<string, unknown> & { type: string }, columns: Record<string, Column> = {}): number {
    this.lastState = this.send(head, columns);
    this.cancelled = false;
    this.unsettle();
    if (this.changedAt !== null) this.changes.set(this.lastState, this.changedAt);
    this.changedAt = null;
    return this.lastState;
  }

  private send(head: Record<string, unknown> & { type: string }, columns: Record<string, Column> = {}): number {
    const seq = ++this.seq;
    this.engine?.send(encode(head, seq, columns));
    return seq;
  }

  private flush(): void {
    if (!this.dirty || !this.figure) return;
    this.dirty = false;
    this.sentThisFrame = true;
    this.state({ type: 'set', values: this.values });
    this.schedule();
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    this.clock.frame(() => this.tick());
  }

  private tick(): void {
    this.scheduled = this.sentThisFrame = false;
    this.flush();
    if (this.viewsDirty && this.figure) {
      this.viewsDirty = false;
      this.viewSent = this.send({ type: 'view', views: this.views, palette: this.palette ?? undefined });
    }
    const frame = this.pending;
    if (!frame) return;
    this.pending = null;
    this.frame = frame;
    if (frame.seq > this.faultSeq) this.fault = null;
    if (frame.final) this.progress = null;
    const timing = { decodeMs: this.pendingDecode, changedAt: this.changeOf(frame.seq) };
    this.pendingDecode = 0;
    this.ondraw(frame, timing);
    const answered = (frame.final && frame.seq >= this.lastState) || this.faultSeq >= this.lastState;
    if (answered && !this.dirty && this.viewAnswered) this.settle();
  }

  private changeOf(seq: number): number | null {
    const at = this.changes.get(seq) ?? null;
    for (const key of this.changes.keys()) if (key <= seq) this.changes.delete(key);
    return at;
  }

  private unsettle(): void {
    if (!this.settled) return;
    this.settled = false;
    this.onchange();
  }

  private settle(): void {
    this.settled = true;
    this.progress = null;
    this.onchange();
  }
}
