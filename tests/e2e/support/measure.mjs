// Clocks inside the page, and statistics of what they say.
import { gzipSync } from 'node:zlib';
import { kPatience } from './browser.mjs';
import { settled } from './figure.mjs';

/** n, median and 95th percentile (nearest rank) of a list. */
export function stats(list) {
  const sorted = [...list].sort((a, b) => a - b);
  const rank = (p) => sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(p * sorted.length) - 1))] ?? NaN;
  return { n: sorted.length, median: rank(0.5), p95: rank(0.95), least: sorted[0] ?? NaN, most: sorted.at(-1) ?? NaN };
}

/**
 * To be run in the page before its own code. Writes into window.measured:
 *   moves   one entry for each input event of a slider: the time stamp of the pointer event that caused it (or its own)
 *   frames  { seq, drawn, painted }: when the figure drew, and when the rendering step around it was over (the first task after it:
 *           style, layout and the recording of the paint are done; what the compositor does on its own threads is not in it)
 *   rested  times when the figure said that it is settled
 */
export function clocks() {
  const measured = { moves: [], frames: [], rested: [] };
  window.measured = measured;
  let pointer = 0;
  for (const kind of ['pointermove', 'pointerdown']) window.addEventListener(kind, (event) => (pointer = event.timeStamp), { capture: true, passive: true });
  window.addEventListener('input', (event) => {
    measured.moves.push(event.isTrusted && pointer > 0 ? pointer : event.timeStamp);
  }, true);
  const after = new MessageChannel();
  let unpainted = [];
  after.port1.onmessage = () => {
    const now = performance.now();
    for (const frame of unpainted) frame.painted = now;
    unpainted = [];
  };
  new MutationObserver((changes) => {
    for (const change of changes) {
      const figure = change.target;
      if (change.attributeName === 'data-settled') {
        if (figure.hasAttribute('data-settled')) measured.rested.push(performance.now());
      } else {
        const frame = { seq: Number(figure.dataset.seq), drawn: performance.now(), painted: null };
        measured.frames.push(frame);
        unpainted.push(frame);
        after.port2.postMessage(0);
      }
    }
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ['data-seq', 'data-settled'] });
}

/** Forgets what was measured so far (after warming up). */
export const reset = (page) => page.evaluate(() => {
  for (const list of Object.values(window.measured)) list.length = 0;
  performance.clearMeasures('orrery-frame');
});

/**
 * Moves a slider by hand, one event at a time, `count` times, waiting for rest in between.
 * @return { first, last }: ms from the pointer event to the first and to the last (final) painted frame it caused
 */
export async function stepByStep(page, input, count) {
  const box = await input.boundingBox();
  const y = box.y + box.height / 2;
  const x = (k) => box.x + box.width * (0.3 + (0.4 * k) / count);
  await page.mouse.move(x(0), y);
  await page.mouse.down();
  await settled(page);
  const times = { first: [], last: [] };
  for (let k = 1; k <= count; k++) {
    await page.waitForTimeout(20 + ((k * 7) % 17)); // not in step with the screen
    await reset(page);
    await page.mouse.move(x(k), y);
    await page.waitForFunction(() => window.measured.moves.length > 0 && window.orrery.settled() && window.measured.frames.at(-1)?.painted, null, { timeout: kPatience, polling: 10 });
    const { moves, frames } = await page.evaluate(() => window.measured);
    const since = frames.filter((f) => f.drawn > moves[0]);
    times.first.push(since[0].painted - moves[0]);
    times.last.push(since.at(-1).painted - moves[0]);
  }
  await page.mouse.up();
  await settled(page);
  return times;
}

/**
 * Drags a slider to and fro by hand for `seconds`.
 * @return { frames, moves, latency, work, cpu }: latency and work (the page's own decoding and drawing, wall clock) of each frame in
 *         ms; cpu: main-thread processor time a frame in ms by the browser's own count { script, layout, all }
 */
export async function drag(page, input, seconds) {
  const box = await input.boundingBox();
  const y = box.y + box.height / 2;
  const x = (t) => box.x + box.width * (0.5 + 0.35 * Math.sin(1.7 * t));
  await page.mouse.move(x(0), y);
  await page.mouse.down();
  await settled(page);
  await reset(page);
  const client = await page.context().newCDPSession(page);
  await client.send('Performance.enable', { timeDomain: 'threadTicks' });
  const counted = async () => Object.fromEntries((await client.send('Performance.getMetrics')).metrics.map((m) => [m.name, m.value]));
  const before = await counted();
  const start = performance.now();
  for (let t = 0; t < seconds; t = (performance.now() - start) / 1000) {
    await page.mouse.move(x(t), y);
    await page.waitForTimeout(4);
  }
  await settled(page);
  const after = await counted();
  await page.mouse.up();
  await client.detach();
  const seen = await page.evaluate(() => ({
    moves: window.measured.moves.length,
    frames: window.measured.frames.length,
    measures: performance.getEntriesByName('orrery-frame').map((m) => ({ work: m.duration, latency: m.detail.latency })),
  }));
  const each = (...names) => (1000 * names.reduce((sum, name) => sum + after[name] - before[name], 0)) / seen.frames;
  return {
    moves: seen.moves,
    frames: seen.frames,
    work: seen.measures.map((m) => m.work),
    latency: seen.measures.map((m) => m.latency).filter((l) => l !== null),
    cpu: { script: each('ScriptDuration'), layout: each('LayoutDuration', 'RecalcStyleDuration'), all: each('TaskDuration') },
  };
}

/**
 * Sends `count` slider events in one second from inside the page (a hand cannot be that steady) and waits for rest.
 * @return { settle, right, drawn }: ms from the last event to rest; whether the last value is the one that is shown; frames drawn
 */
export async function burst(page, name, count, from, to) {
  await settled(page);
  await reset(page);
  const last = await page.evaluate(async ([control, events, low, high]) => {
    const input = document.querySelector(`[data-control="${control}"] input[type=range]`);
    const start = performance.now();
    for (let k = 1; k <= events; k++) {
      const due = start + (1000 * k) / events;
      while (performance.now() < due) await new Promise((done) => setTimeout(done, 0));
      input.value = String(low + ((high - low) * k) / events);
      input.dispatchEvent(new Event('input', { bubbles: true }));
    }
    return performance.now();
  }, [name, count, from, to]);
  await settled(page);
  return page.evaluate(([control, at, value]) => {
    const { client } = window.orrery.app();
    return { settle: window.measured.rested.at(-1) - at, value: client.values[control], wanted: value, drawn: window.measured.frames.length, final: client.frame.final };
  }, [name, last, to]);
}

export const gzipped = (content) => gzipSync(content, { level: 9 }).length / 1000;
