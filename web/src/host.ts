// Which engine the page talks to now: the server while it answers, else WebAssembly in the page; and back again.
import type { Engine, EngineKind, EngineState } from './engine';

export interface EngineSources {
  server?: () => Engine;
  wasm?: () => Engine;
}

export interface HostEvents {
  /** A fresh session: everything it should know must be sent to it again. */
  onengine(engine: Engine): void;
  onmessage(bytes: ArrayBuffer): void;
  /** Words for the user about the engine; empty when there is nothing to say. */
  onnotice(words: string): void;
}

export class EngineHost {
  engine: Engine | null = null;
  notice = '';
  private retry: ReturnType<typeof setTimeout> | undefined;
  private wasmLost = '';

  constructor(
    private readonly sources: EngineSources,
    private readonly events: HostEvents,
    private readonly retryMs = 2000,
  ) {}

  start(): void {
    if (this.sources.server) this.tryServer();
    else this.useWasm();
  }

  get kind(): EngineKind | '' {
    return this.engine?.kind ?? '';
  }

  close(): void {
    clearTimeout(this.retry);
    this.adopt(null);
  }

  private say(words: string): void {
    if (words === this.notice) return;
    this.notice = words;
    this.events.onnotice(words);
  }

  private adopt(engine: Engine | null): void {
    const old = this.engine;
    if (old && old !== engine) {
      old.onmessage = () => {};
      old.onstate = () => {};
      old.close();
    }
    this.engine = engine;
    if (!engine) return;
    engine.onmessage = (bytes) => this.events.onmessage(bytes);
    this.events.onengine(engine);
  }

  /** Tries the server beside whatever is in use, and moves over when it answers. */
  private tryServer(): void {
    const trial = this.sources.server!();
    const heard = (state: EngineState): void => {
      if (state === 'alive') {
        this.say('');
        this.adopt(trial);
      } else if (state === 'lost') {
        trial.onstate = () => {};
        if (this.engine === trial) this.engine = null;
        if (!this.engine) this.useWasm();
        this.retry = setTimeout(() => this.tryServer(), this.retryMs);
      }
    };
    trial.onstate = heard;
    if (trial.state !== 'busy') heard(trial.state);
  }

  private useWasm(): void {
    const away = this.sources.server ? 'The server does not answer. ' : '';
    if (!this.sources.wasm || this.wasmLost) {
      this.say(`${away}This page has no engine of its own${this.wasmLost ? ` (${this.wasmLost})` : ''}; the picture stays as it is.`);
      return;
    }
    if (away) this.say(`${away}This page goes on by itself from the same values, and returns to the server when it is back.`);
    const engine = this.sources.wasm();
    engine.onstate = (state, reason) => {
      if (state !== 'lost') return;
      this.wasmLost = reason;
      if (this.engine === engine) this.adopt(null);
      this.say(`${away}The engine in this page could not start: ${reason}.`);
    };
    this.adopt(engine);
  }
}
