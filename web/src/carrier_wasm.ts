// The engine in a classic Blob worker: works from file://, needs no server.
import workerSource from 'worker:./worker.ts';
import { EngineBase } from './engine';

export class WasmEngine extends EngineBase {
  readonly kind = 'wasm' as const;
  private readonly worker: Worker;
  private readonly url: string;

  /** @param base64  base64(gzip(wasm)), the text of the page's #orrery-wasm */
  constructor(base64: string) {
    super();
    this.url = URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' }));
    this.worker = new Worker(this.url);
    this.worker.onmessage = (event: MessageEvent<ArrayBuffer | string>) => {
      if (event.data instanceof ArrayBuffer) this.onmessage(event.data);
      else if (event.data === 'alive') this.become('alive');
      else this.become('lost', event.data.replace(/^lost /, ''));
    };
    this.worker.onerror = (event) => this.become('lost', event.message || 'the engine worker could not start');
    this.worker.postMessage({ wasm: base64 });
  }

  protected deliver(message: Uint8Array<ArrayBuffer>): void {
    this.worker.postMessage(message.buffer, [message.buffer]);
  }

  close(): void {
    this.worker.terminate();
    URL.revokeObjectURL(this.url);
  }
}
