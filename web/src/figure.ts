// <orrery-figure>: question, answer, panels, warnings, tabs and the rail of controls, over a FigureModel.
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { renderAnswer } from './answer';
import type { DrawTiming } from './client';
import { renderRail } from './controls/rail';
import type { FigureModel } from './figure_model';
import type { Range2 } from './marks/layout';
import { PanelView, type PanelHost } from './marks/panel';
import { currentTheme, paletteOf, watchTheme, type Theme } from './marks/theme';
import { tameBrackets } from './mathml';
import { pictureOf, toPng, toSvg, type Picture } from './picture';
import { copyText, download } from './save';
import { panelTables, renderTables, tablesCsv } from './table';
import { renderTabs, type Language, type Tab } from './tabs';
import type { ControlSpec, Frame, PanelSpec, Value, Values, View } from './types';

const kMeasures = 2000; // kept in the browser's timeline

export class FigureElement extends LitElement implements PanelHost {
  static override properties = { model: { attribute: false }, engine: { type: String }, problem: { attribute: false }, files: { attribute: false } };
  declare model: FigureModel;
  declare engine: string;
  /** A fault that is not the engine's (a file that cannot be read here). */
  declare problem: string;
  /** Files that came with the page. */
  declare files: { slot: string; name: string; csv: string }[];
  onopenfile: (slot: string) => void = () => {};
  private tab: Tab = 'explain';
  private language: Language = 'python';
  private copied = false;
  private opened = new Set<string>();
  private tables = new Set<string>();
  private views = new Map<string, PanelView>();
  private shownFigure = '';
  private look: Theme | null = null;
  private unwatch = (): void => {};
  private resize = new ResizeObserver((entries) => this.resized(entries));
  private announceTimer: ReturnType<typeof setTimeout> | undefined;
  private measures = 0;

  constructor() {
    super();
    this.engine = this.problem = '';
    this.files = [];
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.unwatch = watchTheme(() => this.themeChanged());
    const { client, selection } = this.model;
    client.onchange = () => this.changed();
    client.onspec = () => this.specCame();
    client.ondraw = (frame, timing) => this.draw(frame, timing);
    this.model.onworking = () => this.requestUpdate();
    selection.onchange = () => {
      for (const view of this.views.values()) view.ask();
      this.requestUpdate();
    };
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unwatch();
    this.resize.disconnect();
    this.views.clear();
    this.shownFigure = '';
    const { client } = this.model;
    client.onchange = client.onspec = client.ondraw = () => {};
  }

  // PanelHost

  theme(): Theme {
    return (this.look ??= currentTheme());
  }
  get selection(): FigureModel['selection'] {
    return this.model.selection;
  }
  control(name: string): ControlSpec | undefined {
    return this.model.control(name);
  }
  value(name: string): Value {
    return this.model.value(name);
  }
  set(values: Values): void {
    this.model.set(values);
    this.requestUpdate();
  }
  commit(): void {
    this.model.commit();
    this.requestUpdate();
  }
  viewChanged(panel: string, view: View): void {
    this.model.client.view({ [panel]: view }, this.model.client.frame ? null : paletteOf(this.theme()));
  }
  announce(words: string): void {
    clearTimeout(this.announceTimer);
    this.announceTimer = setTimeout(() => {
      const region = this.querySelector('.live');
      if (region) region.textContent = words;
    }, 350);
  }

  // From the client

  private specCame(): void {
    const { client } = this.model;
    this.look = null;
    if (this.shownFigure !== client.figure) {
      this.model.history.reset({ ...client.values });
      this.model.selection.clear();
      this.tables.clear();
    }
    this.model.watch();
    this.renderNow();
    client.view({}, paletteOf(this.theme()));
    this.dispatchEvent(new CustomEvent('orrery-spec', { bubbles: true }));
  }

  private changed(): void {
    const { client } = this.model;
    if (client.settled) this.model.rest();
    const was = this.hasAttribute('data-settled');
    this.toggleAttribute('data-settled', client.settled);
    this.toggleAttribute('data-fault', client.fault !== null);
    if (client.settled && !was) this.dispatchEvent(new CustomEvent('orrery-settled', { bubbles: true, detail: { seq: client.lastSent } }));
    this.requestUpdate();
    this.dispatchEvent(new CustomEvent('orrery-change', { bubbles: true }));
  }

  private draw(frame: Frame, timing: DrawTiming): void {
    const start = performance.now();
    for (const [id, data] of frame.panels) this.views.get(id)?.update(data);
    this.renderNow(); // the words change in the same frame as the pictures
    const end = performance.now();
    this.dataset.seq = String(frame.seq);
    if (++this.measures % kMeasures === 0) performance.clearMeasures('orrery-frame');
    const latency = timing.changedAt === null ? null : end - timing.changedAt;
    performance.measure('orrery-frame', { start: start - timing.decodeMs, end, detail: { seq: frame.seq, level: frame.level, final: frame.final, latency } });
  }

  private renderNow(): void {
    this.requestUpdate();
    this.performUpdate();
  }

  // Panels

  protected override updated(changes: PropertyValues): void {
    super.updated(changes);
    const prose = this.querySelector('.prose:not([data-tame])');
    if (prose) {
      tameBrackets(prose);
      prose.setAttribute('data-tame', '');
    }
    const { spec } = this.model.client;
    if (!spec) this.shownFigure = '';
    if (!spec || this.shownFigure === spec.figure.id) return;
    this.shownFigure = spec.figure.id;
    this.resize.disconnect();
    this.views.clear();
    for (const panel of spec.panels) {
      const root = this.querySelector<HTMLElement>(`[data-panel="${CSS.escape(panel.id)}"] .plot`);
      if (!root) continue;
      const view = new PanelView(panel, this, root);
      this.views.set(panel.id, view);
      this.resize.observe(root);
      view.resize(root.clientWidth, root.clientHeight);
      const data = this.model.client.frame?.panels.get(panel.id);
      if (data) view.update(data);
    }
  }

  private resized(entries: ResizeObserverEntry[]): void {
    for (const entry of entries) {
      const view = [...this.views.values()].find((v) => v.root === entry.target);
      view?.resize(entry.contentRect.width, entry.contentRect.height);
    }
  }

  private themeChanged(): void {
    this.look = null;
    this.model.client.view({}, paletteOf(this.theme()));
    for (const view of this.views.values()) view.ask();
  }

  // Files

  private picture(): Picture | null {
    const { spec, frame } = this.model.client;
    if (!spec || !frame) return null;
    const ranges = new Map<string, Range2>([...this.views].map(([id, view]) => [id, view.range]));
    return pictureOf(spec, frame, ranges, this.model.pictureState(), this.model.hash().slice(1), this.theme());
  }

  /** Saves the figure, or one panel, as a picture with its state inside. */
  async save(kind: 'svg' | 'png', panel: string | null): Promise<void> {
    const picture = this.picture();
    if (!picture) return;
    const name = `${this.model.client.figure}${panel ? `-${panel}` : ''}.${kind}`;
    if (kind === 'svg') download(name, 'image/svg+xml', await toSvg(picture, panel));
    else download(name, 'image/png', await toPng(picture, panel));
  }

  /** The SVG text of the figure or one panel. */
  async svg(panel: string | null = null): Promise<string> {
    const picture = this.picture();
    return picture ? toSvg(picture, panel) : '';
  }

  toggleTable(panel: string): void {
    if (!this.tables.delete(panel)) this.tables.add(panel);
    this.requestUpdate();
  }

  private async copy(text: string): Promise<void> {
    this.copied = await copyText(text);
    this.announce(this.copied ? 'copied' : 'the browser does not allow copying');
    this.requestUpdate();
    setTimeout(() => {
      this.copied = false;
      this.requestUpdate();
    }, 1500);
  }

  // Looks

  private panel(panel: PanelSpec): TemplateResult {
    const data = this.model.client.frame?.panels.get(panel.id);
    const { selection } = this.model;
    const mine = selection.panel === panel.id;
    const masks = panel.brush_control !== '' && this.model.control(panel.brush_control) !== undefined;
    const masked = masks && ((this.model.value(panel.brush_control) as number[] | null) ?? []).length > 0;
    const table = this.tables.has(panel.id);
    const alt = `alt-${panel.id}`;
    const key = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 't' || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      this.toggleTable(panel.id);
    };
    return html`<figure class="panel ${panel.wide ? 'wide' : ''} ${panel.square ? 'square' : ''} ${panel.tall ? 'tall' : ''}" data-panel=${panel.id}>
      <figcaption><b>${data?.title || panel.title}</b><span class="hint">${data?.hint ?? panel.hint}</span></figcaption>
      <div class="plot" tabindex="0" role="application" aria-roledescription="plot" aria-label=${data?.title || panel.title} aria-describedby=${alt} @keydown=${key}></div>
      <p class="hidden" id=${alt}>${data?.alt ?? ''} Arrow keys read the data, plus and minus zoom, 0 resets, T shows the table.</p>
      <div class="tools" role="group" aria-label=${`save ${data?.title || panel.title}`}>
        <button type="button" title="Table (T)" aria-pressed=${table ? 'true' : 'false'} @click=${() => this.toggleTable(panel.id)}>table</button>
        <button type="button" data-save="svg" @click=${() => this.save('svg', panel.id)}>SVG</button>
        <button type="button" data-save="png" @click=${() => this.save('png', panel.id)}>PNG</button></div>
      ${mine ? html`<div class="picked" role="group" aria-label="selection"><span>${selection.count} selected</span>
        ${masks ? html`<button type="button" data-mask @click=${() => this.views.get(panel.id)?.maskSelected()}>mask selected</button>` : nothing}
        ${masks && masked ? html`<button type="button" @click=${() => (this.set({ [panel.brush_control]: [] }), this.commit())}>clear mask</button>` : nothing}
        <button type="button" @click=${() => selection.clear()}>let go</button></div>` : nothing}
      ${table && data ? html`<div class="below"><div class="buttons"><button type="button" @click=${() => this.csv(panel)}>Download CSV</button></div>${renderTables(panelTables(panel, data))}</div>` : nothing}
    </figure>`;
  }

  private csv(panel: PanelSpec): void {
    const data = this.model.client.frame?.panels.get(panel.id);
    if (data) download(`${this.model.client.figure}-${panel.id}.csv`, 'text/csv', tablesCsv(panelTables(panel, data)));
  }

  private status(): TemplateResult {
    const { client, working } = this.model;
    if (client.cancelled && !client.settled) return html`<div class="work"><span>stopped: the picture is the last answer that was ready</span></div>`;
    if (!working || client.settled) return html`<div class="work"></div>`;
    const { fraction, words } = client.progress ?? { fraction: 0, words: 'computing' };
    return html`<div class="work" role="status"><span>${words || 'computing'}${fraction > 0 ? ` ${Math.round(100 * fraction)} %` : ''}</span>
      <progress max="1" .value=${fraction} aria-label=${words || 'computing'}></progress><button type="button" data-cancel @click=${() => client.cancel()}>Cancel</button></div>`;
  }

  private fault(): TemplateResult | typeof nothing {
    const { fault } = this.model.client;
    const words = this.problem || (fault ? [fault.where, fault.message].filter(Boolean).join(': ') : '');
    return words ? html`<p class="fault" role="alert">${words} ${this.model.client.frame ? html`<span class="soft">The picture is the one before.</span>${this.fileRefused() ? html` <button type="button" data-other-columns @click=${() => this.showColumns()}>Name its columns…</button>` : nothing}` : html`<a href="#">To the gallery</a>`}</p>` : nothing;
  }

  /** The fault is about a file that could be read with other columns. */
  private fileRefused(): boolean {
    const { fault, given, spec } = this.model.client;
    return !this.problem && (spec?.slots ?? []).some((s) => s.kind === 'series' && given.has(s.name) && fault?.where.startsWith(given.get(s.name)!.name));
  }

  private showColumns(): void {
    this.tab = 'data';
    this.renderNow();
    const details = this.querySelector<HTMLDetailsElement>('details.columns');
    if (details) details.open = true;
    details?.querySelector('input')?.focus();
  }

  protected override render(): TemplateResult {
    const { client } = this.model;
    const { spec, frame } = client;
    if (!spec) return html`${this.fault()}<p class="wait">${client.fault ? '' : 'The engine is starting.'}</p>`;
    this.dataset.engine = this.engine;
    return html`${keyed(spec.figure.id, html`<div class="layout"><section class="main">
      <div class="head"><div><h1>${spec.figure.title}</h1><p class="q">${spec.figure.question}</p></div>${this.status()}</div>
      ${renderAnswer(frame?.numbers ?? [])}${this.fault()}
      <div class="grid ${spec.panels.length === 1 ? 'one' : ''}">${spec.panels.map((panel) => this.panel(panel))}</div>
      <div class="warnings" role="status">${frame?.warnings.map((words) => html`<p class="warn">${words}</p>`)}</div>
      </section>
      <aside class="rail" aria-label="controls">${renderRail({
        spec, values: client.values, states: frame?.controls ?? {}, actions: frame?.actions ?? [],
        set: (name, value) => this.set({ [name]: value }), commit: () => this.commit(),
      })}</aside>
      <section class="more">${renderTabs({
        spec, frame, slots: client.slots, chosen: client.chosen, given: client.given, files: this.files, tab: this.tab, language: this.language, copied: this.copied, opened: this.opened,
        show: (tab) => this.change(() => (this.tab = tab)),
        speak: (language) => this.change(() => (this.language = language)),
        copy: (text) => void this.copy(text),
        toggle: (panel, open) => this.change(() => (open ? this.opened.add(panel) : this.opened.delete(panel))),
        saveCsv: (name, csv) => download(name, 'text/csv', csv as BlobPart),
        openFile: (slot) => this.onopenfile(slot),
        choose: (slot, id) => this.change(() => (client.embedded(slot, id), this.model.watch(), this.model.oncommit())),
        take: (slot, name, csv) => this.change(() => (client.data(slot, name, new TextEncoder().encode(csv)), this.model.watch(), this.model.oncommit())),
        read: (slot, options) => this.change(() => this.model.readAgain(slot, options)),
      })}</section></div>`)}<div class="live hidden" role="status" aria-live="polite"></div>`;
  }

  private change(call: () => void): void {
    call();
    this.requestUpdate();
  }
}

customElements.define('orrery-figure', FigureElement);
