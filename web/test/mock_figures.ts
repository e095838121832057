// Figures of the mock session: invented numbers in every mark and control the protocol knows.
import type { Column } from '../src/protocol';
import type { AxisSpec, ControlSpec, FigureSpec, Grid, MarkSpec, PanelSpec, Value, Values } from '../src/types';

export interface MockMark {
  id: string;
  columns?: Record<string, Column>;
  labels?: string[];
  grid?: Grid;
}

export interface MockFrame {
  panels: { id: string; hint?: string; alt: string; x: { low: number; high: number }; y: { low: number; high: number }; marks: MockMark[] }[];
  numbers: { label: string; value: string; error?: string; unit?: string; note?: string }[];
  warnings?: string[];
  controls?: Record<string, { value?: Value; low?: number; high?: number; choices?: string[]; disabled?: string }>;
  actions?: { control: string; label: string; value: Value; help?: string }[];
  code: { python: string; cpp: string; shell: string };
}

export interface MockFigure extends FigureSpec {
  draw(values: Values, seed: number): MockFrame;
}

export const control = (c: Partial<ControlSpec> & { name: string }): ControlSpec => ({
  label: c.name, unit: '1', kind: 'slider', low: 0, high: 1, start: 0, step: 0, scale: 'linear', choices: [], group: '', help: '', ...c,
});
export const axis = (a: Partial<AxisSpec>): AxisSpec => ({ label: '', unit: '1', scale: 'linear', reversed: false, ticks: true, ...a });
export const mark = (m: Partial<MarkSpec> & { id: string }): MarkSpec => ({ mark: 'points', role: 'data', link: '', label: '', control_x: '', control_y: '', note: '', ...m });
export const panel = (p: Partial<Omit<PanelSpec, 'x' | 'y'>> & { id: string; x: Partial<AxisSpec>; y: Partial<AxisSpec> }): PanelSpec => ({
  title: p.id, hint: '', wide: false, square: false, brush: 'none', brush_control: '', marks: [], ...p, x: axis(p.x), y: axis(p.y),
});

export function randomStream(seed: number): { uniform: () => number; normal: () => number } {
  let state = seed * 2654435761 + 1;
  const uniform = (): number => {
    state = (state * 48271) % 2147483647;
    return (state + 0.5) / 2147483648;
  };
  return { uniform, normal: () => Math.sqrt(-2 * Math.log(uniform() || 0.5)) * Math.cos(2 * Math.PI * uniform()) };
}

const kPeriod = 0.641754;
const shape = (phase: number): number => {
  const p = ((phase % 1) + 1) % 1;
  return p < 0.12 ? 0.93 - (0.93 * p) / 0.12 : 0.93 * ((p - 0.12) / 0.88) ** 0.55;
};

interface Star {
  t: number[];
  y: number[];
  e: number[];
  band: number[];
}

function star(n: number): Star {
  const random = randomStream(7);
  const s: Star = { t: [], y: [], e: [], band: [] };
  for (let k = 0; k < n; k++) {
    const t = 2451000.123 + 3400 * random.uniform();
    const e = 0.02 + 0.03 * random.uniform();
    const band = k % 4;
    s.t.push(t);
    s.y.push(17 + 0.15 * band + shape(t / kPeriod) + e * random.normal());
    s.e.push(e);
    s.band.push(band);
  }
  return s;
}

const f64 = (list: number[]): Float64Array => Float64Array.from(list);

function folded(s: Star, keep: number[], period: number): MockMark {
  const twice = [...keep, ...keep];
  const phase = twice.map((k, j) => ((s.t[k]! / period) % 1) + (j >= keep.length ? 1 : 0));
  return {
    id: 'obs',
    labels: ['g', 'r', 'i', 'z'],
    columns: {
      x: f64(phase), y: f64(twice.map((k) => s.y[k]!)), low: f64(twice.map((k) => s.y[k]! - s.e[k]!)), high: f64(twice.map((k) => s.y[k]! + s.e[k]!)),
      band: Int32Array.from(twice.map((k) => s.band[k]!)), row: Int32Array.from(twice), alpha: Float32Array.from(twice, (_, j) => (j >= keep.length ? 0.45 : 1)),
    },
  };
}

function power(low: number, high: number, period: number): { x: Float64Array; y: Float64Array } {
  const random = randomStream(3);
  const n = 900;
  const x = Float64Array.from({ length: n }, (_, k) => low * (high / low) ** (k / (n - 1)));
  const line = (p: number, at: number, width: number): number => Math.exp(-(((p - at) / width) ** 2));
  const y = x.map((p) => Math.min(0.97, 0.08 + 0.05 * Math.abs(random.normal()) + 0.85 * line(p, kPeriod, 0.0022) + 0.5 * line(p, 0.39, 0.0016) + 0.35 * line(p, kPeriod / 2, 0.0012) + 0 * period));
  return { x, y };
}

export const lightCurve: MockFigure = {
  figure: {
    id: 'bench.light_curve', title: 'Light curve', question: 'What is its period, and what else could it be?', shelf: 'bench', source: 'invented for tests',
    explain: '<p>The power at a frequency is the part of the variance that a sinusoid removes: <math><mi>P</mi><mo>=</mo><mn>1</mn><mo>−</mo><mfrac><msup><mi>χ</mi><mn>2</mn></msup><msubsup><mi>χ</mi><mn>0</mn><mn>2</mn></msubsup></mfrac></math>.</p>',
  },
  controls: [
    control({ name: 'period', unit: 'day', low: 0.2, high: 1.2, start: null, scale: 'log', group: 'Period', help: 'the period that the fold uses' }),
    control({ name: 'search', label: 'search', kind: 'range', unit: 'day', low: 0.1, high: 2, start: [0.2, 1.2], scale: 'log', group: 'Search' }),
    control({ name: 'harmonics', kind: 'integer', low: 1, high: 4, start: 3, step: 1, group: 'Search' }),
    control({ name: 'floating', label: 'floating mean', kind: 'toggle', start: true, group: 'Search' }),
    control({ name: 'band', kind: 'choice', start: 'all', choices: ['all', 'g', 'r', 'i', 'z'], group: 'Bands' }),
    control({ name: 'clip', unit: 'sigma', low: 2, high: 10, start: 5, step: 0.5, group: 'Clean' }),
    control({ name: 'mask', kind: 'rows', start: [], group: 'Clean' }),
  ],
  slots: [{ name: 'series', kind: 'series', label: 'light curve', embedded: 'demo', help: '' }],
  panels: [
    panel({ id: 'series', title: 'Observations', hint: 'drag to select · wheel to zoom', wide: true, brush: 'x', brush_control: 'mask', x: { label: 'time', unit: 'day' }, y: { label: 'brightness', unit: 'mag', reversed: true }, marks: [mark({ id: 'obs', link: 'series' })] }),
    panel({ id: 'power', title: 'Periodogram', x: { label: 'period', unit: 'day', scale: 'log' }, y: { label: 'power' }, marks: [
      mark({ id: 'power', mark: 'line', role: 'accent' }), mark({ id: 'alias', mark: 'text', role: 'mute' }), mark({ id: 'period', mark: 'handle', role: 'model', control_x: 'period' }),
      mark({ id: 'fap', mark: 'rule', role: 'mute', note: 'dashed' })] }),
    panel({ id: 'fold', title: 'Folded', hint: 'two cycles', brush: 'xy', brush_control: 'mask', x: { label: 'phase' }, y: { label: 'brightness', unit: 'mag', reversed: true }, marks: [
      mark({ id: 'band', mark: 'area', role: 'model' }), mark({ id: 'obs', link: 'series' }), mark({ id: 'model', mark: 'line', role: 'model', label: '3 harmonics' })] }),
  ],
  draw(values): MockFrame {
    const s = star(171);
    const masked = values.mask as number[];
    const hidden = (k: number): boolean => masked.some((a, j) => j % 2 === 0 && k >= a && k <= masked[j + 1]!);
    const bandIndex = ['g', 'r', 'i', 'z'].indexOf(values.band as string);
    const keep = s.t.map((_, k) => k).filter((k) => !hidden(k) && (bandIndex < 0 || s.band[k] === bandIndex));
    const period = (values.period as number | null) ?? kPeriod;
    const [low, high] = values.search as [number, number];
    const curve = f64(Array.from({ length: 401 }, (_, k) => k / 200));
    const model = curve.map((p) => 17.2 + shape(p));
    return {
      panels: [
        { id: 'series', alt: `${keep.length} observations`, x: { low: 2450950, high: 2454450 }, y: { low: 16.8, high: 18.6 }, marks: [{ id: 'obs', labels: ['g', 'r', 'i', 'z'], columns: {
          x: f64(keep.map((k) => s.t[k]!)), y: f64(keep.map((k) => s.y[k]!)), low: f64(keep.map((k) => s.y[k]! - s.e[k]!)), high: f64(keep.map((k) => s.y[k]! + s.e[k]!)), band: Int32Array.from(keep.map((k) => s.band[k]!)), row: Int32Array.from(keep) } }] },
        { id: 'power', hint: `${String(values.harmonics)} harmonics · 4 bands`, alt: 'a periodogram with a peak', x: { low, high }, y: { low: 0, high: 1.05 }, marks: [
          { id: 'power', columns: power(low, high, period) }, { id: 'alias', columns: { x: f64([0.39]), y: f64([0.58]) }, labels: ['day alias'] },
          { id: 'period', columns: { x: f64([period]) }, labels: [`${period} d`] }, { id: 'fap', columns: { y: f64([0.3]) }, labels: ['1 % false alarm'] }] },
        { id: 'fold', alt: 'the folded light curve', x: { low: 0, high: 2 }, y: { low: 16.8, high: 18.6 }, marks: [
          { id: 'band', columns: { x: curve, low: model.map((v) => v - 0.05), high: model.map((v) => v + 0.05) } }, folded(s, keep, period), { id: 'model', columns: { x: curve, y: model } }] },
      ],
      numbers: [{ label: 'period', value: String(period), error: '0.000003', unit: 'day' }, { label: 'amplitude', value: '0.93', unit: 'mag' }, { label: 'false alarm', value: '2e-23' }, { label: 'χ² / dof', value: '1.31' }, { label: 'used', value: String(keep.length), note: 'of 228, 7 without error' }],
      warnings: ['The alias one sidereal day away, 1.783 d, explains the data almost as well (Δχ² = 9.4). Two more nights at hour angles beyond ±3 h would decide.'],
      controls: { period: { value: period, low, high } },
      actions: [{ control: 'period', label: 'best', value: kPeriod }, { control: 'period', label: '½', value: period / 2 }, { control: 'period', label: '2×', value: period * 2 }, { control: 'period', label: 'next alias', value: 0.39 }],
      code: { python: `import orrery\nstar = orrery.read("star.csv")\nfit = orrery.lomb_scargle(star, min_period=${low}, max_period=${high}, harmonics=${String(values.harmonics)})\nfit.best()          # ${period} ± 0.000003 d`, cpp: '// C++', shell: 'orrery periodogram star.csv' },
    };
  },
};

export const plane: MockFigure = {
  figure: { id: 'book.plane', title: 'Planes and histograms', question: 'Do all the other marks look right?', shelf: 'book', source: 'invented for tests', explain: '<p>Image, contour, bars, graph, handles.</p>' },
  controls: [
    control({ name: 'centre', kind: 'point', low: -3, high: 3, start: [0.5, -0.4], group: 'Handles' }),
    control({ name: 'cut', low: -3, high: 3, start: 1, group: 'Handles' }),
    control({ name: 'map', label: 'colours', kind: 'choice', start: 'viridis', choices: ['viridis', 'cividis', 'cubehelix', 'diverging'], group: 'Looks' }),
    control({ name: 'kind', kind: 'choice', start: 'one', choices: ['one', 'two', 'three', 'four', 'five', 'six', 'seven'], group: 'Looks' }),
    control({ name: 'stuck', start: 0.3, group: 'Looks' }),
  ],
  slots: [],
  panels: [
    panel({ id: 'image', title: 'Density', square: true, x: { label: 'colour', unit: 'mag' }, y: { label: 'brightness', unit: 'mag', reversed: true }, marks: [mark({ id: 'image', mark: 'image' }), mark({ id: 'levels', mark: 'contour', role: 'model' }), mark({ id: 'centre', mark: 'handle', role: 'warn', control_x: 'centre', label: 'centre' })] }),
    panel({ id: 'graph', title: 'Model', square: true, x: { ticks: false }, y: { ticks: false }, marks: [mark({ id: 'graph', mark: 'graph' })] }),
    panel({ id: 'bars', title: 'Histogram', x: { label: 'velocity', unit: 'km/s' }, y: { label: 'count' }, marks: [mark({ id: 'bars', mark: 'bars' }), mark({ id: 'cut', mark: 'handle', role: 'model', control_x: 'cut' })] }),
    panel({ id: 'log', title: 'Power laws', x: { label: 'frequency', unit: '1/day', scale: 'log' }, y: { label: 'power', scale: 'log' }, marks: [mark({ id: 'a', mark: 'line', role: 'accent', label: 'pink' }), mark({ id: 'b', mark: 'line', role: 'model', label: 'red', note: 'dashed' })] }),
    panel({ id: 'classes', title: 'Classes', x: { label: 'x' }, y: { label: 'y' }, brush: 'xy', marks: [mark({ id: 'regions', mark: 'image' }), mark({ id: 'points', role: 'band' })] }),
  ],
  draw(values): MockFrame {
    const n = 96;
    const [cx, cy] = values.centre as [number, number];
    const value = new Float32Array(n * n);
    for (let r = 0; r < n; r++) for (let c = 0; c < n; c++) {
      const [x, y] = [-3 + (6 * (c + 0.5)) / n, -3 + (6 * (r + 0.5)) / n];
      value[r * n + c] = x * x + y * y > 8.6 ? NaN : Math.exp(-((x - cx) ** 2) - (y - cy) ** 2) + 0.5 * Math.exp(-((x + 1.2) ** 2) / 0.4 - (y - 1) ** 2);
    }
    const grid: Grid = { rows: n, cols: n, x0: -3, x1: 3, y0: -3, y1: 3, low: 0, high: 1, scale: 'linear', map: values.map as string, label: 'density' };
    const edge = Float64Array.from({ length: 25 }, (_, k) => -3 + k / 4);
    const height = Float64Array.from({ length: 24 }, (_, k) => Math.round(400 * Math.exp(-((-2.9 + k / 4) ** 2) / 2)));
    const f = Float64Array.from({ length: 200 }, (_, k) => 10 ** (-2 + (4 * k) / 199));
    const random = randomStream(11);
    const pts = Array.from({ length: 90 }, (_, k) => [random.normal() + (k % 3), random.normal() + (k % 2)] as const);
    const regions = Float32Array.from({ length: 400 }, (_, k) => (k % 20 > 10 ? 1 : 0) + (k > 250 ? 1 : 0));
    return {
      panels: [
        { id: 'image', alt: 'an image', x: { low: -3, high: 3 }, y: { low: -3, high: 3 }, marks: [{ id: 'image', columns: { value }, grid }, { id: 'levels', columns: { value }, grid: { ...grid, label: '', levels: [0.2, 0.5, 0.8] } }, { id: 'centre', columns: { x: f64([cx]), y: f64([cy]) } }] },
        { id: 'graph', alt: 'a graph', x: { low: 0, high: 1 }, y: { low: 0, high: 1 }, marks: [{ id: 'graph', columns: { x: f64([0.2, 0.8, 0.5, 0.5, 0.15]), y: f64([0.1, 0.1, 0.45, 0.8, 0.8]), kind: Uint8Array.from([0, 0, 0, 1, 2]), from: Int32Array.from([0, 1, 2, 4]), to: Int32Array.from([2, 2, 3, 3]) }, labels: ['μ', 'τ', 'θ_n', 'y_n', 'σ_n'], grid: { plates: [{ label: 'n = 1 … N', x0: 0, y0: 0.32, x1: 0.75, y1: 1 }] } }] },
        { id: 'bars', alt: 'a histogram', x: { low: -3.2, high: 3.2 }, y: { low: 0, high: 440 }, marks: [{ id: 'bars', columns: { edge, height } }, { id: 'cut', columns: { x: f64([values.cut as number]) }, labels: [`${(values.cut as number).toFixed(2)} km/s`] }] },
        { id: 'log', alt: 'two power laws', x: { low: 0.01, high: 100 }, y: { low: 1e-6, high: 1e4 }, marks: [{ id: 'a', columns: { x: f, y: f.map((v) => 10 / v) } }, { id: 'b', columns: { x: f, y: f.map((v) => 0.1 / v ** 2) } }] },
        { id: 'classes', alt: 'points in classes', x: { low: -3, high: 5 }, y: { low: -3, high: 4 }, marks: [{ id: 'regions', columns: { value: regions }, grid: { rows: 20, cols: 20, x0: -3, x1: 5, y0: -3, y1: 4, map: 'classes' } }, { id: 'points', labels: ['dwarf', 'giant', 'other'], columns: { x: f64(pts.map((p) => p[0])), y: f64(pts.map((p) => p[1])), band: Int32Array.from(pts, (_, k) => k % 3) } }] },
      ],
      numbers: [{ label: 'width', value: '-1234567.5', error: '12', unit: 'km/s' }],
      controls: { stuck: { disabled: 'the embedded set has no distances' } },
      code: { python: 'import orrery', cpp: '', shell: '' },
    };
  },
};

export const kFigures = [lightCurve, plane];
