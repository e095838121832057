// From frame messages to complete frames: fills in columns that did not change and stamps what did.
import type { Column, Message } from './protocol';
import { ProtocolError } from './protocol';
import type { AxisHead, AxisSpec, AxisState, FigureSpec, Frame, FrameHead, MarkData, MarkHead, PanelData } from './types';

function axisState(spec: AxisSpec | undefined, head: AxisHead | undefined): AxisState {
  let low = head?.low ?? 0;
  let high = head?.high ?? 1;
  if (!(high > low)) [low, high] = low === high ? [low - 0.5, high + 0.5] : [high, low];
  const scale = head?.scale ?? spec?.scale ?? 'linear';
  return {
    label: head?.label ?? spec?.label ?? '',
    unit: head?.unit ?? spec?.unit ?? '',
    low,
    high,
    scale: scale === 'log' && low > 0 ? 'log' : 'linear',
    reversed: head?.reversed ?? spec?.reversed ?? false,
    ticks: spec?.ticks ?? true,
  };
}

interface Kept {
  columns: Map<string, Column>;
  extra: string;
  stamp: number;
}

/** What one session has sent so far. Make a new one for each session: `same` refers to the bytes of that session. */
export class FrameStore {
  private kept = new Map<string, Kept>();
  private panels = new Map<string, PanelData>();
  private static stamps = 0;

  /** Takes every frame of the session in turn, also those that are not drawn, since a later one may refer to its columns. */
  accept(message: Message, spec: FigureSpec | null): Frame {
    const head = message.head as unknown as FrameHead & { type: string };
    for (const panel of head.panels ?? []) {
      const known = spec?.panels.find((p) => p.id === panel.id);
      this.panels.set(panel.id, {
        id: panel.id,
        title: panel.title ?? known?.title ?? '',
        hint: panel.hint ?? known?.hint ?? '',
        alt: panel.alt ?? '',
        x: axisState(known?.x, panel.x),
        y: axisState(known?.y, panel.y),
        marks: (panel.marks ?? []).map((mark) => this.mark(panel.id, mark, message)),
      });
    }
    return {
      seq: message.seq,
      level: head.level ?? 0,
      final: head.final ?? true,
      view: head.view ?? message.seq,
      panels: new Map(this.panels),
      numbers: head.numbers ?? [],
      warnings: head.warnings ?? [],
      controls: head.controls ?? {},
      actions: head.actions ?? [],
      code: { python: '', cpp: '', shell: '', ...head.code },
    };
  }

  private mark(panel: string, head: MarkHead, message: Message): MarkData {
    const key = `${panel}/${head.id}`;
    const before = this.kept.get(key);
    const columns: Record<string, Column> = {};
    let fresh = !before;
    for (const ref of head.columns ?? []) {
      if (ref.same) {
        const old = before?.columns.get(ref.id);
        if (!old) throw new ProtocolError(`column ${key}/${ref.id} is said to be unchanged, but never came`);
        columns[ref.id] = old;
      } else {
        columns[ref.id] = message.column(ref);
        fresh = true;
      }
    }
    const extra = JSON.stringify([head.labels, head.grid, head.hidden, Object.keys(columns)]);
    if (before && before.extra !== extra) fresh = true;
    const stamp = fresh || !before ? ++FrameStore.stamps : before.stamp;
    const all = new Map(before?.columns);
    for (const [id, column] of Object.entries(columns)) all.set(id, column);
    this.kept.set(key, { columns: all, extra, stamp });
    return {
      id: head.id,
      columns,
      labels: head.labels ?? [],
      grid: head.grid ?? {},
      hidden: head.hidden ?? false,
      rowStep: head.row_step ?? 1,
      stamp,
    };
  }
}
