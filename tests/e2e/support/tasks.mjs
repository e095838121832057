// What is measured: each task gives rows { what, unit, n, median, p95, budget, note } for a table.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withTab } from './browser.mjs';
import { control, look, settled, type } from './figure.mjs';
import { burst, clocks, drag, gzipped, stats, stepByStep } from './measure.mjs';
import { fileUrl, modules, write } from './paths.mjs';
import { pageOf, serve } from './program.mjs';
import { starCsv } from './star.mjs';

const row = (what, unit, list, budget, note = '') => ({ what, unit, ...stats(list), budget, note });
const one = (what, unit, value, budget, note = '') => ({ what, unit, n: 1, median: value, p95: value, budget, note });

const kBrowserRest = 2000; // ms
export const kBench = 'bench.light_curve';
/** 1,000 days, periods down to 0.25 day, 5 frequencies a peak: 2e4 frequencies. */
export const kSearch = { min_period: 0.25, max_period: 1000, oversampling: 5 };

export function sizes() {
  const page = pageOf({ figure: kBench, single: true });
  const part = (id) => new RegExp(`<(script|style)[^>]*id="${id}"[^>]*>([\\s\\S]*?)</\\1>`).exec(page)[2];
  const program = gzipped(part('orrery-bundle') + part('orrery-style'));
  const engines = readdirSync(modules).filter((name) => name.endsWith('.wasm')).map((name) => [name.slice(0, -5), gzipped(readFileSync(join(modules, name)))]);
  return [
    one('page code and style, gzipped', 'kB', program, null),
    ...engines.map(([name, size]) => one(`engine for the figures ${name}.*, gzipped`, 'kB', size, null)),
    one('page with the largest engine', 'kB', program + Math.max(...engines.map(([, size]) => size)), 400, 'an exported page carries one engine'),
    one('an exported bench page as a file', 'kB', page.length / 1000, null),
  ];
}

/** Exported bench page with the star inside, opened from file:// with the network off, each time in a fresh profile. */
export async function load(browser, runs) {
  const path = write('load.html', pageOf({ figure: kBench, values: kSearch, single: true, slots: [{ slot: 'series', name: 'made.csv', csv: starCsv(3000) }] }));
  const first = [];
  const rest = [];
  for (let k = 0; k < runs; k++) {
    await withTab(browser, { offline: true }, async ({ page }) => {
      await page.addInitScript(clocks);
      await page.waitForTimeout(kBrowserRest); // a new window loads pages of Chromium's own, for a second, on both cores
      await page.goto(fileUrl(path), { waitUntil: 'commit' });
      await settled(page);
      await page.waitForFunction(() => window.measured.frames.at(-1)?.painted);
      const { frames, rested } = await page.evaluate(() => window.measured);
      first.push(frames[0].painted);
      rest.push(rested[0]);
    });
  }
  return [
    row('exported bench page from file:// to first curve', 'ms', first, 1000, 'N = 3000, Nf = 2e4; from the start of navigation'),
    row('exported bench page from file:// to rest', 'ms', rest, null),
  ];
}

async function steps(page, count, where) {
  const rows = [];
  for (const [name, words] of [['period', 'fold anew'], ['max_period', 'whole search anew']]) {
    const input = control(page, name).locator('input[type=range]').first();
    await input.scrollIntoViewIfNeeded();
    const times = await stepByStep(page, input, count);
    rows.push(row(`${where}: ${name} slider to first painted frame`, 'ms', times.first, 50, words));
    rows.push(row(`${where}: ${name} slider to final painted frame`, 'ms', times.last, 100, words));
    await type(page, name, kSearch[name] ?? 0.731);
    await settled(page);
  }
  return rows;
}

/** Slider to picture on the light-curve bench, N = 3000, Nf = 2e4, by the engine in the page. */
export async function benchByWasm(browser, count) {
  const path = write('bench.html', pageOf({ figure: kBench, values: kSearch, single: true, slots: [{ slot: 'series', name: 'made.csv', csv: starCsv(3000) }] }));
  return withTab(browser, { offline: true }, async ({ page }) => {
    await page.addInitScript(clocks);
    await page.goto(fileUrl(path));
    await settled(page);
    return steps(page, count, 'bench by wasm');
  });
}

/** The same by the server. */
export async function benchByServer(browser, count) {
  const file = write('made.csv', starCsv(3000));
  const server = await serve('open', file, ...Object.entries(kSearch).flatMap(([name, value]) => ['--set', `${name}=${value}`]));
  try {
    return await withTab(browser, {}, async ({ page }) => {
      await page.addInitScript(clocks);
      await page.goto(server.address);
      await settled(page);
      if ((await look(page)).engine !== 'server') throw new Error('the page does not use the server');
      return steps(page, count, 'bench by server');
    });
  } finally {
    await server.stop();
  }
}

/** Main-thread work on four heavy panels whose data is new in every frame. */
export async function reference(browser, seconds) {
  const path = write('reference.html', pageOf({ figure: 'live.reference', single: true }));
  return withTab(browser, { offline: true }, async ({ page }) => {
    await page.addInitScript(clocks);
    await page.goto(fileUrl(path));
    await settled(page);
    const input = control(page, 'shift').locator('input[type=range]');
    await drag(page, input, 1);
    const seen = await drag(page, input, seconds);
    const n = { n: seen.frames };
    return [
      row('4-panel reference: decode and draw a frame', 'ms', seen.work, 8, 'wall clock of the page program'),
      { ...one('4-panel reference: script a frame, processor time', 'ms', seen.cpu.script, 8, 'mean by the browser\'s own count'), ...n },
      { ...one('4-panel reference: whole main thread a frame, processor time', 'ms', seen.cpu.all, null, 'mean; with style, layout and paint in software'), ...n },
      row('4-panel reference: slider to drawn frame in a steady drag', 'ms', seen.latency, null, `${seen.moves} events, ${seen.frames} frames in ${seconds} s`),
    ];
  });
}

/** 120 slider events in one second on a job of 100 ms: from the last event to rest. */
export async function settle(browser, runs) {
  const path = write('slow.html', pageOf({ figure: 'live.slow', values: { length: 100 }, single: true }));
  return withTab(browser, { offline: true }, async ({ page }) => {
    await page.addInitScript(clocks);
    await page.goto(fileUrl(path));
    const times = [];
    const drawn = [];
    for (let k = 0; k < runs; k++) {
      const seen = await burst(page, 'phase', 120, k % 2 ? 1 : 5, k % 2 ? 5 : 1);
      if (seen.value !== seen.wanted || !seen.final) throw new Error(`rested on ${seen.value} instead of ${seen.wanted}`);
      times.push(seen.settle);
      drawn.push(seen.drawn);
    }
    return [
      row('rest after 120 slider events in 1 s, job of 100 ms', 'ms', times, 130, 'live.md measured 60 to 130'),
      row('frames drawn in that second', '1', drawn, null),
    ];
  });
}
