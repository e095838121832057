import { describe, expect, it } from 'vitest';
import { FigureClient, type Clock } from '../src/client';
import type { Engine } from '../src/engine';
import { EngineHost } from '../src/host';
import { encode, decode, type Column } from '../src/protocol';
import { encodeFrame, MockEngine } from './mock_session';
import { lightCurve } from './mock_figures';

/** A clock whose frames are pumped by hand. */
class HandClock implements Clock {
  time = 0;
  calls: (() => void)[] = [];
  now(): number {
    return (this.time += 0.1);
  }
  frame(call: () => void): void {
    this.calls.push(call);
  }
  tick(): void {
    for (const call of this.calls.splice(0)) call();
  }
}

/** An engine that only listens; the test answers. */
class Listener implements Engine {
  kind = 'wasm' as const;
  state = 'alive' as const;
  sent: { type: string; seq: number; head: Record<string, any> }[] = [];
  onmessage = (): void => {};
  onstate = (): void => {};
  send(message: Uint8Array): void {
    const { seq, head } = decode(message);
    this.sent.push({ type: head.type, seq, head });
  }
  close(): void {}
  last(type: string): { seq: number; head: Record<string, any> } {
    return this.sent.filter((m) => m.type === type).at(-1)!;
  }
}

const buffer = (bytes: Uint8Array<ArrayBuffer>): ArrayBuffer => bytes.buffer;
const { draw, ...spec } = lightCurve;
const kStarts = Object.fromEntries(spec.controls.map((c) => [c.name, c.start]));

function begin(): { client: FigureClient; engine: Listener; clock: HandClock; drawn: number[]; columns: Map<string, Column>; frame: (seq: number, level?: number, final?: boolean, view?: number) => void } {
  const clock = new HandClock();
  const client = new FigureClient(false, clock);
  const engine = new Listener();
  const drawn: number[] = [];
  client.ondraw = (f) => drawn.push(f.seq);
  client.attach(engine);
  client.open('bench.light_curve', { harmonics: 2 });
  client.receive(buffer(encode({ type: 'spec', ...spec }, client.lastSent)));
  const columns = new Map<string, Column>();
  const frame = (seq: number, level = 1, final = true, view = seq): void => client.receive(buffer(encodeFrame(draw(kStarts, 0), seq, columns, level, final, view)));
  return { client, engine, clock, drawn, columns, frame };
}

describe('client', () => {
  it('sends at most one set a frame, at once the first, and the newest state last', () => {
    const { client, engine, clock } = begin();
    for (let k = 0; k < 50; k++) client.set({ clip: 2 + k / 10 });
    expect(engine.sent.filter((m) => m.type === 'set')).toHaveLength(1);
    clock.tick();
    clock.tick();
    const sets = engine.sent.filter((m) => m.type === 'set');
    expect(sets).toHaveLength(2);
    expect(sets[1]!.head.values).toMatchObject({ clip: 6.9, harmonics: 2, band: 'all', period: null });
  });

  it('settles on the final frame of the last state only', () => {
    const { client, clock, frame } = begin();
    frame(client.lastSent, 0, false);
    clock.tick();
    expect(client.settled).toBe(false);
    frame(client.lastSent);
    clock.tick();
    expect(client.settled).toBe(true);
    const before = client.lastSent;
    client.set({ clip: 3 });
    expect(client.settled).toBe(false);
    frame(before);
    clock.tick();
    expect(client.settled).toBe(false);
    frame(client.lastSent);
    clock.tick();
    expect(client.settled).toBe(true);
  });

  it('draws frames in order: an older one never replaces a newer', () => {
    const { client, clock, frame, drawn } = begin();
    const first = client.lastSent;
    client.set({ clip: 3 });
    const second = client.lastSent;
    frame(second, 0, false);
    clock.tick();
    frame(first);
    clock.tick();
    frame(second, 1);
    clock.tick();
    expect(drawn).toEqual([second, second]);
  });

  it('draws once a frame, the newest; dropped frames still feed "same"', () => {
    const { client, clock, frame, drawn } = begin();
    const n = client.lastSent;
    frame(n, 0, false);
    frame(n, 1);
    clock.tick();
    expect(drawn).toEqual([n]);
    const obs = client.frame!.panels.get('series')!.marks[0]!;
    expect(obs.columns['x']).toHaveLength(171); // came in the frame that was not drawn
    expect(obs.stamp).toBe(client.frame!.panels.get('series')!.marks[0]!.stamp);
  });

  it('unchanged columns keep their stamp, changed ones get a new one', () => {
    const { client, clock, frame, columns } = begin();
    frame(client.lastSent);
    clock.tick();
    const stamps = (): number[] => [...client.frame!.panels.values()].map((p) => p.marks[0]!.stamp);
    const before = stamps();
    client.set({ harmonics: 1 });
    client.receive(buffer(encodeFrame(draw({ ...kStarts, mask: [0, 3] }, 0), client.lastSent, columns)));
    clock.tick();
    const after = stamps();
    expect(after[0]).not.toBe(before[0]); // fewer observations
    expect(after[1]).toBe(before[1]); // same periodogram
  });

  it('an error for the last state settles it, keeps the picture, and goes with the next frame', () => {
    const { client, clock, frame, drawn } = begin();
    frame(client.lastSent);
    clock.tick();
    client.set({ clip: 3 });
    client.receive(buffer(encode({ type: 'error', kind: 'input', where: 'star.csv:17:2', message: 'expected a number' }, client.lastSent)));
    expect(client.fault?.where).toBe('star.csv:17:2');
    expect(client.settled).toBe(true);
    expect(drawn).toHaveLength(1);
    clock.tick();
    client.set({ clip: 4 });
    frame(client.lastSent);
    clock.tick();
    expect(client.fault).toBeNull();
  });

  it('a refused state rests, also when the engine starts again and tells everything anew', () => {
    const { client, engine, clock, frame } = begin();
    let specs = 0;
    client.onspec = () => specs++;
    const good = client.lastSent;
    frame(good);
    clock.tick();
    client.set({ clip: 3 });
    client.receive(buffer(encode({ type: 'error', kind: 'input', where: 'a', message: 'b' }, client.lastSent)));
    client.receive(buffer(encode({ type: 'spec', ...spec }, good)));
    frame(good);
    clock.tick();
    expect(specs).toBe(0);
    client.view({ fold: { width: 300, height: 200, ratio: 1, x: null, y: null } }, null);
    clock.tick();
    frame(good, 1, true, engine.last('view').seq);
    clock.tick();
    expect(client.settled).toBe(true);
    expect(client.fault).not.toBeNull();
  });

  it('a frame made for sizes of before is drawn, but rests only when one for the sizes of now has come', () => {
    const { client, engine, clock, frame } = begin();
    const state = client.lastSent;
    frame(state);
    clock.tick();
    expect(client.settled).toBe(true);
    client.view({ fold: { width: 300, height: 200, ratio: 1, x: null, y: null } }, null);
    clock.tick();
    const view = engine.last('view').seq;
    frame(state, 1, true, state); // was under way when the panel changed
    clock.tick();
    expect(client.settled).toBe(false);
    frame(state, 1, true, view);
    clock.tick();
    expect(client.settled).toBe(true);
  });

  it('a message it cannot read is said, and nothing breaks', () => {
    const { client, clock, frame } = begin();
    client.receive(new ArrayBuffer(5));
    expect(client.fault?.kind).toBe('protocol');
    frame(client.lastSent);
    clock.tick();
    expect(client.settled).toBe(true);
  });

  it('tells a fresh engine everything again: figure, values, views, the file', () => {
    const { client, clock, frame } = begin();
    frame(client.lastSent);
    client.view({ fold: { width: 400, height: 200, ratio: 1, x: null, y: null } }, null);
    client.set({ clip: 3, harmonics: 4 });
    const csv = new TextEncoder().encode('t,mag\n1,17\n');
    client.receive(buffer(encode({ type: 'data', slot: 'series', name: 'star.csv', rows: 1, report: {}, embedded: [], is_embedded: false }, client.lastSent, { csv })));
    clock.tick();
    const fresh = new Listener();
    client.attach(fresh);
    expect(fresh.sent.map((m) => m.type)).toEqual(['figures', 'open', 'data']);
    expect(fresh.last('open').head.values).toMatchObject({ clip: 3, harmonics: 4 });
    expect(fresh.last('open').head.views.fold.width).toBe(400);
    expect(fresh.last('data').head).toMatchObject({ slot: 'series', name: 'star.csv' });
    // Frames of the old session that come late are from before the replay: not drawn.
    const seq = client.frame!.seq;
    frame(seq);
    clock.tick();
    expect(client.settled).toBe(false);
  });
});

describe('engine host', () => {
  const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
  const until = async (true_: () => boolean): Promise<void> => {
    for (let k = 0; k < 500 && !true_(); k++) await wait(10);
    expect(true_()).toBe(true);
  };

  it('goes on in wasm when the server is lost, and returns when it is back', async () => {
    const engines: MockEngine[] = [];
    const notices: string[] = [];
    const client = new FigureClient(false, { now: () => performance.now(), frame: (call) => void setTimeout(call, 1) });
    let refuse = false;
    const make = (kind: 'wasm' | 'server') => (): MockEngine => {
      const engine = new MockEngine(0, kind);
      if (kind === 'server' && refuse) engine.lose();
      else engines.push(engine);
      return engine;
    };
    const host = new EngineHost({ server: make('server'), wasm: make('wasm') }, { onengine: (e) => client.attach(e), onmessage: (b) => client.receive(b), onnotice: (words) => notices.push(words) }, 40);
    host.start();
    client.open('bench.light_curve', {});
    await until(() => host.kind === 'server' && client.settled);
    client.set({ clip: 7 });
    client.data('series', 'mine.csv', new TextEncoder().encode('t,mag\n1,17\n'));
    await until(() => client.settled && client.slots.get('series')?.name === 'mine.csv');
    refuse = true;
    engines[0]!.lose();
    await until(() => host.kind === 'wasm' && client.settled);
    expect(notices.at(-1)).toMatch(/server does not answer.*goes on by itself/);
    expect(engines[1]!.values).toMatchObject({ clip: 7 });
    expect(engines[1]!.received.some((m) => m.type === 'data' && m.head['name'] === 'mine.csv')).toBe(true);
    refuse = false;
    await until(() => host.kind === 'server' && client.settled);
    expect(notices.at(-1)).toBe('');
    expect(client.values).toMatchObject({ clip: 7 });
    host.close();
  });

  it('says so when there is nothing to go on with', async () => {
    const notices: string[] = [];
    const host = new EngineHost({ server: () => { const e = new MockEngine(0, 'server'); setTimeout(() => e.lose(), 1); return e; } }, { onengine: () => {}, onmessage: () => {}, onnotice: (words) => notices.push(words) }, 1000);
    host.start();
    await until(() => notices.length > 0);
    expect(notices.at(-1)).toMatch(/no engine of its own/);
    host.close();
  });
});
