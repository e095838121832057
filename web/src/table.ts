// The numbers behind a panel as a table and as CSV.
import { html, nothing, type TemplateResult } from 'lit';
import { axisName } from './marks/cursor';
import { cursorNumber } from './text';
import type { AxisState, MarkData, PanelData, PanelSpec } from './types';

export interface Table {
  name: string;
  columns: string[];
  rows: number;
  cell(row: number, column: number): number | string;
  axes: (AxisState | null)[];
}

const kShown = 200;

function imageTable(name: string, mark: MarkData): Table {
  const { rows = 0, cols = 0, x0 = 0, x1 = 1, y0 = 0, y1 = 1 } = mark.grid;
  const values = mark.columns['value']!;
  const place = (row: number, column: number): number => {
    const [r, c] = [Math.floor(row / cols), row % cols];
    return column === 0 ? x0 + ((c + 0.5) / cols) * (x1 - x0) : column === 1 ? y0 + ((r + 0.5) / rows) * (y1 - y0) : values[row]!;
  };
  return { name, columns: ['x', 'y', mark.grid.label || 'value'], rows: Math.min(rows * cols, values.length), cell: place, axes: [null, null, null] };
}

/** One table for each mark of the panel that has numbers. */
export function panelTables(spec: PanelSpec, data: PanelData): Table[] {
  const tables: Table[] = [];
  for (const markSpec of spec.marks) {
    const mark = data.marks.find((m) => m.id === markSpec.id);
    if (!mark || mark.hidden || markSpec.mark === 'handle') continue;
    const name = markSpec.label || markSpec.id;
    if (mark.columns['value'] && mark.grid.rows) {
      tables.push(imageTable(name, mark));
      continue;
    }
    const ids = Object.keys(mark.columns).filter((id) => id !== 'raster' && id !== 'value');
    if (ids.every((id) => mark.columns[id]!.length === 0)) continue; // also when there are none
    const axisOf = (id: string): AxisState | null => (id === 'x' || id === 'edge' ? data.x : ['y', 'low', 'high', 'height'].includes(id) ? data.y : null);
    const title = (id: string): string => {
      const axis = axisOf(id);
      const label = axis ? axisName(axis) : '';
      return id === 'x' || id === 'y' || id === 'height' ? label || id : id === 'edge' ? `${label}, edge` : id === 'row' ? 'row' : id;
    };
    const named = ['points', 'text', 'rule', 'graph'].includes(markSpec.mark) && mark.labels.length > 0;
    const columns = ids.map(title);
    const texts = named && !mark.columns['band'];
    tables.push({
      name,
      columns: texts ? [...columns, 'name'] : columns,
      rows: Math.max(...ids.map((id) => mark.columns[id]!.length)),
      cell: (row, column) => {
        const id = ids[column];
        if (id === undefined) return mark.labels[row] ?? '';
        const value = mark.columns[id]![row];
        if (value === undefined) return '';
        if (id === 'band' && named) return mark.labels[value] ?? value;
        return id === 'row' ? value + 1 : value;
      },
      axes: [...ids.map(axisOf), ...(texts ? [null] : [])],
    });
  }
  return tables;
}

const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);

/** All tables of a panel as one CSV, each with its name as a comment line. Numbers keep every digit. */
export function tablesCsv(tables: Table[]): string {
  return tables
    .map((table) => {
      const lines = [`# ${table.name}`, table.columns.map(quoted).join(',')];
      for (let row = 0; row < table.rows; row++) {
        lines.push(table.columns.map((_, column) => quoted(String(table.cell(row, column)))).join(','));
      }
      return lines.join('\n');
    })
    .join('\n\n');
}

function cellText(table: Table, row: number, column: number): string {
  const value = table.cell(row, column);
  if (typeof value === 'string') return value;
  const axis = table.axes[column];
  return axis ? cursorNumber(value, axis.scale === 'log' ? value : axis.low, axis.scale === 'log' ? value * 1.01 : axis.high) : String(Number(value.toPrecision(6)));
}

export function renderTables(tables: Table[]): TemplateResult {
  return html`<div class="tables">${tables.map((table) => html`<div class="scroll" tabindex="0" role="region" aria-label=${`table of ${table.name}`}>
    <table><caption>${table.name}${table.rows > kShown ? html` <span class="soft">first ${kShown} of ${table.rows}; the CSV has all</span>` : nothing}</caption>
      <thead><tr>${table.columns.map((c) => html`<th scope="col">${c}</th>`)}</tr></thead>
      <tbody>${Array.from({ length: Math.min(kShown, table.rows) }, (_, r) => html`<tr>${table.columns.map((_c, c) => html`<td>${cellText(table, r, c)}</td>`)}</tr>`)}</tbody>
    </table></div>`)}</div>`;
}
