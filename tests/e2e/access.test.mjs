// Reaching and understanding everything without a mouse and without eyes: axe-core, the keyboard, the live region, the tables.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';
import { openBrowser, withTab } from './support/browser.mjs';
import { column, galleryReady, look, panel, settled } from './support/figure.mjs';
import { fileUrl, need, program, template, write } from './support/paths.mjs';
import { pageOf } from './support/program.mjs';
import { kBench } from './support/tasks.mjs';

need(program, template);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = await openBrowser();
after(() => browser.close());
const gallery = fileUrl(write('access.html', pageOf({})));
const single = fileUrl(write('access-single.html', pageOf({ figure: kBench, single: true })));
const bench = `${gallery}#${kBench}`;
const pages = { gallery, bench, 'exported page': single };

/** Findings of axe that are serious or critical, as text. */
const findings = (page) => page.evaluate(async () => {
  const { violations } = await window.axe.run({ resultTypes: ['violations'] });
  return violations.filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .map((v) => `${v.impact} ${v.id}: ${v.nodes.map((n) => `${n.html.slice(0, 160)} ${n.failureSummary}`).join('\n')}`);
});

for (const scheme of ['light', 'dark']) {
  for (const width of [1360, 320]) {
    for (const [name, url] of Object.entries(pages)) {
      test(`axe finds nothing serious: ${name}, ${scheme}, ${width} px`, async () => {
        await withTab(browser, { offline: true, scheme, width, height: width === 320 ? 640 : 1000 }, async ({ page }) => {
          await page.goto(url);
          if (name === 'gallery') await galleryReady(page);
          else await settled(page);
          await page.evaluate(axe);
          assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), 'nothing to scroll sideways');
          if (name === 'gallery') {
            assert.deepEqual(await findings(page), []);
            return;
          }
          for (const tab of ['explain', 'code', 'data']) {
            await page.locator(`[data-tab=${tab}]`).click();
            assert.deepEqual(await findings(page), [], `tab ${tab}`);
          }
          await panel(page, 'fold').locator('.plot').press('t'); // a table of hundreds of rows costs axe a minute: a few are enough
          await page.evaluate(() => document.querySelectorAll('tbody tr:nth-child(n + 6)').forEach((row) => row.remove()));
          await page.evaluate(() => document.querySelector('[data-panel=fold]').scrollIntoView());
          assert.deepEqual(await findings(page), [], 'with a table open');
          assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), 'the table does not widen the page');
        });
      });
    }
  }
}

test('axe itself can fail here: a picture without words is found', async () => {
  await withTab(browser, { offline: true }, async ({ page }) => {
    await page.goto(bench);
    await settled(page);
    await page.evaluate(axe);
    await page.evaluate(() => document.querySelector('main').append(document.createElement('img')));
    const found = await findings(page);
    assert.ok(found.some((f) => f.includes('image-alt')), found.join('\n'));
  });
});

/** What has the focus, and to which part of the page it belongs. */
const focus = (page) => page.evaluate(() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const box = e.getBoundingClientRect();
  const style = getComputedStyle(e);
  return {
    kind: e.type === 'range' ? 'range' : e.classList.contains('plot') ? 'plot' : e.dataset.handle ? 'handle' : e.closest('orrery-number') ? 'number' : e.type ?? e.tagName.toLowerCase(),
    control: e.closest('[data-control]')?.dataset.control ?? '',
    panel: e.closest('[data-panel]')?.dataset.panel ?? '',
    handle: e.dataset.handle ?? '',
    tag: e.tagName.toLowerCase(),
    id: e.id,
    name: e.getAttribute('aria-label') ?? e.labels?.[0]?.textContent ?? e.textContent.trim().slice(0, 40),
    disabled: e.disabled === true,
    seen: box.bottom > 0 && box.top < innerHeight && box.width > 0,
    box: { x: Math.max(0, box.x - 12), y: Math.max(0, box.y - 12), width: box.width + 24, height: box.height + 24 },
    ring: style.outlineStyle !== 'none',
  };
});

/** Whether the picture of what has the focus changes when the focus goes: rings may be drawn on parts that no style tells. */
async function showsFocus(page, stop) {
  const picture = () => page.screenshot({ clip: stop.box });
  const held = await page.evaluateHandle(() => document.activeElement);
  const withFocus = await picture();
  await held.evaluate((e) => e.blur());
  const without = await picture();
  await held.evaluate((e) => e.focus({ preventScroll: true }));
  return !withFocus.equals(without);
}

/** Tabs from the start of the page to its end; looks at each stop when it has the focus. */
async function tour(page, visit) {
  const stops = [];
  for (let k = 0; k < 200; k++) {
    await page.keyboard.press('Tab');
    const stop = await focus(page);
    if (!stop || (stops.length > 3 && JSON.stringify([stop.tag, stop.name, stop.id, stop.control]) === JSON.stringify([stops[0].tag, stops[0].name, stops[0].id, stops[0].control]))) break;
    await visit(stop);
    stops.push(stop);
  }
  return stops;
}

test('Tab reaches every control, panel and handle, in sight and with a ring', async () => {
  await withTab(browser, { offline: true }, async ({ page }) => {
    await page.goto(bench);
    await settled(page);
    const wanted = await page.evaluate(() => {
      const { spec, frame } = window.orrery.app().client;
      const usable = spec.controls.filter((c) => !frame.controls[c.name]?.disabled && !(c.kind === 'rows')).map((c) => c.name);
      return { controls: usable, panels: spec.panels.map((p) => p.id), handles: spec.panels.flatMap((p) => p.marks.filter((m) => m.mark === 'handle').map((m) => m.id)) };
    });
    const bare = [];
    const stops = await tour(page, async (stop) => {
      if (!stop.ring && stop.seen && !(await showsFocus(page, stop))) bare.push(`${stop.tag} ${stop.name}`);
    });
    for (const name of wanted.controls) assert.ok(stops.some((s) => s.control === name), `control ${name} is reached`);
    for (const id of wanted.panels) assert.ok(stops.some((s) => s.kind === 'plot' && s.panel === id), `panel ${id} is reached`);
    for (const id of wanted.handles) assert.ok(stops.some((s) => s.handle === id), `handle ${id} is reached`);
    for (const word of ['Export', 'Share', 'Open']) assert.ok(stops.some((s) => s.name.startsWith(word)), `${word} is reached`);
    assert.deepEqual(stops.filter((s) => !s.name).map((s) => s.tag), [], 'every stop has a name');
    assert.deepEqual(stops.filter((s) => !s.seen).map((s) => s.name), [], 'every stop scrolls into sight');
    assert.deepEqual(bare, [], 'every stop shows that it has the focus');
  });
});

test('every control moves by keyboard alone', async () => {
  await withTab(browser, { offline: true }, async ({ page }) => {
    await page.goto(bench);
    await settled(page);
    const values = () => page.evaluate(() => ({ ...window.orrery.app().client.values }));
    const moved = new Set();
    const tried = new Set();
    for (let k = 0; k < 200; k++) {
      await page.keyboard.press('Tab');
      const stop = await focus(page);
      if (!stop) break;
      if (stop.panel || !stop.control || stop.disabled || !['range', 'number', 'checkbox', 'radio', 'select-one'].includes(stop.kind)) continue;
      const before = await values();
      const keys = stop.kind === 'checkbox' ? ['Space'] : stop.kind === 'number' ? ['ArrowUp', 'ArrowDown'] : ['ArrowRight', 'ArrowLeft'];
      tried.add(stop.control);
      for (const key of keys) {
        await page.keyboard.press(key);
        await settled(page);
        if (JSON.stringify((await values())[stop.control]) !== JSON.stringify(before[stop.control])) {
          moved.add(stop.control);
          break;
        }
      }
    }
    assert.deepEqual([...tried].filter((name) => !moved.has(name)), [], 'controls that do not move');
    assert.ok(tried.size >= 8, `tried ${[...tried]}`);
    assert.deepEqual((await look(page)).faults, []);
  });
});

test('panels by keyboard: arrows read the data aloud, plus and minus zoom, T shows the table, Escape lets go', async () => {
  await withTab(browser, { offline: true }, async ({ page }) => {
    await page.goto(bench);
    await settled(page);
    const live = page.locator('.live');
    for (const id of Object.keys((await look(page)).panels)) {
      const plot = panel(page, id).locator('.plot');
      await plot.focus();
      await page.keyboard.press('ArrowRight');
      await page.waitForFunction(() => /\d/.test(document.querySelector('.live').textContent));
      const first = await live.textContent();
      await page.keyboard.press('Shift+ArrowRight');
      await page.waitForFunction((before) => document.querySelector('.live').textContent !== before, first);
      const range = () => page.evaluate((p) => document.querySelector('orrery-figure').views.get(p).range.x, id);
      await page.keyboard.press('+');
      await settled(page);
      const closer = await range();
      assert.ok(closer, `${id}: plus zooms`);
      await page.keyboard.press('-');
      await page.keyboard.press('-');
      await settled(page);
      const farther = await range();
      assert.ok(farther[1] - farther[0] > closer[1] - closer[0], `${id}: minus zooms out`);
      await page.keyboard.press('0');
      await settled(page);
      assert.equal(await range(), null, `${id}: 0 resets`);
      await page.keyboard.press('t');
      const table = panel(page, id).locator('table');
      assert.ok((await table.count()) > 0, `${id}: T shows the table`);
      assert.ok((await table.first().locator('tbody tr').count()) > 0, `${id}: the table has rows`);
      assert.match(await table.first().locator('tbody tr').first().innerText(), /\d/);
      await page.keyboard.press('t');
      assert.equal(await table.count(), 0, `${id}: T hides it`);
    }
  });
});

test('the table of the fold has the numbers of the picture', async () => {
  await withTab(browser, { offline: true }, async ({ page }) => {
    await page.goto(bench);
    await settled(page);
    await panel(page, 'residuals').locator('.plot').press('t');
    const table = panel(page, 'residuals').locator('table', { has: page.locator('caption', { hasText: 'obs' }) });
    const x = await column(page, 'residuals', 'obs', 'x');
    const shown = (await table.locator('tbody tr').first().locator('td').first().innerText()).replace(/\u2212/g, '-').replace(/[\u202f\s]/g, '');
    assert.ok(Math.abs(Number(shown) - x[0]) <= 0.01 * Math.abs(x.at(-1) - x[0]), `${shown} stands for ${x[0]}`);
    assert.equal(await table.locator('tbody tr').count(), Math.min(200, x.length));
  });
});

test('the handle moves by keyboard and the answer is said in words', async () => {
  await withTab(browser, { offline: true }, async ({ page }) => {
    await page.goto(bench);
    await settled(page);
    const handle = panel(page, 'periodogram').locator('[data-handle]');
    const before = Number(await handle.getAttribute('aria-valuenow'));
    const said = (await look(page)).numbers.period.value;
    await handle.focus();
    await page.keyboard.press('ArrowRight');
    await settled(page);
    assert.ok(Number(await handle.getAttribute('aria-valuenow')) > before, 'to the right is longer');
    assert.notEqual((await look(page)).numbers.period.value, said);
    assert.equal(await handle.getAttribute('role'), 'slider');
  });
});

test('at 320 px everything is in one column and 44 px for a thumb', async () => {
  await withTab(browser, { offline: true, width: 320, height: 640, hasTouch: true, isMobile: true }, async ({ page }) => {
    await page.goto(bench);
    await settled(page);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 320));
    const small = await page.evaluate(() => [...document.querySelectorAll('button, select, summary, input[type=range], .segments label, .check, .handle, nav a')]
      .filter((e) => e.checkVisibility() && !e.closest('dialog') && e.getBoundingClientRect().height < 43.5).map((e) => e.outerHTML.slice(0, 90)));
    assert.deepEqual(small, []);
    const columns = await page.evaluate(() => new Set([...document.querySelectorAll('.panel')].map((e) => Math.round(e.getBoundingClientRect().left))).size);
    assert.equal(columns, 1);
  });
});
