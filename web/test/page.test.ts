import { describe, expect, it } from 'vitest';
import { classify, cannotRead } from '../src/open';
import { configJson, pageHtml, readExport } from '../src/page';
import { addPngText, encodePng } from '../src/png';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('page', () => {
  const parts = { title: 'A < B', css: 'b{}', bundle: 'let a=1', bundleHash: 'abc=', modules: [{ name: 'a', base64: 'AAAA' }], config: '', connect: "'none'" };

  it('keeps to its policy and escapes what is put in', () => {
    const nasty = '</script><script>alert(1)</script><!--';
    const html = pageHtml({ ...parts, config: configJson({ mode: 'wasm', figure: 'a.b', slots: [{ slot: 's', name: nasty, csv: nasty }] }) });
    expect(html).toContain(`content="default-src 'none'; script-src 'sha256-abc=' 'wasm-unsafe-eval'; worker-src blob:; style-src 'unsafe-inline'; img-src data: blob:; connect-src 'none'"`);
    expect(html).toContain('<title>A &lt; B</title>');
    expect(html.match(/<script/g)).toHaveLength(3);
    expect(html).not.toContain('alert(1)</script>');
    expect(readExport(html)).toEqual({ mode: 'wasm', figure: 'a.b', slots: [{ slot: 's', name: nasty, csv: nasty }] });
  });

  it('the placeholders that the server replaces stand exactly once', () => {
    const html = pageHtml({ ...parts, config: '@ORRERY_CONFIG@', connect: '@ORRERY_CONNECT@' });
    expect(html.split('@ORRERY_CONFIG@')).toHaveLength(2);
    expect(html.split('@ORRERY_CONNECT@')).toHaveLength(2);
  });
});

describe('files given to the page', () => {
  it('pictures and pages reopen their state, data is data', async () => {
    const state = { orrery: 1, figure: 'bench.light_curve', values: { period: 0.64 }, sets: { series: 'm' }, data: { series: 'star.csv' } };
    const png = addPngText(await encodePng(new Uint8ClampedArray(4), 1, 1), JSON.stringify(state));
    expect(classify('a.png', png)).toEqual({ kind: 'state', figure: 'bench.light_curve', values: { period: 0.64 }, sets: { series: 'm' }, slots: [], missing: ['star.csv'] });
    const svg = `<svg xmlns="http://www.w3.org/2000/svg"><metadata id="orrery">${JSON.stringify(state).replace(/"/g, '&quot;')}</metadata></svg>`;
    expect(classify('a.svg', bytes(svg))).toMatchObject({ kind: 'state', values: { period: 0.64 } });
    const html = pageHtml({ title: '', css: '', bundle: '', bundleHash: '', modules: [], connect: '', config: configJson({ mode: 'wasm', figure: 'a.b', values: { x: 1 }, slots: [{ slot: 's', name: 'n.csv', csv: 't,y\n' }] }) });
    expect(classify('a.html', bytes(html))).toEqual({ kind: 'state', figure: 'a.b', values: { x: 1 }, sets: {}, slots: [{ slot: 's', name: 'n.csv', csv: bytes('t,y\n') }], missing: [] });
    expect(classify('star.csv', bytes('t,mag\n'))).toMatchObject({ kind: 'data', name: 'star.csv' });
  });

  it('refuses with the name of the file and what was expected', async () => {
    expect(classify('e.csv', new Uint8Array())).toEqual({ kind: 'refused', words: 'e.csv: the file is empty' });
    expect(classify('x.png', await encodePng(new Uint8ClampedArray(4), 1, 1))).toMatchObject({ kind: 'refused', words: expect.stringContaining('x.png: expected a picture that this page saved') });
    expect(classify('x.html', bytes('<!doctype html><p>'))).toMatchObject({ kind: 'refused', words: expect.stringContaining('x.html') });
    expect(classify('x.svg', bytes('<svg><metadata id="orrery">{broken</metadata></svg>'))).toMatchObject({ kind: 'refused' });
    const fits = bytes('SIMPLE  =                    T');
    expect(cannotRead(fits, 'k.fits', 'wasm')).toMatch(/k\.fits: FITS tables are read by the installed program/);
    expect(cannotRead(fits, 'k.fits', 'server')).toBe('');
  });
});
