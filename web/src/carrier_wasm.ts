// The engine in a classic Blob worker: works from file://, needs no server.
import workerSource from 'worker:./worker.ts';
import { EngineBase } from './engine';
import type { EngineModule } from './page';

export class WasmEngine extends EngineBase {
  readonly kind = 'wasm' as const;
  private readonly worker: Worker;
  private readonly url: string;

  /** @param modules  what the page carries; the worker unpacks those that its figures ask for */
  constructor(modules: EngineModule[]) {
    super();
    this.url = URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' }));
    this.worker = new Worker(this.url);
    this.worker.onmessage = (event: MessageEvent<ArrayBuffer | string>) => {
      if (event.data instanceof ArrayBuffer) this.onmessage(event.data);
      else this.become('lost', event.data);
    };
    this.worker.onerror = (event) => this.become('lost', event.message || 'the engine worker could not start');
    this.worker.postMessage({ modules });
    this.become('alive'); // messages wait in the worker while it unpacks a module
  }

  protected deliver(message: Uint8Array<ArrayBuffer>): void {
    this.worker.postMessage(message.buffer, [message.buffer]);
  }

  close(): void {
    this.worker.terminate();
    URL.revokeObjectURL(this.url);
  }
}
