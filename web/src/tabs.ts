// Explain, Code and Data: what stands below the panels.
import { html, nothing, type TemplateResult } from 'lit';
import { unsafeHTML } from 'lit/directives/unsafe-html.js';
import type { GivenFile, ReadOptions } from './client';
import { renderColumns } from './columns';
import { panelTables, renderTables, tablesCsv } from './table';
import type { Code, FigureSpec, Frame, SlotData, SlotSpec } from './types';
import { groupDigits } from './text';

export type Tab = 'explain' | 'code' | 'data';
export type Language = keyof Code;

export interface TabsModel {
  spec: FigureSpec;
  frame: Frame | null;
  slots: Map<string, SlotData>;
  chosen: Map<string, string>;
  given: Map<string, GivenFile>;
  /** Files that came with the page, by slot. */
  files: { slot: string; name: string; csv: string }[];
  tab: Tab;
  language: Language;
  copied: boolean;
  opened: ReadonlySet<string>;
  show(tab: Tab): void;
  speak(language: Language): void;
  copy(text: string): void;
  toggle(panel: string, open: boolean): void;
  saveCsv(name: string, csv: string | Uint8Array): void;
  openFile(slot: string): void;
  choose(slot: string, id: string): void;
  take(slot: string, name: string, csv: string): void;
  read(slot: string, options: ReadOptions): void;
}

const kTabs: [Tab, string][] = [['explain', 'Explain'], ['code', 'Code for this state'], ['data', 'Data']];
const kLanguages: [Language, string][] = [['python', 'Python'], ['cpp', 'C++'], ['shell', 'Shell']];

const explain = (model: TabsModel): TemplateResult => html`<div class="prose">${unsafeHTML(model.spec.figure.explain)}
  ${model.spec.figure.source ? html`<p class="source">${model.spec.figure.source}</p>` : nothing}</div>`;

function code(model: TabsModel): TemplateResult {
  const text = model.frame?.code[model.language] ?? '';
  return html`<div class="codehead"><div class="segments" role="group" aria-label="language">${kLanguages.map(([id, name]) => html`
      <button type="button" aria-pressed=${id === model.language ? 'true' : 'false'} @click=${() => model.speak(id)}>${name}</button>`)}</div>
    <button type="button" class="copy" @click=${() => model.copy(text)}>${model.copied ? 'copied' : 'Copy'}</button></div>
    <pre tabindex="0" role="region" aria-label="code for this state"><code>${text}</code></pre>`;
}

const count = (n: number | undefined): string => (n === undefined ? '—' : groupDigits(String(n)));

/** A choice among the files that came with the page and the embedded sets. */
function others(model: TabsModel, spec: SlotSpec, data: SlotData | undefined): TemplateResult | typeof nothing {
  const files = model.files.filter((f) => f.slot === spec.name);
  const sets = data?.embedded ?? [];
  if (files.length + sets.length === 0) return nothing;
  const own = data?.is_embedded === false;
  const change = (e: Event): void => {
    const value = (e.currentTarget as HTMLSelectElement).value;
    const file = files.find((f) => value === `file ${f.name}`);
    if (file) model.take(spec.name, file.name, file.csv);
    else if (value) model.choose(spec.name, value);
  };
  return html`<label class="inline">or another <select data-sets @change=${change}>
    ${own && !files.some((f) => f.name === data?.name) ? html`<option value="" selected>(your file)</option>` : nothing}
    ${files.map((f) => html`<option value=${`file ${f.name}`} ?selected=${own && f.name === data?.name}>${f.name}</option>`)}
    ${sets.map((s) => html`<option value=${s.id} ?selected=${!own && s.id === (model.chosen.get(spec.name) ?? spec.embedded)}>${s.title}</option>`)}</select></label>`;
}

function slot(model: TabsModel, spec: SlotSpec): TemplateResult {
  const given = spec.kind === 'series' ? model.given.get(spec.name) : undefined;
  const data = model.slots.get(spec.name);
  const report = data?.report ?? {};
  const roles = Object.entries(report.roles ?? {}).filter(([, column]) => column !== null && column !== '');
  return html`<section class="slot"><h2>${spec.label || spec.name}</h2>
    <p><b>${data?.name || 'made by the figure'}</b>${report.rows !== undefined ? (report.used ?? 0) > report.rows ? html`: ${count(report.used)} values from ${count(report.rows)} rows` : html`: ${count(report.used)} of ${count(report.rows)} rows used` : data ? html`: ${count(data.rows)} rows` : nothing}
      ${report.format ? html`<span class="soft"> (${report.format})</span>` : nothing}</p>
    ${report.dropped?.length ? html`<ul>${report.dropped.map((d) => html`<li>${count(d.count)} dropped: ${d.reason}</li>`)}</ul>` : nothing}
    ${roles.length ? html`<p class="soft">columns: ${roles.map(([role, column]) => `${role} = ${String(column)}`).join(', ')}</p>` : nothing}
    ${report.notes?.length ? html`<ul>${report.notes.map((note) => html`<li>${note}</li>`)}</ul>` : nothing}
    <div class="buttons"><button type="button" @click=${() => model.openFile(spec.name)}>Open file…</button>
      ${data?.csv.length ? html`<button type="button" @click=${() => model.saveCsv(`${spec.name}.csv`, data.csv)}>Download CSV</button>` : nothing}
      ${others(model, spec, data)}
    </div>${given ? renderColumns(given, (options) => model.read(spec.name, options)) : nothing}</section>`;
}

function data(model: TabsModel): TemplateResult {
  return html`${model.spec.slots.map((spec) => slot(model, spec))}
    ${model.spec.panels.map((panel) => {
      const content = model.frame?.panels.get(panel.id);
      if (!content) return nothing;
      const open = model.opened.has(panel.id);
      const tables = open ? panelTables(panel, content) : [];
      return html`<details ?open=${open} @toggle=${(e: Event) => model.toggle(panel.id, (e.currentTarget as HTMLDetailsElement).open)}>
        <summary>Table behind “${content.title || panel.title}”</summary>
        ${open ? html`<p class="soft">${content.alt}</p><div class="buttons"><button type="button" @click=${() => model.saveCsv(`${model.spec.figure.id}-${panel.id}.csv`, tablesCsv(tables))}>Download CSV</button></div>
          ${renderTables(tables)}` : nothing}</details>`;
    })}`;
}

function keys(event: KeyboardEvent, model: TabsModel): void {
  const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
  if (!step) return;
  const at = kTabs.findIndex(([id]) => id === model.tab);
  const [next] = kTabs[(at + step + kTabs.length) % kTabs.length]!;
  model.show(next);
  (event.currentTarget as HTMLElement).querySelector<HTMLElement>(`[data-tab=${next}]`)?.focus();
}

export function renderTabs(model: TabsModel): TemplateResult {
  const body = model.tab === 'explain' ? explain(model) : model.tab === 'code' ? code(model) : data(model);
  return html`<div class="tabs" role="tablist" aria-label="about this figure" @keydown=${(e: KeyboardEvent) => keys(e, model)}>
      ${kTabs.map(([id, name]) => html`<button type="button" role="tab" id=${`tab-${id}`} data-tab=${id} aria-controls="tabpanel" tabindex=${id === model.tab ? 0 : -1}
        aria-selected=${id === model.tab ? 'true' : 'false'} @click=${() => model.show(id)}>${name}</button>`)}</div>
    <div class="tabpanel" role="tabpanel" tabindex="0" id="tabpanel" aria-labelledby=${`tab-${model.tab}`}>${body}</div>`;
}
