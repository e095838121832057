// Reading a file again with other columns than the reader chose by itself.
import { html, type TemplateResult } from 'lit';
import type { GivenFile, ReadOptions } from './client';
import { parseNumber } from './text';

const kFields: [keyof ReadOptions, string][] = [['time', 'times'], ['value', 'values'], ['error', 'errors'], ['band', 'bands'], ['time_offset', 'days added to the times']];

/** What the form says; empty fields leave the choice to the reader. Null with the field that is not a number. */
export function optionsOf(form: FormData): ReadOptions | null {
  const options: ReadOptions = {};
  for (const [name] of kFields) {
    const text = String(form.get(name) ?? '').trim();
    if (!text) continue;
    if (name !== 'time_offset') options[name] = text;
    else {
      const days = parseNumber(text);
      if (!Number.isFinite(days)) return null;
      options.time_offset = days;
    }
  }
  return options;
}

/** A form for the columns of a file that the user gave. */
export function renderColumns(file: GivenFile, read: (options: ReadOptions) => void): TemplateResult {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const options = optionsOf(new FormData(form));
    const offset = form.elements.namedItem('time_offset') as HTMLInputElement;
    offset.setCustomValidity(options ? '' : 'expected a number of days');
    if (options) read(options);
    else offset.reportValidity();
  };
  return html`<details class="columns" ?open=${Object.keys(file.options).length > 0}><summary>Read other columns of ${file.name}</summary>
    <form data-columns @submit=${submit}><p class="soft">A column's name, or its number from 1; empty: found by itself.</p>
      ${kFields.map(([name, words]) => html`<label class="inline">${words} <input type="text" name=${name} size=${name === 'time_offset' ? 10 : 14} autocomplete="off"
        .value=${String(file.options[name] ?? '')} @input=${(e: Event) => (e.currentTarget as HTMLInputElement).setCustomValidity('')}></label>`)}
      <button type="submit">Read again</button></form></details>`;
}
