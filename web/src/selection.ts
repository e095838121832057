// Rows selected by brushing, by row space ("link"): the same rows stand out in every panel.

export class Selection {
  readonly rows = new Map<string, ReadonlySet<number>>();
  /** Panel whose brush made it. */
  panel = '';
  version = 0;
  onchange: () => void = () => {};

  get count(): number {
    let most = 0;
    for (const set of this.rows.values()) most = Math.max(most, set.size);
    return most;
  }

  set(panel: string, rows: Map<string, Set<number>>): void {
    if (rows.size === 0 && this.rows.size === 0) return;
    this.rows.clear();
    for (const [link, set] of rows) if (set.size) this.rows.set(link, set);
    this.panel = this.rows.size ? panel : '';
    this.version++;
    this.onchange();
  }

  clear(): void {
    this.set('', new Map());
  }
}
