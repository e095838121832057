// Heads of the messages that a session sends (docs/guide/protocol.md), as the page sees them after decoding.
import type { Column, ColumnRef } from './protocol';

export type Scale = 'linear' | 'log';
export type Value = number | null | boolean | string | number[];
export type Values = Record<string, Value>;
export type ControlKind = 'slider' | 'integer' | 'range' | 'choice' | 'toggle' | 'point' | 'rows';

export interface ControlSpec {
  name: string;
  label: string;
  unit: string;
  kind: ControlKind;
  low: number;
  high: number;
  start: Value;
  step: number;
  scale: Scale;
  choices: string[];
  group: string;
  help: string;
  on_plot_only?: boolean;
}

export interface AxisSpec {
  label: string;
  unit: string;
  scale: Scale;
  reversed: boolean;
  ticks: boolean;
}

export type MarkKind = 'points' | 'line' | 'area' | 'bars' | 'image' | 'contour' | 'rule' | 'handle' | 'graph' | 'text';
export type Role = 'data' | 'model' | 'accent' | 'mute' | 'warn' | 'band';

export interface MarkSpec {
  id: string;
  mark: MarkKind;
  role: Role;
  link: string;
  label: string;
  control_x: string;
  control_y: string;
  note: string;
}

export interface PanelSpec {
  id: string;
  title: string;
  hint: string;
  wide: boolean;
  square: boolean;
  /** Twice as high; absent from older engines. */
  tall?: boolean;
  brush: 'none' | 'x' | 'xy';
  brush_control: string;
  x: AxisSpec;
  y: AxisSpec;
  marks: MarkSpec[];
}

export interface SlotSpec {
  name: string;
  kind: string;
  label: string;
  embedded: string;
  help: string;
}

export type ShelfId = 'bench' | 'lectures' | 'book' | 'hacks' | 'hidden';

export interface FigureInfo {
  id: string;
  title: string;
  question: string;
  shelf: ShelfId;
}

export interface FigureSpec {
  figure: FigureInfo & { source: string; explain: string };
  controls: ControlSpec[];
  slots: SlotSpec[];
  panels: PanelSpec[];
}

export interface Grid {
  rows?: number;
  cols?: number;
  x0?: number;
  x1?: number;
  y0?: number;
  y1?: number;
  low?: number;
  high?: number;
  scale?: Scale;
  map?: string;
  label?: string;
  levels?: number[];
  plates?: { label: string; x0: number; y0: number; x1: number; y1: number }[];
  width?: number;
  height?: number;
  base?: number;
  /** Range [x0, x1, y0, y1] that a raster covers. */
  view?: number[];
  length?: number;
}

export interface MarkHead {
  id: string;
  columns?: ColumnRef[];
  labels?: string[];
  grid?: Grid;
  hidden?: boolean;
  row_step?: number;
}

export interface AxisHead {
  label?: string;
  unit?: string;
  low: number | null;
  high: number | null;
  reversed?: boolean;
  scale?: Scale;
}

export interface PanelHead {
  id: string;
  title?: string;
  hint?: string;
  alt?: string;
  x: AxisHead;
  y: AxisHead;
  marks: MarkHead[];
}

export interface NumberItem {
  label: string;
  value: string;
  error?: string;
  unit?: string;
  note?: string;
}

export interface ControlState {
  value?: Value;
  low?: number;
  high?: number;
  choices?: string[];
  disabled?: string;
}

export interface Action {
  control: string;
  label: string;
  value: Value;
  help?: string;
}

export interface Code {
  python: string;
  cpp: string;
  shell: string;
}

export interface FrameHead {
  level: number;
  final: boolean;
  view?: number;
  panels: PanelHead[];
  numbers?: NumberItem[];
  warnings?: string[];
  controls?: Record<string, ControlState>;
  actions?: Action[];
  code?: Code;
}

/** A mark of a frame with its columns at hand. `stamp` changes exactly when something that is drawn changes. */
export interface MarkData {
  id: string;
  columns: Record<string, Column>;
  labels: string[];
  grid: Grid;
  hidden: boolean;
  rowStep: number;
  stamp: number;
}

export interface AxisState {
  label: string;
  unit: string;
  low: number;
  high: number;
  scale: Scale;
  reversed: boolean;
  ticks: boolean;
}

export interface PanelData {
  id: string;
  title: string;
  hint: string;
  alt: string;
  x: AxisState;
  y: AxisState;
  marks: MarkData[];
}

export interface Frame {
  seq: number;
  level: number;
  final: boolean;
  /** Sequence number of the `view` (or `open`) that said the sizes it was made for. */
  view: number;
  panels: Map<string, PanelData>;
  numbers: NumberItem[];
  warnings: string[];
  controls: Record<string, ControlState>;
  actions: Action[];
  code: Code;
}

export interface Report {
  format?: string;
  rows?: number;
  used?: number;
  dropped?: { reason: string; count: number }[];
  notes?: string[];
  roles?: Record<string, unknown>;
}

/** What a slot holds, as the session told it; `csv` carries it to a fresh engine or into an export. */
export interface SlotData {
  slot: string;
  name: string;
  rows: number;
  report: Report;
  embedded: { id: string; title: string }[];
  /** The slot holds an embedded set, not a user's file. */
  is_embedded?: boolean;
  csv: Uint8Array;
}

export interface EngineFault {
  kind: string;
  where: string;
  message: string;
}

export interface View {
  width: number;
  height: number;
  ratio: number;
  x: [number, number] | null;
  y: [number, number] | null;
}

export interface Palette {
  data: string;
  model: string;
  accent: string;
  mute: string;
  warn: string;
  band: string[];
}

export interface Config {
  mode: 'server' | 'wasm';
  token?: string;
  figure: string | null;
  values?: Values;
  slots?: { slot: string; name: string; csv: string }[];
  /** Further files to choose from. */
  files?: { slot: string; name: string; csv: string }[];
  /** All figures of a page with a gallery; else the engine is asked. */
  figures?: FigureInfo[];
  /** Embedded sets chosen for slots. */
  sets?: Record<string, string>;
  single?: boolean;
}
