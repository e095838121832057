// The gallery: four shelves of figures, each a card with its question and a small picture that the engine draws when it has time.
import { html, LitElement, type TemplateResult } from 'lit';
import type { FigureClient } from './client';
import { drawMarks } from './marks/draw';
import { layoutPanel, plotRect } from './marks/layout';
import { CanvasSurface } from './marks/surface_canvas';
import { currentTheme, paletteOf, watchTheme } from './marks/theme';
import type { FigureInfo, FigureSpec, Frame, ShelfId } from './types';

export const kShelves: { id: ShelfId; name: string; about: string }[] = [
  { id: 'bench', name: 'Bench', about: 'Work on your own data.' },
  { id: 'lectures', name: 'Lectures', about: 'What a figure on the blackboard would do if it could move.' },
  { id: 'book', name: 'Book', about: 'Figures of a textbook, live.' },
  { id: 'hacks', name: 'Hacks', about: 'What a hack week built.' },
];

interface Thumbnail {
  spec: FigureSpec;
  frame: Frame;
}

const kPatience = 4000; // a figure slower than this gets the picture of its coarse answer, if it has one

export class GalleryElement extends LitElement {
  static override properties = { client: { attribute: false }, shelf: {} };
  declare client: FigureClient;
  declare shelf: ShelfId;
  private thumbnails = new Map<string, Thumbnail>();
  private visible = new Set<string>();
  private current = '';
  private done = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private seen = new IntersectionObserver((entries) => this.look(entries), { rootMargin: '200px' });
  private watched = new Set<Element>();
  private unwatch = (): void => {};

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.unwatch = watchTheme(() => this.paintAll());
    this.client.onchange = () => {
      if (this.client.fault && this.current) this.finish();
      this.requestUpdate();
    };
    this.client.ondraw = (frame) => this.keep(frame);
    this.client.onspec = () => this.client.view(this.smallViews(), paletteOf(currentTheme()));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unwatch();
    clearTimeout(this.timer);
    this.seen.disconnect();
    this.watched.clear();
    this.client.onchange = this.client.onspec = this.client.ondraw = () => {};
  }

  private figures(): FigureInfo[] {
    return this.client.figures.filter((f) => f.shelf !== 'hidden' && (!this.shelf || f.shelf === this.shelf));
  }

  private smallViews(): Record<string, { width: number; height: number; ratio: number; x: null; y: null }> {
    const views: ReturnType<GalleryElement['smallViews']> = {};
    for (const panel of this.client.spec?.panels ?? []) views[panel.id] = { width: 288, height: 150, ratio: window.devicePixelRatio || 1, x: null, y: null };
    return views;
  }

  private look(entries: IntersectionObserverEntry[]): void {
    for (const entry of entries) {
      const id = (entry.target as HTMLElement).dataset.figure!;
      if (entry.isIntersecting) this.visible.add(id);
      else this.visible.delete(id);
    }
    this.next();
  }

  /** One after another, only what can be seen, when nothing else is going on. */
  private next(): void {
    if (this.current || !this.isConnected) return;
    const figure = this.figures().find((f) => this.visible.has(f.id) && !this.done.has(f.id));
    if (!figure) {
      this.dataset.ready = '';
      return;
    }
    delete this.dataset.ready;
    this.current = figure.id;
    const idle = window.requestIdleCallback ?? ((call: () => void) => setTimeout(call, 30));
    idle(() => {
      if (!this.isConnected) return;
      this.client.open(figure.id, {});
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.finish(), kPatience);
    });
  }

  private keep(frame: Frame): void {
    const { spec } = this.client;
    if (!spec || spec.figure.id !== this.current) return;
    this.thumbnails.set(this.current, { spec, frame });
    this.paint(this.current);
    if (frame.final) this.finish();
  }

  private finish(): void {
    clearTimeout(this.timer);
    if (this.current) this.done.add(this.current);
    this.current = '';
    this.next();
  }

  private paintAll(): void {
    for (const id of this.thumbnails.keys()) this.paint(id);
  }

  private paint(id: string): void {
    const canvas = this.querySelector<HTMLCanvasElement>(`[data-figure="${CSS.escape(id)}"] canvas`);
    const thumbnail = this.thumbnails.get(id);
    const spec = thumbnail?.spec.panels[0];
    const data = spec && thumbnail?.frame.panels.get(spec.id);
    const context = canvas?.getContext('2d');
    if (!canvas || !context || !spec || !data) return;
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const plot = plotRect(spec, data, width, height, 0, true);
    drawMarks(new CanvasSurface(context), spec, data, layoutPanel(data, { x: null, y: null }, plot), currentTheme(), { thumbnail: true });
  }

  protected override updated(): void {
    for (const card of this.querySelectorAll('[data-figure]')) {
      if (this.watched.has(card)) continue;
      this.watched.add(card);
      this.seen.observe(card);
    }
    this.paintAll();
  }

  private card(figure: FigureInfo): TemplateResult {
    return html`<li><a class="card" href=${`#${figure.id}`} data-figure=${figure.id}>
      <canvas aria-hidden="true"></canvas><span class="title">${figure.title}</span><span class="q">${figure.question}</span></a></li>`;
  }

  protected override render(): TemplateResult {
    if (this.client.figures.length === 0) return html`<p class="wait">The engine is starting.</p>`;
    const shelves = kShelves.filter((shelf) => !this.shelf || shelf.id === this.shelf);
    return html`<div class="gallery"><h1>${this.shelf ? kShelves.find((s) => s.id === this.shelf)?.name : 'Gallery'}</h1>
      <p class="q">Every figure computes itself again when you move something.</p>
      ${shelves.map((shelf) => {
        const figures = this.figures().filter((f) => f.shelf === shelf.id);
        return figures.length === 0 && !this.shelf ? '' : html`<section aria-labelledby=${`shelf-${shelf.id}`}><h2 id=${`shelf-${shelf.id}`}>${shelf.name} <span class="soft">${shelf.about}</span></h2>
          ${figures.length ? html`<ul class="cards">${figures.map((f) => this.card(f))}</ul>` : html`<p class="soft">Nothing here yet.</p>`}</section>`;
      })}</div>`;
  }
}

customElements.define('orrery-gallery', GalleryElement);
