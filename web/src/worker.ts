// Entry of the classic Blob worker. The page posts {wasm: base64} once, then messages as ArrayBuffers.
import { unpackWasm, WasmInstance } from './wasm_host';
import { WorkerLoop } from './worker_loop';

// The worker's scope, as far as it is used here (the DOM and worker libraries of TypeScript exclude each other).
declare const self: {
  onmessage: ((event: MessageEvent<{ wasm: string } | ArrayBuffer>) => void) | null;
  postMessage(message: unknown, transfer?: Transferable[]): void;
};

const channel = new MessageChannel();
let pending: (() => void) | null = null;
channel.port1.onmessage = () => {
  const call = pending;
  pending = null;
  call?.();
};

let module: WebAssembly.Module | null = null;
const loop = new WorkerLoop({
  start: () => WasmInstance.start(module!),
  post: (message) => self.postMessage(message.buffer, [message.buffer]),
  later: (call) => {
    pending = call;
    channel.port2.postMessage(0);
  },
});

async function begin(base64: string): Promise<void> {
  try {
    module = await WebAssembly.compile(await unpackWasm(base64));
    await loop.begin();
    self.postMessage('alive');
  } catch (error) {
    self.postMessage(`lost ${error instanceof Error ? error.message : String(error)}`);
  }
}

self.onmessage = (event) => {
  if (event.data instanceof ArrayBuffer) loop.receive(new Uint8Array(event.data));
  else void begin(event.data.wasm);
};
