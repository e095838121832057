// What the keys do.
import { html, type TemplateResult } from 'lit';

const kKeys: [string, string][] = [
  ['Tab', 'goes through controls, panels and their handles'],
  ['← →', 'on a panel: the next datum; on a control or handle: one step; with Shift: ten data, or a tenth of a step'],
  ['↑ ↓', 'on a panel: another curve; on a control: one step'],
  ['Page Up, Page Down', 'ten steps'],
  ['+  −  0', 'on a panel: closer, farther, all'],
  ['T', 'on a panel: the table behind it'],
  ['Esc', 'lets the selection go'],
  ['Ctrl Z, Ctrl Shift Z', 'undo, redo'],
  ['drag', 'on a panel: selects points where the panel says so, else moves the picture; with Shift: moves it'],
  ['wheel, pinch', 'zooms about the pointer; double click shows all'],
];

export function helpDialog(): TemplateResult {
  return html`<dialog class="help" aria-labelledby="help-title" @click=${(e: Event) => e.target === e.currentTarget && (e.currentTarget as HTMLDialogElement).close()}>
    <h2 id="help-title">Keys and hands</h2><dl>${kKeys.map(([key, does]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${does}</dd></div>`)}</dl>
    <form method="dialog"><button>Close</button></form></dialog>`;
}
