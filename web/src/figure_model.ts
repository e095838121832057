// The state of one figure on the page, without its looks: client, history, selection, hash. The element draws it.
import type { FigureClient, ReadOptions } from './client';
import type { PictureState } from './picture';
import { Selection } from './selection';
import { History } from './history';
import { makeHash } from './state';
import type { Config, ControlSpec, Value, Values } from './types';

const kLong = 1000; // work longer than this says what it does

export class FigureModel {
  readonly history = new History();
  readonly selection = new Selection();
  /** True while a computation has taken longer than a second. */
  working = false;
  onworking: () => void = () => {};
  oncommit: () => void = () => {};
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly client: FigureClient) {}

  control(name: string): ControlSpec | undefined {
    const spec = this.client.spec?.controls.find((c) => c.name === name);
    const state = this.client.frame?.controls[name];
    return spec && state ? { ...spec, low: state.low ?? spec.low, high: state.high ?? spec.high } : spec;
  }

  /** The value in force: the page's, or the engine's choice where the page leaves it to the engine. */
  value(name: string): Value {
    return this.client.values[name] ?? this.client.frame?.controls[name]?.value ?? null;
  }

  set(values: Values): void {
    if (this.client.frame?.controls && Object.keys(values).some((name) => this.client.frame!.controls[name]?.disabled)) return;
    this.client.set(values);
    this.watch();
  }

  commit(): void {
    this.history.commit({ ...this.client.values });
    this.oncommit();
  }

  undo(): void {
    this.restore(this.history.undo());
  }

  redo(): void {
    this.restore(this.history.redo());
  }

  private restore(values: Values | null): void {
    if (!values) return;
    this.client.set(values);
    this.watch();
    this.oncommit();
  }

  /** Starts the clock of "this takes long"; called with everything that makes the engine work. */
  watch(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.say(!this.client.settled && !this.client.cancelled), kLong);
  }

  rest(): void {
    clearTimeout(this.timer);
    this.say(false);
  }

  private say(working: boolean): void {
    if (working === this.working) return;
    this.working = working;
    this.onworking();
  }

  /** The user's file again, with other columns. */
  readAgain(slot: string, options: ReadOptions): void {
    const file = this.client.given.get(slot);
    if (!file) return;
    this.client.data(slot, file.name, file.bytes, options);
    this.watch();
    this.oncommit();
  }

  private sets(): Record<string, string> {
    return Object.fromEntries(this.client.chosen);
  }

  hash(): string {
    return this.client.spec ? makeHash(this.client.spec, this.client.values, this.sets()) : '';
  }

  pictureState(): PictureState {
    const data: Record<string, string> = {};
    for (const [slot, content] of this.client.slots) if (!content.is_embedded) data[slot] = content.name;
    return { orrery: 1, figure: this.client.figure, values: this.client.values, sets: this.sets(), data };
  }

  /** What an exported page starts from: this figure, these values, the user's own data. */
  exportConfig(): Config {
    const decoder = new TextDecoder();
    const slots = [...this.client.slots.values()].filter((s) => !s.is_embedded && s.csv.length > 0);
    return {
      mode: 'wasm',
      figure: this.client.figure,
      values: this.client.values,
      slots: slots.map((s) => ({ slot: s.slot, name: s.name, csv: decoder.decode(s.csv) })),
      sets: this.sets(),
      single: true,
    };
  }
}

