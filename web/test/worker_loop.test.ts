import { describe, expect, it } from 'vitest';
import { decode, encode } from '../src/protocol';
import { EngineError, WasmInstance } from '../src/wasm_host';
import { WorkerLoop } from '../src/worker_loop';

type Bytes = Uint8Array<ArrayBuffer>;

/** Stands in for the wasm instance: answers open/set with frames after some slices, fails where it is told to. */
class FakeInstance {
  static made = 0;
  heard: string[] = [];
  private out: Bytes[] = [];
  private work = 0;
  private seq = 0;
  private dead = false;
  constructor(
    readonly module: string,
    private readonly slices = 3,
  ) {
    FakeInstance.made++;
  }
  receive(bytes: Bytes): void {
    if (this.dead) throw new Error('used after it failed');
    const { seq, head } = decode(bytes);
    const h = head as Record<string, any>;
    this.heard.push(`${head.type}${h['values']?.p ?? ''}${h['name'] ?? ''}`);
    if (h['values']?.p === 'bad' || h['name'] === 'bad.csv') {
      this.dead = true;
      throw new EngineError('input', 'series:3', 'expected more');
    }
    this.seq = seq;
    if (head.type === 'open') {
      if (!h['figure'].startsWith(`${this.module}.`)) throw new Error('another module has this figure');
      const slots = h['figure'].endsWith('.none') ? [] : [{ name: 'series', kind: h['figure'].endsWith('.table') ? 'table' : 'series' }];
      this.out.push(encode({ type: 'spec', figure: { id: h['figure'], slots } }, seq));
      this.out.push(encode({ type: 'data', slot: 'series', name: 'demo', is_embedded: true }, seq));
    }
    if (head.type === 'data') this.out.push(encode({ type: 'data', slot: 'series', name: h['name'], is_embedded: false }, seq));
    if (head.type !== 'view') this.work = this.slices;
  }
  step(): boolean {
    if (this.work > 0 && --this.work === 0) this.out.push(encode({ type: 'frame', level: 1, final: true, panels: [] }, this.seq));
    return this.work > 0;
  }
  take(): Bytes | null {
    return this.out.shift() ?? null;
  }
}

function setup(broken = new Set<string>()): { loop: WorkerLoop; posted: { type: string; seq: number; head: Record<string, any> }[]; instances: FakeInstance[]; lost: string[]; run: () => Promise<number> } {
  const posted: { type: string; seq: number; head: Record<string, any> }[] = [];
  const instances: FakeInstance[] = [];
  const lost: string[] = [];
  const queue: (() => void)[] = [];
  const loop = new WorkerLoop({
    modules: () => ['a', 'c'],
    start: (module) => {
      if (broken.has(module)) return Promise.reject(new Error('not a module'));
      instances.push(new FakeInstance(module));
      return Promise.resolve(instances.at(-1) as unknown as WasmInstance);
    },
    post: (bytes) => {
      const { seq, head } = decode(bytes);
      posted.push({ type: head.type, seq, head });
    },
    lost: (reason) => lost.push(reason),
    later: (call) => queue.push(call),
  });
  const run = async (): Promise<number> => {
    let slices = 0;
    for (let idle = 0; idle < 5; ) {
      await Promise.resolve();
      const call = queue.shift();
      if (call) {
        call();
        slices++;
        idle = 0;
      } else idle++;
    }
    return slices;
  };
  return { loop, posted, instances, lost, run };
}

const open = (seq: number, figure = 'a.b'): Bytes => encode({ type: 'open', figure, values: { p: 1 } }, seq);
const set = (seq: number, p: unknown): Bytes => encode({ type: 'set', values: { p } }, seq);
const data = (seq: number, name: string): Bytes => encode({ type: 'data', slot: 'series', name }, seq, { bytes: new Uint8Array([1, 2]) });

describe('worker loop', () => {
  it('works in slices and yields between them; a message in between is heard', async () => {
    const { loop, posted, run } = setup();
    loop.receive(open(1));
    expect(await run()).toBe(4); // one starts the engine, three work
    expect(posted.map((m) => m.type)).toEqual(['spec', 'data', 'frame']);
  });

  it('a refused state: says so, drops the instance, stands where the last good one stood', async () => {
    const { loop, posted, instances, run } = setup();
    loop.receive(open(1));
    await run();
    loop.receive(data(2, 'star.csv'));
    await run();
    loop.receive(set(3, 5));
    await run();
    loop.receive(encode({ type: 'view', views: {} }, 4));
    loop.receive(set(5, 'bad'));
    await run();
    expect(instances).toHaveLength(2);
    expect(posted.find((m) => m.type === 'error')).toMatchObject({ seq: 5, head: { where: 'series:3', message: 'expected more', kind: 'input' } });
    expect(instances[1]!.heard).toEqual(['open1', 'datastar.csv', 'set5', 'view']);
    loop.receive(set(6, 7));
    await run();
    expect(posted.at(-1)).toMatchObject({ type: 'frame', seq: 6 });
    expect(instances).toHaveLength(2);
  });

  it('a refused file leaves the file before', async () => {
    const { loop, instances, run } = setup();
    loop.receive(open(1));
    await run();
    loop.receive(data(2, 'good.csv'));
    await run();
    loop.receive(data(3, 'bad.csv'));
    await run();
    expect(instances[1]!.heard).toEqual(['open1', 'datagood.csv']);
  });

  it('a figure opened later forgets the files that its slots do not hold', async () => {
    const { loop, instances, run } = setup();
    loop.receive(open(1));
    await run();
    loop.receive(data(2, 'star.csv'));
    await run();
    loop.receive(open(3)); // the fake says: back to the embedded set
    await run();
    loop.receive(set(4, 'bad'));
    await run();
    expect(instances[1]!.heard).toEqual(['open1']);
  });

  it('a state that fails again in the replay is not tried for ever', async () => {
    const { loop, posted, instances, run } = setup();
    loop.receive(set(1, 'bad'));
    await run();
    loop.receive(set(2, 'bad'));
    await run();
    expect(instances).toHaveLength(3);
    expect(posted.filter((m) => m.type === 'error')).toHaveLength(2);
  });
});

describe('modules', () => {
  it('a figure of another module starts that module, and the user\'s file goes along under a sequence number that counts', async () => {
    const { loop, posted, instances, run } = setup();
    loop.receive(open(1));
    await run();
    loop.receive(data(2, 'star.csv'));
    await run();
    loop.receive(open(3, 'c.d'));
    await run();
    expect(instances.map((i) => i.module)).toEqual(['a', 'c']);
    expect(instances[1]!.heard).toEqual(['open1', 'datastar.csv']);
    expect(posted.at(-1)).toMatchObject({ type: 'frame', seq: 3 });
    loop.receive(open(4, 'a.b')); // and back again
    await run();
    expect(instances[2]!.heard).toEqual(['open1', 'datastar.csv']);
  });

  it.each(['c.none', 'c.table'])('a file stays behind where %s has no slot of its kind', async (figure) => {
    const { loop, instances, run } = setup();
    loop.receive(open(1));
    await run();
    loop.receive(data(2, 'star.csv'));
    await run();
    loop.receive(open(3, figure));
    await run();
    expect(instances[1]!.heard).toEqual(['open1']);
  });

  it('a figure that no module has is put to the engine at hand, which refuses it', async () => {
    const { loop, posted, instances, run } = setup();
    loop.receive(open(1));
    await run();
    loop.receive(open(2, 'x.y'));
    await run();
    expect(instances.map((i) => i.module)).toEqual(['a', 'a']); // the second one replaces what failed
    expect(posted.some((m) => m.type === 'error' && m.seq === 2)).toBe(true);
  });

  it('a module that does not start is the end of the engine, with words', async () => {
    const { loop, lost, run } = setup(new Set(['c']));
    loop.receive(open(1, 'c.d'));
    await run();
    expect(lost).toEqual(['not a module']);
  });

  it('bytes that are no message are refused once', async () => {
    const { loop, posted, run } = setup();
    loop.receive(new Uint8Array([1, 2, 3]));
    await run();
    expect(posted.filter((m) => m.type === 'error')).toHaveLength(1);
  });
});

/** A module in the text of the ABI, assembled by hand: memory, and imports that are called at once. */
function tinyModule(imports: [string, string][]): WebAssembly.Module {
  const name = (text: string): number[] => [text.length, ...new TextEncoder().encode(text)];
  const section = (id: number, body: number[]): number[] => [id, body.length, ...body];
  const types = section(1, [1, 0x60, 0, 0]);
  const entries = imports.flatMap(([module, field]) => [...name(module), ...name(field), 0x00, 0x00]);
  const imported = section(2, [imports.length, ...entries]);
  const functions = section(3, [1, 0]);
  const memory = section(5, [1, 0, 1]);
  const exported = section(7, [2, ...name('memory'), 2, 0, ...name('_initialize'), 0, imports.length]);
  const calls = imports.flatMap((_, k) => [0x10, k]);
  const code = section(10, [1, calls.length + 2, 0, ...calls, 0x0b]);
  return new WebAssembly.Module(Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...types, ...imported, ...functions, ...memory, ...exported, ...code]));
}

describe('wasm imports', () => {
  it('any import is there, also ones nobody thought of', async () => {
    const module = tinyModule([['wasi_snapshot_preview1', 'path_symlink'], ['elsewhere', 'anything']]);
    await expect(WasmInstance.start(module)).resolves.toBeInstanceOf(WasmInstance);
  });

  it('fail and exit throw', async () => {
    await expect(WasmInstance.start(tinyModule([['orrery', 'fail']]))).rejects.toThrow(EngineError);
    await expect(WasmInstance.start(tinyModule([['wasi_snapshot_preview1', 'proc_exit']]))).rejects.toThrow('ended with code');
  });
});
