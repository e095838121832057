// The answer in numbers: value with its error and unit, small label above.
import { html, nothing, type TemplateResult } from 'lit';
import { shortUnit, typeset, typesetWords } from './text';
import type { NumberItem } from './types';

export function answerText(item: NumberItem): string {
  const unit = shortUnit(item.unit ?? '');
  return [item.label, typeset(item.value), item.error ? `± ${typeset(item.error)}` : '', unit, typesetWords(item.note ?? '')].filter(Boolean).join(' ');
}

export function renderAnswer(items: NumberItem[]): TemplateResult {
  return html`<dl class="answer" aria-label="answer">${items.map((item) => {
    const unit = shortUnit(item.unit ?? '');
    return html`<div><dt>${item.label}</dt><dd><strong>${typeset(item.value)}</strong>${item.error || unit
      ? html` <em>${item.error ? html`± ${typeset(item.error)} ` : nothing}${unit}</em>` : nothing}${item.note ? html` <em>${typesetWords(item.note)}</em>` : nothing}</dd></div>`;
  })}</dl>`;
}
