// The wasm module as an object: its imports, its memory, one message in, messages out. Runs in a worker, in node and in tests.

/** The engine refused an input, or trapped. The instance that threw it is not to be used again. */
export class EngineError extends Error {
  override name = 'EngineError';
  constructor(
    readonly kind: string,
    readonly where: string,
    message: string,
  ) {
    super(message);
  }
}

/** A WASI exit: the module asked to end. */
class ExitError extends Error {
  override name = 'ExitError';
}

export const kErrorKinds = ['input', 'io', 'limit']; // order of ErrorKind in core/error.hpp

interface Exports {
  memory: WebAssembly.Memory;
  _initialize?: () => void;
  orrery_alloc(size: number): number;
  orrery_free(pointer: number): void;
  orrery_receive(pointer: number, size: number): void;
  orrery_step(ms: number): number;
  orrery_take(): number;
}

type Imports = Record<string, Record<string, (...args: never[]) => unknown>>;
const kNotSupported = 52; // WASI errno ENOSYS
const kBadFile = 8; // WASI errno EBADF: also ends wasi-libc's search for preopened folders

/** Every import a module may ask for: our own `fail`, a small WASI, and "not supported" for any other name. */
function makeImports(module: WebAssembly.Module, memory: () => WebAssembly.Memory, write: (text: string) => void): Imports {
  const view = (): DataView => new DataView(memory().buffer);
  const text = (pointer: number, size: number): string => new TextDecoder().decode(new Uint8Array(memory().buffer, pointer, size).slice());
  const known: Imports = {
    orrery: {
      fail: (kind: number, where: number, whereSize: number, message: number, messageSize: number): never => {
        throw new EngineError(kErrorKinds[kind] ?? 'input', text(where, whereSize), text(message, messageSize));
      },
    },
    wasi_snapshot_preview1: {
      clock_time_get: (_id: number, _precision: bigint, out: number): number => {
        view().setBigUint64(out, BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e6)), true);
        return 0;
      },
      fd_write: (_fd: number, list: number, count: number, written: number): number => {
        let line = '';
        let total = 0;
        for (let k = 0; k < count; k++) {
          const size = view().getUint32(list + 8 * k + 4, true);
          line += text(view().getUint32(list + 8 * k, true), size);
          total += size;
        }
        view().setUint32(written, total, true);
        if (line.trim()) write(line.trimEnd());
        return 0;
      },
      fd_prestat_get: (): number => kBadFile,
      environ_sizes_get: (count: number, size: number): number => {
        view().setUint32(count, 0, true);
        view().setUint32(size, 0, true);
        return 0;
      },
      environ_get: (): number => 0,
      proc_exit: (code: number): never => {
        throw new ExitError(`the engine ended with code ${code}`);
      },
    },
  };
  const imports: Imports = {};
  for (const item of WebAssembly.Module.imports(module)) {
    if (item.kind !== 'function') continue;
    const group = (imports[item.module] ??= {});
    group[item.name] = known[item.module]?.[item.name] ?? ((): number => kNotSupported);
  }
  return imports;
}

/** One instance of the engine. Any call may throw EngineError, after which the instance must be dropped. */
export class WasmInstance {
  private constructor(private readonly calls: Exports) {}

  static async start(module: WebAssembly.Module, write: (text: string) => void = (t) => console.warn(t)): Promise<WasmInstance> {
    let memory: WebAssembly.Memory | null = null;
    const instance = await WebAssembly.instantiate(module, makeImports(module, () => memory!, write) as WebAssembly.Imports);
    const calls = instance.exports as unknown as Exports;
    memory = calls.memory;
    calls._initialize?.();
    return new WasmInstance(calls);
  }

  receive(message: Uint8Array): void {
    this.guard(() => {
      const pointer = this.calls.orrery_alloc(message.length);
      if (pointer === 0) throw new EngineError('limit', '', `the engine has no room for a message of ${message.length} bytes`);
      new Uint8Array(this.calls.memory.buffer).set(message, pointer);
      this.calls.orrery_receive(pointer, message.length);
      this.calls.orrery_free(pointer);
    });
  }

  /** Works for at most about `ms` milliseconds; true when there is more to do. */
  step(ms: number): boolean {
    return this.guard(() => this.calls.orrery_step(ms) !== 0);
  }

  /** The next outgoing message, copied out, or null. */
  take(): Uint8Array<ArrayBuffer> | null {
    return this.guard(() => {
      const pair = this.calls.orrery_take();
      if (pair === 0) return null;
      const [pointer, size] = new Uint32Array(this.calls.memory.buffer, pair, 2);
      return new Uint8Array(this.calls.memory.buffer, pointer!, size!).slice();
    });
  }

  private guard<T>(call: () => T): T {
    try {
      return call();
    } catch (error) {
      if (error instanceof EngineError) throw error;
      const words = error instanceof Error ? error.message : String(error);
      throw new EngineError('internal', '', `the engine stopped: ${words}`);
    }
  }
}

/** wasm bytes from base64(gzip(wasm)). */
export async function unpackWasm(base64: string): Promise<Uint8Array<ArrayBuffer>> {
  const packed = Uint8Array.from(atob(base64.trim()), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
