import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPngText } from '../src/png';
import { axeSource, settled, startBench, values, type Bench } from './browser';
import type {} from '../src/main_types';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.browser.close());

const plot = (panel: string): string => `[data-panel=${panel}] .plot`;

async function drag(page: Page, panel: string, from: [number, number], to: [number, number]): Promise<void> {
  const box = (await page.locator(plot(panel)).boundingBox())!;
  await page.mouse.move(box.x + from[0] * box.width, box.y + from[1] * box.height);
  await page.mouse.down();
  for (let k = 1; k <= 5; k++) await page.mouse.move(box.x + (from[0] + ((to[0] - from[0]) * k) / 5) * box.width, box.y + (from[1] + ((to[1] - from[1]) * k) / 5) * box.height);
  await page.mouse.up();
}

async function saved(page: Page, press: () => Promise<unknown>): Promise<{ name: string; path: string; bytes: Uint8Array }> {
  const [file] = await Promise.all([page.waitForEvent('download'), press()]);
  const path = join(bench.folder, file.suggestedFilename());
  await file.saveAs(path);
  return { name: file.suggestedFilename(), path, bytes: new Uint8Array(readFileSync(path)) };
}

describe('access', () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const hash of ['', '#bench.light_curve', '#book.plane']) {
      it(`axe finds nothing: ${hash || 'gallery'}, ${colorScheme}`, async () => {
        const { page, problems } = await bench.open(hash, { colorScheme });
        await page.evaluate(axeSource);
        for (const tab of hash ? ['explain', 'code', 'data'] : ['']) {
          if (tab) await page.click(`[data-tab=${tab}]`);
          const found = await page.evaluate(async () => {
            const axe = (window as unknown as { axe: { run: (o: unknown) => Promise<{ violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[] }> } }).axe;
            const result = await axe.run({ resultTypes: ['violations'] });
            return result.violations.map((v) => `${v.impact} ${v.id}: ${v.nodes.map((n) => `${n.html} ${n.failureSummary}`).join('\n')}`);
          });
          expect(found).toEqual([]);
        }
        expect(problems).toEqual([]);
        await page.context().close();
      });
    }
  }

  it('320 px wide: one column, nothing to scroll sideways; thumbs get 44 px', async () => {
    const { page } = await bench.open('#bench.light_curve', { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    const small = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('button, select, summary, input[type=range], .segments label, .check, .handle, nav a')]
        .filter((e) => e.checkVisibility({ checkOpacity: false }) && !e.closest('dialog') && e.getBoundingClientRect().height < 43.5)
        .map((e) => e.outerHTML.slice(0, 80)),
    );
    expect(small).toEqual([]);
    await page.context().close();
  });

  it('forced colours and reduced motion: everything is still there', async () => {
    const { page, problems } = await bench.open('#bench.light_curve', { forcedColors: 'active', reducedMotion: 'reduce', colorScheme: 'dark' });
    const inked = await page.evaluate(() => [...document.querySelectorAll('.plot canvas')].map((e) => {
      const c = e as HTMLCanvasElement;
      return new Uint32Array(c.getContext('2d')!.getImageData(0, 0, c.width, c.height).data.buffer).filter((w) => w !== 0).length;
    }));
    for (const count of inked) expect(count).toBeGreaterThan(300);
    expect(await page.evaluate(() => getComputedStyle(document.querySelector('.tools')!).transitionDuration)).toBe('0s');
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('every control and panel is reached by Tab', async () => {
    const { page } = await bench.open('#bench.light_curve');
    const seen = new Set<string>();
    await page.locator('.brand').focus();
    for (let k = 0; k < 70; k++) {
      await page.keyboard.press('Tab');
      seen.add(await page.evaluate(() => {
        const e = document.activeElement as HTMLElement;
        return e.closest<HTMLElement>('[data-control]')?.dataset['control'] ?? e.dataset['handle'] ?? e.closest<HTMLElement>('[data-panel]')?.dataset['panel'] ?? e.id ?? '';
      }));
    }
    for (const name of ['series', 'power', 'fold', 'period', 'search', 'harmonics', 'floating', 'band', 'clip', 'tab-explain']) expect(seen, name).toContain(name);
    await page.context().close();
  });
});

describe('controls', () => {
  it('slider, number field, undo and the hash go together', async () => {
    const { page, problems } = await bench.open('#bench.light_curve?harmonics=2');
    expect((await values(page))['harmonics']).toBe(2);
    const slider = page.locator('[data-control=clip] input[type=range]');
    await slider.focus();
    await page.keyboard.press('PageUp');
    await settled(page);
    expect((await values(page))['clip']).toBe(10);
    await page.keyboard.press('ArrowLeft');
    expect((await values(page))['clip']).toBe(9.5);
    const field = page.locator('[data-control=period] .number input');
    await field.fill('0,3e0 x');
    await page.keyboard.press('Enter');
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    await field.fill('0.39');
    await page.keyboard.press('Enter');
    await settled(page);
    await expect.poll(() => page.evaluate(() => location.hash)).toBe('#bench.light_curve?period=0.39&harmonics=2&clip=9.5');
    const period = Number(await page.locator('[data-control=period] input[type=range]').inputValue());
    expect(10 ** period).toBeCloseTo(0.39, 3);
    await page.locator('h1').click();
    await page.keyboard.press('Control+z');
    await settled(page);
    expect((await values(page))['period']).toBeNull();
    await page.keyboard.press('Control+Shift+z');
    expect((await values(page))['period']).toBe(0.39);
    await page.click('[data-control=period] button:has-text("2×")');
    expect((await values(page))['period']).toBe(0.78);
    await page.click('[data-control=period] button.auto');
    await settled(page);
    expect(await field.inputValue()).toBe('0.641754');
    await page.check('[data-control=band] input[value=r]', { force: true });
    expect((await values(page))['band']).toBe('r');
    await page.uncheck('[data-control=floating] input');
    expect((await values(page))['floating']).toBe(false);
    const low = page.locator('[data-control=search] input[type=range]').first();
    await low.focus();
    await page.keyboard.press('PageUp');
    const [from, to] = (await values(page))['search'] as [number, number];
    expect(from).toBeGreaterThan(0.2);
    expect(to).toBe(1.2);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('a disabled control says why and does not move', async () => {
    const { page } = await bench.open('#book.plane');
    expect(await page.textContent('[data-control=stuck] .reason')).toBe('the embedded set has no distances');
    expect(await page.locator('[data-control=stuck] input[type=range]').isDisabled()).toBe(true);
    await page.context().close();
  });

  it('many slider events: few messages, and the last state is the one shown', async () => {
    const { page } = await bench.open('#bench.light_curve');
    const before = await page.evaluate(() => window.orrery!.app()!.client.lastSent);
    await page.evaluate(async () => {
      const input = document.querySelector<HTMLInputElement>('[data-control=period] input[type=range]')!;
      for (let k = 0; k <= 200; k++) {
        input.value = String(Math.log10(0.3) + (k / 200) * Math.log10(2));
        input.dispatchEvent(new Event('input', { bubbles: true }));
        if (k % 20 === 0) await new Promise((done) => requestAnimationFrame(done));
      }
    });
    await settled(page);
    expect((await values(page))['period']).toBe(0.6);
    expect((await page.evaluate(() => window.orrery!.app()!.client.lastSent)) - before).toBeLessThan(25); // 11 frames
    expect(await page.textContent('.answer strong')).toBe('0.6');
    await page.context().close();
  });
});

describe('hands on the panels', () => {
  it('a handle drags its control, and the slider follows', async () => {
    const { page, problems } = await bench.open('#bench.light_curve');
    const box = (await page.locator('[data-handle=period]').boundingBox())!;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x - 60, y, { steps: 4 });
    await page.mouse.up();
    await settled(page);
    const period = (await values(page))['period'] as number;
    expect(period).toBeGreaterThan(0.3);
    expect(period).toBeLessThan(0.6);
    expect(10 ** Number(await page.locator('[data-control=period] input[type=range]').inputValue())).toBeCloseTo(period, 4);
    const after = (await page.locator('[data-handle=period]').boundingBox())!;
    expect(Math.abs(after.x - (box.x - 60))).toBeLessThan(1.5);
    await page.locator('[data-handle=period]').focus();
    await page.keyboard.press('ArrowRight');
    expect((await values(page))['period'] as number).toBeGreaterThan(period);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('a point handle drags both coordinates', async () => {
    const { page } = await bench.open('#book.plane');
    const box = (await page.locator('[data-handle=centre]').boundingBox())!;
    await page.mouse.move(box.x + 22, box.y + 22);
    await page.mouse.down();
    await page.mouse.move(box.x + 62, box.y - 18, { steps: 3 });
    await page.mouse.up();
    await settled(page);
    const [x, y] = (await values(page))['centre'] as [number, number];
    expect(x).toBeGreaterThan(0.5);
    expect(y).toBeLessThan(-0.4); // upwards is brighter
    expect(Number(await page.locator('[data-control=centre] .number input').first().inputValue())).toBeCloseTo(x, 9);
    await page.context().close();
  });

  it('brush, mask, clear the mask', async () => {
    const { page } = await bench.open('#bench.light_curve');
    await drag(page, 'series', [0.3, 0.2], [0.6, 0.8]);
    const words = (await page.textContent('[data-panel=series] .picked span'))!;
    const count = Number(/(\d+) selected/.exec(words)![1]);
    expect(count).toBeGreaterThan(20);
    await page.click('[data-panel=series] [data-mask]');
    await settled(page);
    expect(await page.textContent('[data-control=mask] .rows b')).toBe(String(count));
    expect(await page.locator('[data-panel=series] .picked').count()).toBe(0);
    await page.click('[data-control=mask] button');
    expect((await values(page))['mask']).toEqual([]);
    await page.context().close();
  });

  it('wheel, keys and double click zoom; the view goes to the engine', async () => {
    const { page } = await bench.open('#bench.light_curve');
    const range = (): Promise<unknown> => page.evaluate(() => (window.orrery!.app()!.client as unknown as { views: Record<string, { x: unknown }> }).views['power']!.x);
    const box = (await page.locator(plot('power')).boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.wheel(0, -300);
    await expect.poll(range).not.toBeNull();
    await settled(page);
    await page.mouse.dblclick(box.x + box.width / 3, box.y + box.height / 2);
    await expect.poll(range).toBeNull();
    await page.locator(plot('power')).focus();
    await page.keyboard.press('+');
    await expect.poll(range).not.toBeNull();
    await page.keyboard.press('0');
    await expect.poll(range).toBeNull();
    await page.context().close();
  });

  it('the keyboard cursor reads the data; T shows the table', async () => {
    const { page } = await bench.open('#bench.light_curve');
    await page.locator(plot('fold')).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => page.textContent('.live')).toMatch(/phase 0\.0\d+, brightness 1[78]\.\d+ ± 0\.0\d+ mag, [griz], row \d+/);
    await page.keyboard.press('t');
    expect(await page.locator('[data-panel=fold] tbody tr').count()).toBeGreaterThan(100);
    const csv = await saved(page, () => page.click('[data-panel=fold] .below button'));
    expect(new TextDecoder().decode(csv.bytes)).toContain('phase,"brightness, mag"');
    await page.keyboard.press('?');
    expect(await page.locator('dialog.help').isVisible()).toBe(true);
    await page.context().close();
  });
});

describe('files', () => {
  const give = async (page: Page, name: string, content: Uint8Array | string): Promise<void> =>
    page.setInputFiles('#orrery-file', { name, mimeType: 'text/plain', buffer: Buffer.from(content) });

  it('a bad file is one line and the picture stays; a good one is shown', async () => {
    const { page } = await bench.open('#bench.light_curve');
    await give(page, 'star.bad', 'x');
    expect(await page.textContent('.fault')).toContain('star.bad:17:2: expected a number, got "x"');
    await settled(page);
    await give(page, 'mine.csv', 't,mag\n1,17\n');
    await expect.poll(() => page.textContent('.about')).toBe('mine.csv · 221 rows');
    await settled(page);
    expect(await page.locator('.fault').count()).toBe(0);
    await page.click('[data-tab=data]');
    expect(await page.textContent('.slot')).toMatch(/mine\.csv: 221 of 228 rows used[\s\S]*7 dropped: missing value/);
    await give(page, 'kepler.fits', 'SIMPLE  =                    T');
    await expect.poll(() => page.textContent('.fault')).toContain('kepler.fits: FITS tables are read by the installed program');
    await page.context().close();
  });

  it('a file dropped on the gallery opens the bench with it', async () => {
    const { page } = await bench.open('');
    await give(page, 'mine.csv', 't,mag\n1,17\n');
    await expect.poll(() => page.textContent('.about')).toBe('mine.csv · 221 rows');
    expect(await page.textContent('h1')).toBe('Light curve');
    await page.context().close();
  });

  it('a figure that does not exist is one line with a way back', async () => {
    const { page } = await bench.open('#book.plane');
    await page.evaluate(() => (location.hash = 'no.such'));
    await page.waitForSelector('.fault');
    expect(await page.textContent('.fault')).toContain('no figure no.such');
    await page.click('.fault a');
    await page.waitForSelector('.card');
    await page.context().close();
  });

  it('SVG and PNG carry the state, and reopen it', async () => {
    const { page } = await bench.open('#bench.light_curve?period=0.39&clip=7');
    await page.hover('[data-panel=fold]');
    const svg = await saved(page, () => page.click('[data-panel=fold] [data-save=svg]'));
    expect(svg.name).toBe('bench.light_curve-fold.svg');
    const text = new TextDecoder().decode(svg.bytes);
    expect(text).toMatch(/<text[^>]*>phase<\/text>/);
    await page.click('.menu summary');
    const png = await saved(page, () => page.click('[data-export=png]'));
    expect(JSON.parse(readPngText(png.bytes)!)).toMatchObject({ figure: 'bench.light_curve', values: { period: 0.39, clip: 7 } });
    await page.context().close();
    for (const file of [svg, png]) {
      const { page: other } = await bench.open('');
      await give(other, file.name, file.bytes);
      await settled(other);
      expect(await values(other)).toMatchObject({ period: 0.39, clip: 7 });
      await other.context().close();
    }
  });

  it('the exported page opens by itself, in the same state, with the user\'s file', async () => {
    const { page } = await bench.open('#bench.light_curve?period=0.39');
    await give(page, 'mine</script>.csv', 't,mag\n1,17\n');
    await expect.poll(() => page.textContent('.about')).toContain('mine');
    await settled(page);
    await page.click('.menu summary');
    const html = await saved(page, () => page.click('[data-export=html]'));
    await page.context().close();
    const text = new TextDecoder().decode(html.bytes);
    expect(text).toContain("connect-src 'none'");
    const { page: other, problems } = await bench.open('', { offline: true }, html.path);
    expect(problems).toEqual([]);
    expect(await values(other)).toMatchObject({ period: 0.39 });
    expect(await other.textContent('.about')).toContain('mine</script>.csv');
    await other.context().close();
  });
});

describe('gallery', () => {
  it('shelves, cards with pictures, hidden figures only by their address', async () => {
    const { page } = await bench.open('');
    expect(await page.locator('.card').count()).toBe(2);
    const inked = await page.evaluate(() =>
      [...document.querySelectorAll('canvas')].map((c) => new Uint32Array(c.getContext('2d')!.getImageData(0, 0, c.width, c.height).data.buffer).filter((w) => w !== 0).length));
    for (const count of inked) expect(count).toBeGreaterThan(200);
    await page.click('nav a[href="#book"]');
    expect(await page.locator('.card').count()).toBe(1);
    await page.click('.card');
    await settled(page);
    expect(await page.textContent('h1')).toBe('Planes and histograms');
    await page.goBack();
    await page.waitForSelector('.card');
    await page.context().close();
  });
});
