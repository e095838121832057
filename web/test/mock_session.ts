// A session in TypeScript for tests of the page: answers like the engine, from invented figures.
import { EngineBase } from '../src/engine';
import { decode, encode, type Column, type ColumnRef } from '../src/protocol';
import { completeValues } from '../src/client';
import type { Values } from '../src/types';
import { kFigures, type MockFigure, type MockFrame } from './mock_figures';

const kAlign = 64;
type Bytes = Uint8Array<ArrayBuffer>;

/** Encodes a frame whose columns are spread over panels and marks; unchanged ones say so. */
export function encodeFrame(frame: MockFrame, seq: number, last: Map<string, Column>, level = 1, final = true, view = seq): Bytes {
  const all: { key: string; column: Column }[] = [];
  const panels = frame.panels.map((panel) => ({
    ...panel,
    marks: panel.marks.map((mark) => ({
      ...mark,
      columns: Object.entries(mark.columns ?? {}).map(([id, column]) => {
        const key = `${panel.id}/${mark.id}/${id}`;
        const before = last.get(key);
        const same = before !== undefined && before.length > 0 && before.length === column.length && before.every((v, k) => Object.is(v, column[k]));
        last.set(key, column);
        const one = encode({ type: 'x' }, 0, { [id]: column });
        const ref = (decode(one).head as unknown as { columns: ColumnRef[] }).columns[0]!;
        delete ref.off;
        if (same) return { ...ref, same: true };
        all.push({ key, column });
        return { ...ref, place: all.length - 1 };
      }),
    })),
  }));
  const head = (base: number): Record<string, unknown> & { type: string } => {
    const offs: number[] = [];
    let off = base;
    for (const { column } of all) {
      offs.push(off);
      off = Math.ceil((off + column.byteLength) / kAlign) * kAlign;
    }
    const placed = JSON.parse(JSON.stringify(panels), (key, value: unknown) => {
      if (key === 'columns') for (const ref of value as (ColumnRef & { place?: number })[]) if (ref.place !== undefined) (ref.off = offs[ref.place]!), delete ref.place;
      return value;
    }) as unknown;
    return { ...frame, type: 'frame', level, final, view, panels: placed };
  };
  // The columns are appended by hand: encode() only knows columns at the top of the head.
  let base = 1 << 16;
  for (let k = 0; k < 4; k++) base = Math.ceil((24 + new TextEncoder().encode(JSON.stringify(head(base))).length) / kAlign) * kAlign;
  const json = encode(head(base), seq);
  const size = all.reduce((end, { column }) => Math.ceil(end / kAlign) * kAlign + column.byteLength, base);
  const out = new Uint8Array(size);
  out.set(json);
  new DataView(out.buffer).setUint32(12, size, true);
  let off = base;
  for (const { column } of all) {
    out.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), off);
    off = Math.ceil((off + column.byteLength) / kAlign) * kAlign;
  }
  return out;
}

export class MockEngine extends EngineBase {
  readonly kind: 'wasm' | 'server';
  figure: MockFigure | null = null;
  values: Values = {};
  received: { type: string; seq: number; head: Record<string, unknown> }[] = [];
  private last = new Map<string, Column>();

  constructor(
    private readonly delay = 0,
    kind: 'wasm' | 'server' = 'wasm',
    private readonly figures = kFigures,
  ) {
    super();
    this.kind = kind;
    setTimeout(() => this.become('alive'), 0);
  }

  lose(): void {
    this.become('lost', 'killed by a test');
  }

  protected deliver(message: Bytes): void {
    const { seq, head } = decode(message);
    this.received.push({ type: head.type, seq, head });
    setTimeout(() => this.answer(seq, head as Record<string, unknown> & { type: string }), this.delay);
  }

  private post(bytes: Bytes): void {
    this.onmessage(bytes.buffer);
  }

  private answer(seq: number, head: Record<string, unknown> & { type: string }): void {
    if (this.state === 'lost') return;
    if (head.type === 'figures') this.post(encode({ type: 'figures', figures: this.figures.map((f) => f.figure) }, seq));
    else if (head.type === 'open') {
      this.figure = this.figures.find((f) => f.figure.id === head['figure']) ?? null;
      if (!this.figure) {
        this.post(encode({ type: 'error', kind: 'input', where: 'open', message: `no figure ${String(head['figure'])}` }, seq));
        return;
      }
      this.last.clear();
      const { draw: _, ...spec } = this.figure;
      this.post(encode({ type: 'spec', ...spec }, seq));
      for (const slot of spec.slots) this.sendSlot(seq, slot.name, 'demo.csv', 't,mag\n1,17\n', true);
      this.values = completeValues(this.figure, head['values'] as Values);
      this.frame(seq);
    } else if (head.type === 'set') {
      this.values = head['values'] as Values;
      this.frame(seq);
    } else if (head.type === 'view' && this.figure) this.frame(seq);
    else if (head.type === 'data') {
      const refs = (head as unknown as { columns?: ColumnRef[] }).columns;
      if (refs && String(head['name']).endsWith('.bad')) {
        this.post(encode({ type: 'error', kind: 'input', where: `${String(head['name'])}:17:2`, message: 'expected a number, got "x"' }, seq));
        return;
      }
      this.sendSlot(seq, String(head['slot']), String(head['name']) || 'demo.csv', 't,mag\n1,17\n2,18\n', !refs);
      this.frame(seq);
    }
  }

  private sendSlot(seq: number, slot: string, name: string, csv: string, embedded: boolean): void {
    const report = { format: 'csv', rows: 228, used: 221, dropped: [{ reason: 'missing value', count: 7 }], notes: ['times are heliocentric'], roles: { time: 'hjd', value: 'mag', error: 'err' } };
    const head = { type: 'data', slot, name, rows: 221, report, embedded: [{ id: 'demo', title: 'A demo star' }, { id: 'other', title: 'Another star' }], is_embedded: embedded };
    this.post(encode(head, seq, { csv: new TextEncoder().encode(csv) }));
  }

  private frame(seq: number): void {
    this.post(encodeFrame(this.figure!.draw(this.values, seq), seq, this.last));
  }

  close(): void {
    this.become('lost');
  }
}
