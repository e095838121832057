// Undo and redo over whole states.
import type { Values } from './types';

const same = (a: Values, b: Values): boolean => JSON.stringify(a) === JSON.stringify(b);

export class History {
  private states: Values[] = [];
  private at = -1;

  reset(values: Values): void {
    this.states = [values];
    this.at = 0;
  }

  /** A state the hand came to rest on. What was undone before it is gone. */
  commit(values: Values): void {
    const now = this.states[this.at];
    if (now && same(now, values)) return;
    this.states = [...this.states.slice(0, this.at + 1), values].slice(-200);
    this.at = this.states.length - 1;
  }

  get canUndo(): boolean {
    return this.at > 0;
  }

  get canRedo(): boolean {
    return this.at < this.states.length - 1;
  }

  undo(): Values | null {
    return this.canUndo ? this.states[--this.at]! : null;
  }

  redo(): Values | null {
    return this.canRedo ? this.states[++this.at]! : null;
  }
}
