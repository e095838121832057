import { interpolateCividis, interpolateRdBu, interpolateViridis } from 'd3-scale-chromatic';
import { describe, expect, it } from 'vitest';
import { Selection } from '../src/selection';
import { brushBox, rowsWithin } from '../src/marks/brush';
import { Probes } from '../src/marks/cursor';
import { contourRings, drawMarks } from '../src/marks/draw';
import { richPieces } from '../src/marks/draw_graph';
import { dragged, findHandles, handleAt } from '../src/marks/handles';
import { gutterFor, layoutPanel, plotRect, saneRange } from '../src/marks/layout';
import { colorize, lut, parseColor } from '../src/marks/lut';
import { addShape, kShapes } from '../src/marks/points';
import { readSvgState, SvgSurface } from '../src/marks/surface_svg';
import { kDark, kLight, type Theme } from '../src/marks/theme';
import { drawAxes, drawWords, LabelBoxes } from '../src/marks/words';
import { addPngText, crc32, encodePng, readPngText } from '../src/png';
import { panelTables, tablesCsv } from '../src/table';
import { FrameStore } from '../src/frame';
import { decode } from '../src/protocol';
import type { PanelData, Values } from '../src/types';
import { encodeFrame } from './mock_session';
import { kFigures, lightCurve, plane, type MockFigure } from './mock_figures';
import { Rng } from './random';

const starts = (figure: MockFigure): Values => Object.fromEntries(figure.controls.map((c) => [c.name, c.start]));
const frameOf = (figure: MockFigure, values: Values = starts(figure)): Map<string, PanelData> =>
  new FrameStore().accept(decode(encodeFrame(figure.draw(values, 0), 1, new Map())), figure).panels;

function laid(figure: MockFigure, id: string): { spec: (typeof figure.panels)[0]; data: PanelData; layout: ReturnType<typeof layoutPanel> } {
  const spec = figure.panels.find((p) => p.id === id)!;
  const data = frameOf(figure).get(id)!;
  return { spec, data, layout: layoutPanel(data, { x: null, y: null }, plotRect(spec, data, 500, 260, 46)) };
}

const luminance = (color: string): number => {
  const [r, g, b] = parseColor(color).map((v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a: string, b: string): number => {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
};

describe('colours', () => {
  it('marks reach 3:1 and words 4.5:1 against the panel, in both themes', () => {
    for (const theme of [kLight, kDark] as Theme[]) {
      for (const color of [theme.data, theme.model, theme.accent, ...theme.band]) expect(contrast(color, theme.panel), color).toBeGreaterThanOrEqual(3);
      for (const color of [theme.ink, theme.soft]) for (const on of [theme.panel, theme.background]) expect(contrast(color, on), color).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('image maps: lightness never falls from low to high', () => {
    for (const name of ['viridis', 'cividis', 'cubehelix']) {
      const table = lut(name);
      for (let k = 1; k < 256; k++) {
        const at = (j: number): number => luminance(`rgb(${table[4 * j]}, ${table[4 * j + 1]}, ${table[4 * j + 2]})`);
        expect(at(k), `${name} ${k}`).toBeGreaterThan(at(k - 1) - 0.004); // one step of 8 bits in one channel
      }
    }
    expect([...lut('cubehelix').slice(0, 3)]).toEqual([0, 0, 0]);
    expect([...lut('cubehelix').slice(1020, 1023)]).toEqual([255, 255, 255]);
  });

  it('image maps stay within 3 of 255 of the published tables', () => {
    const published = { viridis: interpolateViridis, cividis: interpolateCividis, diverging: (t: number) => interpolateRdBu(1 - t) };
    for (const [name, color] of Object.entries(published)) {
      const table = lut(name);
      for (let k = 0; k < 256; k++) parseColor(color(k / 255)).forEach((v, c) => expect(Math.abs(v - table[4 * k + c]!), `${name} ${k}`).toBeLessThanOrEqual(3));
    }
  });

  it('colours values: ends, NaN transparent, rows turned, logarithm', () => {
    const colors = { map: 'viridis', low: 0, high: 1, log: false, classes: [] };
    const image = colorize([-5, 1, NaN, 9], 2, 2, colors, false, true);
    const pixel = (k: number): number[] => [...image.slice(4 * k, 4 * k + 4)];
    const table = lut('viridis');
    expect(pixel(2)).toEqual([...table.slice(0, 4)]); // the first row is at the bottom
    expect(pixel(3)).toEqual([...table.slice(1020, 1024)]);
    expect(pixel(0)[3]).toBe(0);
    expect(pixel(1)).toEqual([...table.slice(1020, 1024)]);
    const log = colorize([10], 1, 1, { ...colors, low: 1, high: 100, log: true }, false, false);
    expect([...log.slice(0, 3)]).toEqual([...table.slice(4 * 128, 4 * 128 + 3)]);
  });
});

describe('layout', () => {
  it('the gutter only grows, in steps', () => {
    expect(gutterFor(10, 0)).toBe(38);
    expect(gutterFor(41, 38)).toBe(60);
    expect(gutterFor(10, 60)).toBe(60);
  });

  it('refuses zooms beyond sense', () => {
    expect(saneRange([1, 1], false)).toBeNull();
    expect(saneRange([2457000, 2457000 + 1e-8], false)).toBeNull();
    expect(saneRange([-1, 1], true)).toBeNull();
    expect(saneRange([0, 1], false)).toEqual([0, 1]);
  });

  it('property: labels never overlap each other', () => {
    for (let seed = 0; seed < 100; seed++) {
      const rng = new Rng(seed);
      const boxes = new LabelBoxes({ left: 0, top: 0, width: 300, height: 200 });
      const placed: [number, number, number][] = [];
      for (let k = 0; k < 15; k++) {
        const [left, width] = [rng.range(0, 250), rng.range(10, 80)];
        const y = boxes.place(left, rng.range(0, 190), width, 13);
        if (y === null) continue;
        for (const [l, w, t] of placed) expect(left < l + w && l < left + width && Math.abs(t - y) < 13).toBe(false);
        placed.push([left, width, y]);
      }
      expect(placed.length).toBeGreaterThan(5);
    }
  });
});

describe('marks on a surface', () => {
  it('every mark of the protocol draws to SVG without a number that is not one', async () => {
    for (const figure of kFigures) {
      const panels = frameOf(figure);
      for (const spec of figure.panels) {
        const data = panels.get(spec.id)!;
        const layout = layoutPanel(data, { x: null, y: null }, plotRect(spec, data, 500, 300, 46));
        const surface = new SvgSurface(500, 300);
        drawMarks(surface, spec, data, layout, kLight);
        drawAxes(surface, spec, data, layout, kLight);
        drawWords(surface, spec, data, layout, kLight);
        const svg = await surface.finish({ orrery: 1, figure: figure.figure.id, values: { a: '<&">' } }, 't', '#fff');
        expect(svg).not.toMatch(/NaN|Infinity|undefined/);
        expect(svg.match(/<(path|image)/g)!.length, spec.id).toBeGreaterThan(1);
        expect(readSvgState(svg)).toEqual({ orrery: 1, figure: figure.figure.id, values: { a: '<&">' } });
      }
    }
  });

  it('shapes of bands differ', async () => {
    const drawn = new Set<string>();
    for (let k = 0; k < kShapes; k++) {
      const surface = new SvgSurface(10, 10);
      surface.begin();
      addShape(surface, k, 5, 5, 3);
      surface.fill({ color: '#000' });
      drawn.add(await surface.finish(null, '', '#fff'));
    }
    expect(drawn.size).toBe(kShapes);
  });

  it('a line breaks at NaN and survives the logarithm of zero', async () => {
    const { spec, data, layout } = laid(plane, 'log');
    data.marks[0]!.columns['x'] = Float64Array.from([0.01, 0.1, 1, 10, 100]);
    data.marks[0]!.columns['y'] = Float64Array.from([1, NaN, 1, 0, 1]);
    const surface = new SvgSurface(500, 260);
    drawMarks(surface, { ...spec, marks: [spec.marks[0]!] }, data, layout, kLight);
    const svg = await surface.finish(null, '', '#fff');
    const path = /<path d="([^"]+)"/.exec(svg)![1]!;
    expect(path.match(/M/g)).toHaveLength(2);
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  it('contours: closed rings inside, open where they leave the grid', () => {
    const value = Float64Array.from({ length: 100 }, (_, k) => (k % 10) - 4.5 + 0 * k); // a ramp: one straight line
    const ramp = contourRings(value, 10, 10, [0.01])[0]!;
    expect(ramp.pieces).toHaveLength(1);
    for (const [x] of ramp.pieces[0]!) expect(Math.abs(x - 5.01)).toBeLessThan(0.02);
    const hill = Float64Array.from({ length: 400 }, (_, k) => -Math.hypot((k % 20) - 9.5, Math.floor(k / 20) - 9.5));
    const ring = contourRings(hill, 20, 20, [-5])[0]!.pieces[0]!;
    expect(ring[0]).toEqual(ring.at(-1));
    // linear interpolation on a unit grid: the circle of radius 5 within a tenth of a cell
    for (const [x, y] of ring) expect(Math.abs(Math.hypot(x - 10, y - 10) - 5)).toBeLessThan(0.1);
  });

  it('subscripts', () => {
    expect(richPieces('θ_n')).toEqual([{ text: 'θ', sub: false }, { text: 'n', sub: true }]);
    expect(richPieces('σ_{int}²')).toEqual([{ text: 'σ', sub: false }, { text: 'int', sub: true }, { text: '²', sub: false }]);
  });
});

describe('hands on a panel', () => {
  it('brushing takes the rows inside, in x alone or both', () => {
    const { spec, data, layout } = laid(lightCurve, 'series');
    const { plot } = layout;
    const all = rowsWithin(spec, data, layout, brushBox(layout, true, plot.left, 0, plot.left + plot.width, 5)).get('series')!;
    const half = rowsWithin(spec, data, layout, brushBox(layout, true, plot.left + plot.width / 2, 0, 9999, 5)).get('series')!;
    const xs = data.marks[0]!.columns['x']!;
    expect(all.size).toBe(171);
    expect(half.size).toBe([...xs].filter((x) => x >= layout.x.value(plot.left + plot.width / 2)).length);
    expect(rowsWithin(spec, data, layout, brushBox(layout, false, 0, 0, 1, 1)).get('series')!.size).toBe(0);
    const selection = new Selection();
    selection.set('series', new Map([['series', half]]));
    expect(selection.count).toBe(half.size);
    selection.clear();
    expect(selection.panel).toBe('');
  });

  it('a handle is found by its dot and its line, and sets its control within limits', () => {
    const { spec, data, layout } = laid(lightCurve, 'power');
    const handles = findHandles(spec, data, layout, null);
    const [handle] = handles;
    expect(handle!.px).toBeCloseTo(layout.x.px(0.641754), 9);
    expect(handleAt(handles, handle!.px + 3, layout.plot.top + 100, 9)).toBe(handle);
    expect(handleAt(handles, handle!.px + 40, layout.plot.top + 100, 9)).toBeNull();
    const control = (name: string): (typeof lightCurve.controls)[0] | undefined => lightCurve.controls.find((c) => c.name === name);
    const to = dragged(handle!, layout.x.px(0.4), 0, layout, control);
    expect(Math.abs((to.values['period'] as number) / 0.4 - 1)).toBeLessThan(0.01);
    expect(dragged(handle!, 1e5, 0, layout, control).values['period']).toBe(1.2);
    const image = laid(plane, 'image');
    const [centre] = findHandles(image.spec, image.data, image.layout, null);
    const moved = dragged(centre!, image.layout.x.px(-1), image.layout.y.px(2), image.layout, (name) => plane.controls.find((c) => c.name === name));
    expect((moved.values['centre'] as number[])[0]).toBeCloseTo(-1, 1);
    expect((moved.values['centre'] as number[])[1]).toBeCloseTo(2, 1);
  });

  it('the cursor finds the nearest point, reads it in full digits, and walks in order of x', () => {
    const { spec, data, layout } = laid(lightCurve, 'series');
    const probes = new Probes(spec, data, layout);
    const [xs, ys] = [data.marks[0]!.columns['x']!, data.marks[0]!.columns['y']!];
    for (let k = 0; k < 40; k++) {
      const found = probes.nearest(layout.x.px(xs[k]!), layout.y.px(ys[k]!))!;
      expect(found.px).toBeCloseTo(layout.x.px(xs[k]!), 6);
    }
    let datum = probes.walk(null, 'Home', 1)!;
    let last = -Infinity;
    for (let k = 0; k < 30; k++) {
      expect(xs[datum.k]!).toBeGreaterThanOrEqual(last);
      last = xs[datum.k]!;
      datum = probes.walk(datum, 'ArrowRight', 1)!;
    }
    expect(probes.read(datum, true)).toMatch(/time 2.45\d.\d{3}.* d, brightness 1[78]\.\d+ ± 0\.0\d+ mag, [griz], row \d+/);
    expect(probes.nearest(-50, -50)).toBeNull();
  });

  it('the cursor in an image moves by pixels', () => {
    const { spec, data, layout } = laid(plane, 'image');
    const probes = new Probes(spec, data, layout);
    const middle = probes.walk(null, 'ArrowRight', 1)!;
    const right = probes.walk(middle, 'ArrowRight', 1)!;
    expect(right.k).toBe(middle.k + 1);
    expect(probes.walk(middle, 'ArrowUp', 1)!.k).toBe(middle.k + 96);
    expect(probes.read(middle, true)).toMatch(/density 0\.\d+/);
  });
});

describe('files', () => {
  it('PNG: known check value, and the text inside comes back', async () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926); // the check value of CRC-32
    const rgba = new Uint8ClampedArray(4 * 6).fill(200);
    const png = addPngText(await encodePng(rgba, 3, 2), '{"figure":"a.b","text":"é😀"}');
    expect(readPngText(png)).toBe('{"figure":"a.b","text":"é😀"}');
    for (let at = 8; at < png.length; ) {
      const view = new DataView(png.buffer);
      const size = view.getUint32(at);
      expect(view.getUint32(at + 8 + size)).toBe(crc32(png.subarray(at + 4, at + 8 + size)));
      at += 12 + size;
    }
    const damaged = png.slice();
    damaged[60]! ^= 1;
    expect(readPngText(damaged)).toBeNull();
    for (let cut = 0; cut < png.length; cut += 7) expect(() => readPngText(png.subarray(0, cut))).not.toThrow();
  });

  it('tables: every number of the panel, CSV that reads back to the last bit', () => {
    const { spec, data } = laid(lightCurve, 'series');
    const [table] = panelTables(spec, data);
    expect(table!.columns).toEqual(['time, day', 'brightness, mag', 'low', 'high', 'band', 'row']);
    const lines = tablesCsv([table!]).split('\n');
    expect(lines[1]).toBe('"time, day","brightness, mag",low,high,band,row');
    const first = lines[2]!.split(',');
    expect(Number(first[0])).toBe(data.marks[0]!.columns['x']![0]);
    expect(first[4]).toBe('g');
    expect(lines).toHaveLength(171 + 2);
    expect(panelTables(plane.panels[0]!, frameOf(plane).get('image')!)[0]!.rows).toBe(96 * 96);
  });
});
