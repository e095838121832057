// The same scripted session through the page's two real carriers: the worker (WebAssembly) and the server's WebSocket.
// Heads must be the same bytes, columns agree to 1e-9 of their largest value.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { compareMessages } from '../contract/compare.mjs';
import { decode, encode } from '../contract/engine.mjs';
import { openBrowser, withTab } from './support/browser.mjs';
import { fileUrl, need, program, template, write } from './support/paths.mjs';
import { pageOf, serve } from './support/program.mjs';
import { starCsv } from './support/star.mjs';

need(program, template);
let browser;
let server;
before(async () => {
  browser = await openBrowser();
  server = await serve('serve');
});
after(async () => {
  await server?.stop();
  await browser?.close();
});

const palette = { data: '#2b2f36', model: '#d1495b', accent: '#0b6e8a', mute: '#b9b4a8', warn: '#d9902f', band: ['#0072b2', '#d55e00', '#009067'] };
const view = { width: 480, height: 260, ratio: 1, x: null, y: null };

/** What a user may do in a sitting, as messages; `file` goes with `data`. */
function script(figure, panels, steps) {
  const views = Object.fromEntries(panels.map((id) => [id, view]));
  return [{ type: 'figures' }, { type: 'open', figure, values: {}, views, palette }, ...steps.map((step) => (step.type === 'view' ? { ...step, views: { ...views, ...step.views }, palette } : step))];
}

const star = new TextEncoder().encode(starCsv(800, 400));
const sessions = {
  'bench.light_curve': script('bench.light_curve', ['series', 'periodogram', 'fold', 'residuals'], [
    { type: 'set', values: { harmonics: 3 } },
    { type: 'set', values: { harmonics: 3, period: 0.5 } },
    { type: 'set', values: { harmonics: 1, period: 0.5, bins: 20, residuals: 'phase', mask: [3, 17, 20, 20] } },
    { type: 'view', views: { series: { ...view, width: 900 }, fold: { ...view, x: [0.2, 0.4] } } },
    { type: 'data', slot: 'series', name: 'made.csv', options: {}, file: star },
    { type: 'set', values: { harmonics: 2, floating_mean: false, axis: 'frequency', min_period: 0.3, max_period: 30 } },
    { type: 'set', values: { harmonics: 2, sigma_clip: 3 } },
    { type: 'data', slot: 'series', name: '', options: {} },
  ]),
  'live.reference': script('live.reference', ['points', 'curve', 'spectrum', 'image'], [
    { type: 'set', values: { shift: 1.25 } },
    { type: 'view', views: { points: { ...view, x: [2, 3] } } },
    { type: 'set', values: { shift: 4 } },
  ]),
  'live.slow': script('live.slow', ['curve'], [{ type: 'set', values: { phase: 2, length: 60 } }, { type: 'set', values: { phase: 3, length: 0 } }]),
};

/** Takes the page's engine over and plays the messages, each after the last one's final answer. Gives the answers' bytes. */
async function play(page, messages) {
  const coded = messages.map(({ file, ...head }, k) => ({ bytes: Buffer.from(encode(k + 1000, head, file)).toString('base64'), type: head.type, seq: k + 1000 }));
  const answers = await page.evaluate(async (script) => {
    const { engine } = window.orrery.app().host;
    const got = [];
    let heard = () => {};
    engine.onmessage = (buffer) => {
      got.push(buffer);
      heard(buffer);
    };
    const head = (buffer) => {
      const size = new DataView(buffer).getUint32(8, true);
      return { seq: Number(new DataView(buffer).getBigUint64(16, true)), ...JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 24, size))) };
    };
    for (const { bytes, type, seq } of script) {
      const done = new Promise((resolve) => {
        heard = (buffer) => {
          const answer = head(buffer);
          if (answer.seq !== seq && type !== 'view') return; // a view answers with the frame of the state that is shown
          if (answer.type === 'error' || (answer.type === 'figures' && type === 'figures') || (answer.type === 'frame' && answer.final)) resolve();
        };
      });
      engine.send(Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0)));
      await done;
      await new Promise((later) => setTimeout(later, 30)); // what else may still come
    }
    const text = (buffer) => {
      let out = '';
      const all = new Uint8Array(buffer);
      for (let k = 0; k < all.length; k += 0x8000) out += String.fromCharCode(...all.subarray(k, k + 0x8000));
      return btoa(out);
    };
    return { kind: engine.kind, messages: got.map(text) };
  }, coded);
  return { kind: answers.kind, messages: answers.messages.map((m) => decode(new Uint8Array(Buffer.from(m, 'base64')))).filter((m) => m.sequence >= 1000 && m.head.type !== 'progress') };
}

for (const [figure, messages] of Object.entries(sessions)) {
  test(`worker and server answer a session on ${figure} with the same frames`, async () => {
    const own = fileUrl(write('carriers.html', pageOf({ figure: 'live.slow', values: { length: 0 } })));
    const at = async (url, options) => withTab(browser, options, async ({ page }) => {
      await page.goto(url);
      await page.waitForFunction(() => window.orrery?.app().host.engine?.state === 'alive');
      await page.waitForFunction(() => window.orrery.app().client.figures.length > 0);
      if (options.offline) await page.waitForFunction(() => window.orrery.settled());
      return play(page, messages);
    });
    const inWorker = await at(own, { offline: true });
    const onServer = await at(`${server.address}#live.slow?length=0`, {});
    assert.deepEqual([inWorker.kind, onServer.kind], ['wasm', 'server']);
    const kinds = (session) => session.messages.map((m) => `${m.head.type} ${m.sequence}${m.head.type === 'frame' ? ` level ${m.head.level}` : ''}`);
    assert.deepEqual(kinds(inWorker), kinds(onServer), 'the same messages in the same order');
    // A module lists its own figures, a server all.
    const list = (session) => session.messages.filter((m) => m.head.type === 'figures').flatMap((m) => m.head.figures.map((f) => JSON.stringify(f)));
    const all = new Set(list(onServer));
    assert.ok(list(inWorker).every((f) => all.has(f)));
    const rest = (session) => session.messages.filter((m) => m.head.type !== 'figures');
    const compared = compareMessages(rest(inWorker), rest(onServer), figure);
    assert.ok(inWorker.messages.filter((m) => m.head.type === 'frame' && m.head.final).length >= messages.filter((m) => m.type === 'set').length, 'every state was answered');
    assert.ok(compared > 3, `${compared} columns were compared`);
  });
}
