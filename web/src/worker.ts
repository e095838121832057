// Entry of the classic Blob worker. The page posts {modules} once, then messages as ArrayBuffers.
import type { EngineModule } from './page';
import { unpackWasm, WasmInstance } from './wasm_host';
import { WorkerLoop } from './worker_loop';

// The worker's scope, as far as it is used here (the DOM and worker libraries of TypeScript exclude each other).
declare const self: {
  onmessage: ((event: MessageEvent<{ modules: EngineModule[] } | ArrayBuffer>) => void) | null;
  postMessage(message: unknown, transfer?: Transferable[]): void;
};

const channel = new MessageChannel();
let pending: (() => void) | null = null;
channel.port1.onmessage = () => {
  const call = pending;
  pending = null;
  call?.();
};

let modules: EngineModule[] = [];
const compiled = new Map<string, Promise<WebAssembly.Module>>();

/** Unpacks and compiles a module once. */
function moduleNamed(name: string): Promise<WebAssembly.Module> {
  const { base64 } = modules.find((m) => m.name === name)!;
  const module = compiled.get(name) ?? unpackWasm(base64).then((bytes) => WebAssembly.compile(bytes));
  compiled.set(name, module);
  return module;
}

const loop = new WorkerLoop({
  modules: () => modules.map((m) => m.name),
  start: async (name) => WasmInstance.start(await moduleNamed(name)),
  post: (message) => self.postMessage(message.buffer, [message.buffer]),
  lost: (reason) => self.postMessage(reason),
  later: (call) => {
    pending = call;
    channel.port2.postMessage(0);
  },
});

self.onmessage = (event) => {
  if (event.data instanceof ArrayBuffer) loop.receive(new Uint8Array(event.data));
  else ({ modules } = event.data);
};
