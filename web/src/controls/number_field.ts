// An editable number with its unit: what is typed counts when it is finished (Enter, Tab), arrows step.
import { html, LitElement, type TemplateResult } from 'lit';
import { kMinus, parseNumber, shortUnit } from '../text';

export const fieldText = (value: number | null): string => (value === null || !Number.isFinite(value) ? '' : String(Number(value.toPrecision(12))).replace('-', kMinus));

export class NumberField extends LitElement {
  static override properties = {
    value: { attribute: false }, unit: {}, label: {}, disabled: { type: Boolean }, wrong: { state: true },
  };
  declare value: number | null;
  declare unit: string;
  declare label: string;
  declare disabled: boolean;
  declare wrong: boolean;
  /** Called with a finished number. */
  onnumber: (value: number) => void = () => {};
  /** Called with a count of steps for the arrow keys. */
  onstep: (steps: number) => void = () => {};
  private typing = false;

  constructor() {
    super();
    this.value = null;
    this.unit = this.label = '';
    this.disabled = this.wrong = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override updated(): void {
    const input = this.querySelector('input');
    if (input && !this.typing) input.value = fieldText(this.value);
  }

  private finish(input: HTMLInputElement): void {
    if (!this.typing) return;
    const value = parseNumber(input.value);
    this.wrong = !Number.isFinite(value);
    if (this.wrong) return;
    this.typing = false;
    this.onnumber(value);
    this.requestUpdate();
  }

  private key(event: KeyboardEvent): void {
    const input = event.currentTarget as HTMLInputElement;
    if (event.key === 'Enter') this.finish(input);
    else if (event.key === 'Escape') {
      this.typing = this.wrong = false;
      this.requestUpdate();
    } else if (event.key === 'ArrowUp' || event.key === 'ArrowDown' || event.key === 'PageUp' || event.key === 'PageDown') {
      event.preventDefault();
      this.finish(input);
      this.onstep((event.key.endsWith('Up') ? 1 : -1) * (event.key.startsWith('Page') ? 10 : 1));
    }
  }

  protected override render(): TemplateResult {
    const unit = shortUnit(this.unit);
    const size = Math.max(3, Math.min(14, fieldText(this.value).length));
    return html`<span class="number ${this.wrong ? 'wrong' : ''}">
      <input type="text" inputmode="decimal" autocomplete="off" spellcheck="false" size=${size} aria-label=${`${this.label}${unit ? `, ${unit}` : ''}`}
        aria-invalid=${this.wrong ? 'true' : 'false'} ?disabled=${this.disabled}
        @input=${() => (this.typing = true)} @change=${(e: Event) => this.finish(e.currentTarget as HTMLInputElement)}
        @blur=${(e: Event) => this.finish(e.currentTarget as HTMLInputElement)} @keydown=${(e: KeyboardEvent) => this.key(e)}>
      ${unit ? html`<span class="unit" aria-hidden="true">${unit}</span>` : ''}</span>`;
  }
}

customElements.define('orrery-number', NumberField);
