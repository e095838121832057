// One way to talk to an engine session, whatever carries the bytes.

export type EngineState = 'alive' | 'busy' | 'lost';
export type EngineKind = 'wasm' | 'server' | 'comm';

export interface Engine {
  readonly kind: EngineKind;
  /** `busy` until the engine can take messages (they are kept and sent then), `lost` for good. */
  readonly state: EngineState;
  send(message: Uint8Array<ArrayBuffer>): void;
  close(): void;
  onmessage: (bytes: ArrayBuffer) => void;
  onstate: (state: EngineState, reason: string) => void;
}

/** What every carrier shares: the state, and a queue for messages sent before the engine is up. */
export abstract class EngineBase implements Engine {
  abstract readonly kind: EngineKind;
  onmessage: (bytes: ArrayBuffer) => void = () => {};
  onstate: (state: EngineState, reason: string) => void = () => {};
  private current: EngineState = 'busy';
  private waiting: Uint8Array<ArrayBuffer>[] = [];

  get state(): EngineState {
    return this.current;
  }

  send(message: Uint8Array<ArrayBuffer>): void {
    if (this.current === 'alive') this.deliver(message);
    else if (this.current === 'busy') this.waiting.push(message);
  }

  protected abstract deliver(message: Uint8Array<ArrayBuffer>): void;
  abstract close(): void;

  protected become(state: EngineState, reason = ''): void {
    if (this.current === 'lost' || this.current === state) return;
    this.current = state;
    if (state === 'alive') for (const message of this.waiting.splice(0)) this.deliver(message);
    if (state === 'lost') this.waiting = [];
    this.onstate(state, reason);
  }
}
