// <orrery-app>: header, gallery or figure, files in and out, the engine and what is said about it.
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { SocketEngine, sessionAddress } from './carrier_socket';
import { WasmEngine } from './carrier_wasm';
import { FigureClient } from './client';
import './figure';
import type { FigureElement } from './figure';
import { FigureModel } from './figure_model';
import { kShelves } from './gallery';
import { helpDialog } from './help';
import { EngineHost, type EngineSources } from './host';
import { cannotRead, classify, type StateFile } from './open';
import { exportHtml, moduleOf, modulesInPage, readConfig } from './page';
import { copyText, download } from './save';
import { parseHash, valuesFromTexts } from './state';
import type { Config, ShelfId, Values } from './types';

export class AppElement extends LitElement {
  static override properties = { view: { state: true }, notice: { state: true }, problem: { state: true }, note: { state: true }, dropping: { state: true } };
  declare view: 'gallery' | 'figure';
  declare notice: string;
  declare problem: string;
  declare note: string;
  declare dropping: boolean;
  readonly config: Config = readConfig();
  readonly client = new FigureClient();
  private model = new FigureModel(this.client);
  private shelf: ShelfId | '' = '';
  private host: EngineHost;
  private pendingTexts: Record<string, string> | null = null;
  private hashTimer: ReturnType<typeof setTimeout> | undefined;
  private slotWanted = '';
  private waitingFile: { name: string; bytes: Uint8Array } | null = null;
  private started = false;

  constructor() {
    super();
    this.view = 'gallery';
    this.notice = this.problem = this.note = '';
    this.dropping = false;
    this.host = new EngineHost(AppElement.engines(this.config), {
      onengine: (engine) => {
        this.client.attach(engine);
        this.model.watch();
        this.requestUpdate();
      },
      onmessage: (bytes) => this.client.receive(bytes),
      onnotice: (words) => (this.notice = words),
    });
    this.client.figures = this.config.figures ?? [];
    this.model.oncommit = () => this.writeHash();
    this.addEventListener('orrery-spec', () => this.specCame());
    this.addEventListener('orrery-settled', () => (this.problem = '')); // the next picture takes the line away
    this.addEventListener('orrery-change', () => this.requestUpdate());
  }

  /** The engines this page can use; another page (a notebook, a test) may bring its own. */
  static engines = (config: Config): EngineSources => {
    const sources: EngineSources = {};
    const modules = modulesInPage();
    if (config.mode === 'server') sources.server = () => new SocketEngine(sessionAddress(location, config.token ?? ''));
    if (modules.length) sources.wasm = () => new WasmEngine(modules);
    return sources;
  };

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('hashchange', () => this.readHash());
    window.addEventListener('keydown', (event) => this.key(event));
    window.addEventListener('dragover', (event) => {
      event.preventDefault();
      this.dropping = true;
    });
    window.addEventListener('dragleave', (event) => {
      if (!event.relatedTarget) this.dropping = false;
    });
    window.addEventListener('drop', (event) => {
      event.preventDefault();
      this.dropping = false;
      const file = event.dataTransfer?.files[0];
      if (file) void this.take(file);
    });
    this.host.start();
    this.readHash();
    this.started = true;
  }

  // Where we are

  private readHash(): void {
    const state = parseHash(location.hash);
    const shelf = kShelves.find((s) => s.id === state?.figure);
    if (state && !shelf) {
      if (this.started && this.view === 'figure' && this.client.figure === state.figure && location.hash === this.model.hash()) return;
      this.pendingTexts = state.texts;
      this.openFigure(state.figure, {}, [], state.sets);
    } else if (!state && this.config.figure && (!this.started || this.config.single)) {
      const encoder = new TextEncoder();
      const slots = (this.config.slots ?? []).map((s) => ({ slot: s.slot, name: s.name, csv: encoder.encode(s.csv) }));
      this.openFigure(this.config.figure, this.config.values ?? {}, slots, this.config.sets ?? {});
    } else {
      this.client.leave();
      this.model.rest();
      this.shelf = shelf?.id ?? '';
      this.view = 'gallery';
      document.title = `${shelf?.name ?? 'Gallery'} · Orrery`;
      this.requestUpdate();
    }
  }

  private openFigure(figure: string, values: Values, slots: StateFile['slots'] = [], sets: Record<string, string> = {}): void {
    this.problem = '';
    // The user's own data in an exported page belongs to its figure, whatever the link says about the controls.
    const own = !slots.length && figure === this.config.figure ? (this.config.slots ?? []) : [];
    const encoder = new TextEncoder();
    const kept = slots.length ? slots : own.map((s) => ({ slot: s.slot, name: s.name, csv: encoder.encode(s.csv) }));
    this.view = 'figure';
    this.client.open(figure, values, kept);
    for (const [slot, id] of Object.entries(sets)) this.client.embedded(slot, id);
    this.model.watch();
    this.requestUpdate();
  }

  /** The controls are known now: what the link says about them can be read. */
  private specCame(): void {
    const { spec } = this.client;
    if (!spec) return;
    document.title = `${spec.figure.title} · Orrery`;
    if (this.pendingTexts) {
      const values = valuesFromTexts(spec, this.pendingTexts);
      this.pendingTexts = null;
      if (Object.keys(values).length) this.model.set(values);
      this.model.history.reset({ ...this.client.values });
    }
    if (!location.hash && !this.config.single) this.writeHash();
    if (this.waitingFile) {
      const { name, bytes } = this.waitingFile;
      this.waitingFile = null;
      this.giveData(name, bytes);
    }
  }

  private writeHash(): void {
    clearTimeout(this.hashTimer);
    this.hashTimer = setTimeout(() => {
      const hash = this.model.hash();
      if (this.view === 'figure' && hash && hash !== location.hash) history.replaceState(null, '', hash);
      this.requestUpdate();
    }, 150);
  }

  private figureElement(): FigureElement | null {
    return this.querySelector('orrery-figure');
  }

  // Files in

  private async take(file: File): Promise<void> {
    this.problem = '';
    const opened = classify(file.name, new Uint8Array(await file.arrayBuffer()));
    if (opened.kind === 'refused') this.problem = opened.words;
    else if (opened.kind === 'state') {
      this.pendingTexts = null;
      this.openFigure(opened.figure, opened.values, opened.slots, opened.sets);
      history.replaceState(null, '', `#${opened.figure}`);
      if (opened.missing.length) this.say(`The picture was made from ${opened.missing.join(', ')}, which is not inside it: open that file too.`);
    } else this.giveData(opened.name, opened.bytes);
  }

  private giveData(name: string, bytes: Uint8Array): void {
    const words = cannotRead(bytes, name, this.host.kind);
    if (words) {
      this.problem = words;
      return;
    }
    const slots = this.client.spec?.slots ?? [];
    const slot = slots.find((s) => s.name === this.slotWanted) ?? slots[0];
    this.slotWanted = '';
    if (this.view === 'figure' && slot) {
      this.client.data(slot.name, name, bytes);
      this.model.watch();
      return;
    }
    if (this.config.single || this.view === 'figure') {
      this.problem = `${name}: this figure has no input of its own`;
      return;
    }
    // A file that is dropped where no figure takes it goes to the first figure of the bench.
    const bench = this.client.figures.find((f) => f.shelf === 'bench');
    if (!bench) {
      this.problem = `${name}: no figure of this page takes files`;
      return;
    }
    this.waitingFile = { name, bytes };
    location.hash = bench.id;
  }

  private pick(slot: string): void {
    this.slotWanted = slot;
    this.querySelector<HTMLInputElement>('#orrery-file')?.click();
  }

  // Files out

  private saveHtml(): void {
    const title = this.client.spec?.figure.title ?? 'Orrery';
    download(`${this.client.figure}.html`, 'text/html', exportHtml(title, this.model.exportConfig()));
  }

  private async share(): Promise<void> {
    history.replaceState(null, '', this.model.hash());
    const own = [...this.client.slots.values()].some((s) => !s.is_embedded);
    const copied = await copyText(location.href);
    this.say(`${copied ? 'Link copied' : 'The link is in the address bar'}${own ? '. It carries the controls, not your file: Export carries both.' : '.'}`);
  }

  private say(words: string): void {
    this.note = words;
    setTimeout(() => {
      if (this.note === words) this.note = '';
    }, 6000);
  }

  private key(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    const typing = target instanceof HTMLInputElement && (target.type === 'text' || target.type === 'search');
    const meta = event.ctrlKey || event.metaKey;
    const letter = event.key.toLowerCase();
    if (meta && letter === 'z' && !typing) {
      event.preventDefault();
      if (event.shiftKey) this.model.redo();
      else this.model.undo();
    } else if (meta && letter === 'y' && !typing) {
      event.preventDefault();
      this.model.redo();
    } else if (event.key === '?' && !typing && !(target instanceof HTMLSelectElement)) {
      this.querySelector<HTMLDialogElement>('dialog.help')?.showModal();
    }
  }

  // Looks

  private about(): string {
    const parts = [...this.client.slots.values()].map((s) => {
      const rows = s.report.used ?? s.rows;
      return `${s.name}${rows ? ` · ${rows} rows` : ''}`;
    });
    return this.view === 'figure' ? parts.join(', ') : '';
  }

  /** What the figure looks at; a choice when several files came with the page. */
  private given(): TemplateResult {
    const slot = this.client.spec?.slots[0]?.name;
    const files = (this.config.files ?? []).filter((f) => f.slot === slot);
    if (this.view !== 'figure' || files.length < 2) return html`<span class="about">${this.about()}</span>`;
    const now = this.client.slots.get(slot!);
    const change = (e: Event): void => {
      const file = files.find((f) => f.name === (e.currentTarget as HTMLSelectElement).value);
      if (!file) return;
      this.client.data(file.slot, file.name, new TextEncoder().encode(file.csv));
      this.model.watch();
    };
    return html`<label class="about"><span class="hidden">file</span><select data-files @change=${change}>
      ${files.some((f) => f.name === now?.name) ? nothing : html`<option selected>${now?.name ?? ''}</option>`}
      ${files.map((f) => html`<option ?selected=${f.name === now?.name}>${f.name}</option>`)}</select></label>`;
  }

  private menu(): TemplateResult {
    const wasm = document.querySelector(`script[data-module="${moduleOf(this.client.figure)}"]`) !== null;
    const figure = (kind: 'svg' | 'png') => (): void => void this.figureElement()?.save(kind, null);
    const close = (e: Event): void => (e.currentTarget as HTMLElement).closest('details')?.removeAttribute('open');
    return html`<details class="menu" @focusout=${(e: FocusEvent) => {
        const menu = e.currentTarget as HTMLElement;
        if (e.relatedTarget && !menu.contains(e.relatedTarget as Node)) menu.removeAttribute('open');
      }}><summary>Export</summary><div class="items" @click=${close}>
      <button type="button" data-export="html" ?disabled=${!wasm} @click=${() => this.saveHtml()}>HTML, still live</button>
      ${wasm ? nothing : html`<p class="reason">this page carries no engine to export</p>`}
      <button type="button" data-export="svg" @click=${figure('svg')}>SVG</button>
      <button type="button" data-export="png" @click=${figure('png')}>PNG</button></div></details>`;
  }

  private header(): TemplateResult {
    const { history: past } = this.model;
    const onFigure = this.view === 'figure' && this.client.spec !== null;
    const shelf = onFigure ? this.client.spec!.figure.shelf : this.shelf;
    const takes = !onFigure || this.client.spec!.slots.length > 0;
    return html`<header><a class="brand" href="#">Orrery</a>
      ${this.config.single ? html`<span class="sp"></span>` : html`<nav aria-label="shelves">${kShelves.map((s) => html`<a href=${`#${s.id}`} aria-current=${s.id === shelf ? 'page' : nothing}>${s.name}</a>`)}</nav><span class="sp"></span>`}
      ${this.given()}
      <div class="buttons"><button type="button" data-open ?disabled=${!takes} title=${takes ? 'a light curve, or a picture or page saved here' : 'this figure makes its own data'} @click=${() => this.pick('')}>Open…</button>
        ${onFigure ? html`<button type="button" data-undo ?disabled=${!past.canUndo} title="Ctrl-Z" @click=${() => this.model.undo()}>Undo</button>
          <button type="button" data-redo ?disabled=${!past.canRedo} title="Ctrl-Shift-Z" @click=${() => this.model.redo()}>Redo</button>${this.menu()}
          <button type="button" data-share @click=${() => this.share()}>Share</button>` : nothing}
        <button type="button" aria-label="help" title="keys (?)" @click=${() => this.querySelector<HTMLDialogElement>('dialog.help')?.showModal()}>?</button></div>
      <input type="file" id="orrery-file" class="hidden" tabindex="-1" aria-label="file" @change=${(e: Event) => this.picked(e)}></header>`;
  }

  private picked(event: Event): void {
    const input = event.currentTarget as HTMLInputElement;
    const file = input.files?.[0];
    input.value = '';
    if (file) void this.take(file);
  }

  protected override render(): TemplateResult {
    return html`${this.header()}
      <div class="notes" role="status">${this.notice ? html`<p class="notice">${this.notice}</p>` : nothing}${this.note ? html`<p class="notice">${this.note}</p>` : nothing}</div>
      <main>${this.view === 'figure'
        ? html`<orrery-figure .model=${this.model} engine=${this.host.kind || 'none'} .problem=${this.problem} .files=${this.config.files ?? []} .onopenfile=${(slot: string) => this.pick(slot)}></orrery-figure>`
        : html`${this.problem ? html`<p class="fault" role="alert">${this.problem}</p>` : nothing}<orrery-gallery .client=${this.client} shelf=${this.shelf}></orrery-gallery>`}</main>
      ${this.dropping ? html`<div class="drop" aria-hidden="true">Drop a light curve, or a picture or page saved here</div>` : nothing}${helpDialog()}`;
  }
}
