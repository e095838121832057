// The session loop of the wasm worker: messages in, slices of work, messages out; a failed instance is replaced.
import { decode, encode } from './protocol';
import { EngineError, type WasmInstance } from './wasm_host';

export const kSliceMs = 8;
type Bytes = Uint8Array<ArrayBuffer>;

export interface LoopHost {
  start(): Promise<WasmInstance>;
  post(message: Bytes): void;
  /** Runs the call after other waiting tasks: a yield between slices. */
  later(call: () => void): void;
}

interface Held {
  seq: number;
  bytes: Bytes;
}

/** What a fresh instance must be told to stand where the last good one stood. */
class Memory {
  private slots = new Map<string, Held>();
  private present = new Set<string>();
  private sent: { kind: string; slot: string; held: Held }[] = [];
  private open: Held | null = null;
  private set: Held | null = null;
  private view: Held | null = null;

  note(bytes: Bytes): { seq: number; type: string } {
    const { seq, head } = decode(bytes);
    const held = { seq, bytes };
    if (head.type === 'view') this.view = held;
    else if (head.type === 'open' || head.type === 'set' || head.type === 'data') {
      this.sent.push({ kind: head.type, slot: String((head as { slot?: unknown }).slot ?? ''), held });
    }
    return { seq, type: head.type };
  }

  /** A slot's content came out with an `open`: unless a user's file was kept, what was sent for the slot is void. */
  holds(seq: number, slot: string, embedded: boolean): void {
    const opened = this.sent.some(({ kind, held }) => kind === 'open' && held.seq === seq);
    if (opened && embedded) this.slots.delete(slot);
    if (opened) this.present.add(slot);
  }

  /** A figure opened: its slots are the ones that follow. */
  opens(): void {
    this.present.clear();
  }

  /** A frame of this sequence number came out: all that was sent up to it worked. */
  worked(seq: number): void {
    this.sent = this.sent.filter(({ kind, slot, held }) => {
      if (held.seq > seq) return true;
      if (kind === 'data') this.slots.set(slot, held);
      else if (kind === 'set') this.set = held;
      else [this.open, this.set, this.view] = [held, null, this.view && this.view.seq > held.seq ? this.view : null];
      return false;
    });
  }

  failed(): void {
    this.sent = [];
  }

  replay(): Bytes[] {
    const slots = [...this.slots].filter(([slot]) => this.present.has(slot)).map(([, held]) => held);
    const list = [this.open, ...slots, this.set, this.view];
    return list.filter((held): held is Held => held !== null).map((held) => held.bytes);
  }
}

export class WorkerLoop {
  private instance: WasmInstance | null = null;
  private inbox: Bytes[] = [];
  private memory = new Memory();
  private scheduled = false;
  private replaying = false;
  private lastSeq = 0;

  constructor(private readonly host: LoopHost) {}

  async begin(): Promise<void> {
    this.instance = await this.host.start();
    this.schedule();
  }

  receive(bytes: Bytes): void {
    this.inbox.push(bytes);
    this.schedule();
  }

  private schedule(): void {
    if (this.scheduled || !this.instance) return;
    this.scheduled = true;
    this.host.later(() => this.slice());
  }

  private slice(): void {
    this.scheduled = false;
    const instance = this.instance;
    if (!instance) return;
    try {
      while (this.inbox.length) {
        const bytes = this.inbox.shift()!;
        this.lastSeq = Math.max(this.lastSeq, this.memory.note(bytes).seq);
        this.replaying = false;
        instance.receive(bytes);
      }
      const more = instance.step(kSliceMs);
      for (let out = instance.take(); out; out = instance.take()) {
        this.watch(out);
        this.host.post(out);
      }
      if (more || this.inbox.length) this.schedule();
    } catch (error) {
      void this.recover(error);
    }
  }

  private watch(out: Bytes): void {
    // The head is small; decoding it here costs microseconds and tells which states worked.
    const { seq, head } = decode(out);
    if (head.type === 'frame') this.memory.worked(seq);
    else if (head.type === 'spec') this.memory.opens();
    else if (head.type === 'data') this.memory.holds(seq, String((head as { slot?: unknown }).slot), (head as { is_embedded?: unknown }).is_embedded === true);
  }

  private async recover(error: unknown): Promise<void> {
    this.instance = null;
    const fault = error instanceof EngineError ? error : new EngineError('internal', '', String(error));
    this.host.post(encode({ type: 'error', kind: fault.kind, where: fault.where, message: fault.message, restarted: true }, this.lastSeq));
    const again = this.replaying ? [] : this.memory.replay(); // a state that fails twice is not tried a third time
    this.memory.failed();
    this.replaying = true;
    this.instance = await this.host.start();
    const instance = this.instance;
    try {
      for (const bytes of again) instance.receive(bytes);
    } catch (second) {
      await this.recover(second);
      return;
    }
    this.schedule();
  }
}
