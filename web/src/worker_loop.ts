// The session loop of the wasm worker: messages in, slices of work, messages out. A failed instance is replaced, and so is one whose
// module does not have the figure that is opened.
import { moduleOf } from './page';
import { decode, encode } from './protocol';
import { EngineError, type WasmInstance } from './wasm_host';

export const kSliceMs = 8;
type Bytes = Uint8Array<ArrayBuffer>;

export interface LoopHost {
  /** Names of the modules at hand. */
  modules(): string[];
  start(module: string): Promise<WasmInstance>;
  post(message: Bytes): void;
  /** There is no engine, for good. */
  lost(reason: string): void;
  /** Runs the call after other waiting tasks: a yield between slices. */
  later(call: () => void): void;
}

interface Held {
  seq: number;
  bytes: Bytes;
}

/** A user's content of a slot, and the slot's kind. */
interface Kept extends Held {
  kind: string;
}

/** The message under another sequence number, so that its frame is not older than the `open` it follows. */
function stamped({ bytes, seq }: Held, least: number): Bytes {
  if (seq >= least) return bytes;
  const copy = bytes.slice();
  new DataView(copy.buffer).setBigUint64(16, BigInt(least), true);
  return copy;
}

/** What a fresh instance must be told to stand where the last good one stood. */
class Memory {
  private slots = new Map<string, Kept>();
  private kinds = new Map<string, string>();
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
  opens(slots: { name: string; kind: string }[]): void {
    this.present.clear();
    this.kinds = new Map(slots.map(({ name, kind }) => [name, kind]));
  }

  /** The user's contents of slots of the open figure. */
  kept(): Map<string, Kept> {
    return new Map([...this.slots].filter(([slot]) => this.present.has(slot)));
  }

  /** Those of `kept` for which the figure that opened has a slot, as a session hands them on from figure to figure. */
  fitting(kept: Map<string, Kept>, seq: number): Bytes[] {
    return [...kept].filter(([slot, held]) => this.kinds.get(slot) === held.kind).map(([, held]) => stamped(held, seq));
  }

  /** A frame of this sequence number came out: all that was sent up to it worked. */
  worked(seq: number): void {
    this.sent = this.sent.filter(({ kind, slot, held }) => {
      if (held.seq > seq) return true;
      if (kind === 'data') this.slots.set(slot, { ...held, kind: this.kinds.get(slot) ?? '' });
      else if (kind === 'set') this.set = held;
      else [this.open, this.set, this.view] = [held, null, this.view && this.view.seq > held.seq ? this.view : null];
      return false;
    });
  }

  failed(): void {
    this.sent = [];
  }

  replay(): Bytes[] {
    const list = [this.open, ...this.kept().values(), this.set, this.view];
    return list.filter((held): held is Held => held !== null).map((held) => stamped(held, this.open?.seq ?? 0));
  }
}

/** Slots of a spec; they may stand beside `figure` or inside it. */
function slotsOf(head: Record<string, unknown>): { name: string; kind: string }[] {
  const inside = (head.figure as { slots?: unknown } | undefined)?.slots;
  return (head.slots ?? inside ?? []) as { name: string; kind: string }[];
}

export class WorkerLoop {
  private instance: WasmInstance | null = null;
  private inbox: Bytes[] = [];
  private memory = new Memory();
  private scheduled = false;
  private replaying = false;
  private lastSeq = 0;
  private module = '';
  private starting = false;
  private carried = new Map<string, Kept>();

  constructor(private readonly host: LoopHost) {}

  receive(bytes: Bytes): void {
    this.inbox.push(bytes);
    this.schedule();
  }

  private schedule(): void {
    if (this.scheduled || this.starting) return;
    this.scheduled = true;
    this.host.later(() => this.slice());
  }

  /** The module that a message must be given to. */
  private wanted(bytes: Bytes): string {
    const known = this.host.modules();
    let named = '';
    try {
      const { head } = decode(bytes);
      if (head.type === 'open') named = moduleOf(String(head['figure']));
    } catch {
      // what is wrong with it is said when it is worked off
    }
    return known.includes(named) ? named : this.module || (known[0] ?? '');
  }

  private slice(): void {
    this.scheduled = false;
    try {
      while (this.inbox.length) {
        const bytes = this.inbox[0]!;
        const wanted = this.wanted(bytes);
        if (!this.instance || wanted !== this.module) return void this.change(wanted);
        this.inbox.shift();
        this.lastSeq = Math.max(this.lastSeq, this.memory.note(bytes).seq);
        this.replaying = false;
        this.instance.receive(bytes);
        this.handOn();
      }
      if (!this.instance) return;
      const more = this.instance.step(kSliceMs);
      this.drain();
      if (more || this.inbox.length) this.schedule();
    } catch (error) {
      void this.recover(error);
    }
  }

  private drain(): void {
    for (let out = this.instance!.take(); out; out = this.instance!.take()) {
      this.watch(out);
      this.host.post(out);
    }
  }

  /** Starts the module that the next message wants; what the user gave to the old one is handed on to the figure that opens. */
  private async change(module: string): Promise<void> {
    if (this.instance) this.drain();
    for (const [slot, held] of this.memory.kept()) this.carried.set(slot, held);
    this.module = module;
    await this.start();
  }

  private handOn(): void {
    if (this.carried.size === 0) return;
    this.drain(); // the spec says which slots the figure has
    const fitting = this.memory.fitting(this.carried, this.lastSeq);
    this.carried.clear();
    for (const bytes of fitting) {
      this.memory.note(bytes);
      this.instance!.receive(bytes);
    }
  }

  /** A fresh instance, told these messages first. */
  private async start(again: Bytes[] = []): Promise<void> {
    this.instance = null;
    this.starting = true;
    try {
      this.instance = await this.host.start(this.module);
    } catch (error) {
      this.host.lost(error instanceof Error ? error.message : String(error));
      return;
    }
    this.starting = false;
    try {
      for (const bytes of again) this.instance.receive(bytes);
    } catch (second) {
      await this.recover(second);
      return;
    }
    this.schedule();
  }

  private watch(out: Bytes): void {
    // The head is small; decoding it here costs microseconds and tells which states worked.
    const { seq, head } = decode(out);
    if (head.type === 'frame') this.memory.worked(seq);
    else if (head.type === 'spec') this.memory.opens(slotsOf(head));
    else if (head.type === 'data') this.memory.holds(seq, String((head as { slot?: unknown }).slot), (head as { is_embedded?: unknown }).is_embedded === true);
  }

  private async recover(error: unknown): Promise<void> {
    this.carried.clear();
    const fault = error instanceof EngineError ? error : new EngineError('internal', '', String(error));
    this.host.post(encode({ type: 'error', kind: fault.kind, where: fault.where, message: fault.message, restarted: true }, this.lastSeq));
    const again = this.replaying ? [] : this.memory.replay(); // a state that fails twice is not tried a third time
    this.memory.failed();
    this.replaying = true;
    await this.start(again);
  }
}
