// Every figure of the gallery, as a visitor meets it: it opens, comes to rest without an error, explains itself, and its first
// control moves something in the picture. Leaves pictures in build/e2e/, light and dark.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openBrowser, withTab } from './support/browser.mjs';
import { control, differences, galleryReady, look, panel, settled } from './support/figure.mjs';
import { fileUrl, need, out, program, template, write } from './support/paths.mjs';
import { pageOf } from './support/program.mjs';

need(program, template);
const browser = await openBrowser();
after(() => browser.close());
const gallery = fileUrl(write('gallery.html', pageOf({})));

/** The list that the page shows, from the page itself. */
const figures = await withTab(browser, { offline: true }, async ({ page }) => {
  await page.goto(gallery);
  await page.waitForFunction(() => window.orrery?.app().client.figures.length > 0);
  return page.evaluate(() => window.orrery.app().client.figures.filter((f) => f.shelf !== 'hidden'));
});

before(() => assert.ok(figures.length > 0));

test('the gallery has figures on all four shelves and draws a picture for each', async () => {
  assert.deepEqual([...new Set(figures.map((f) => f.shelf))].sort(), ['bench', 'book', 'hacks', 'lectures']);
  assert.ok(figures.length >= 9, `the bench and eight more, got ${figures.length}`);
  for (const scheme of ['light', 'dark']) {
    await withTab(browser, { offline: true, scheme, height: 2400 }, async ({ page }) => {
      await page.goto(gallery);
      await galleryReady(page);
      const blank = await page.evaluate(() => [...document.querySelectorAll('.card')].filter((card) => {
        const canvas = card.querySelector('canvas');
        const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        return !pixels.some((v) => v !== 0);
      }).map((card) => card.dataset.figure));
      assert.deepEqual(blank, [], 'cards without a picture');
      assert.equal(await page.locator('.card').count(), figures.length);
      await page.screenshot({ path: join(out, `gallery-${scheme}.png`), fullPage: true });
    });
  }
});

/** Moves the first control that can move, by keyboard. Gives its name. */
async function moveFirst(page) {
  const names = await page.evaluate(() => {
    const { spec, frame } = window.orrery.app().client;
    return spec.controls.filter((c) => !frame.controls[c.name]?.disabled && c.kind !== 'rows').map((c) => [c.name, c.kind, c.on_plot_only === true]);
  });
  const [name, kind, onPlot] = names.find(([, k, plotOnly]) => (k === 'slider' || k === 'integer') && !plotOnly) ?? names[0];
  const one = control(page, name);
  if (kind === 'toggle') await one.locator('input').press('Space');
  else if (kind === 'choice') await one.locator('input, select').first().press('ArrowDown');
  else if (kind === 'point' || onPlot) await one.locator('orrery-number input').first().press('PageUp');
  else {
    const range = one.locator('input[type=range]').first();
    const atEnd = await range.evaluate((e) => Number(e.value) > 0.5 * (Number(e.min) + Number(e.max)));
    for (let k = 0; k < 3; k++) await range.press(atEnd ? 'PageDown' : 'PageUp');
  }
  return name;
}

for (const figure of figures) {
  test(`figure ${figure.id}`, async () => {
    for (const scheme of ['light', 'dark']) {
      await withTab(browser, { offline: true, scheme }, async ({ page }) => {
        await page.goto(`${gallery}#${figure.id}`);
        await settled(page);
        const start = await look(page);
        assert.deepEqual(start.faults, []);
        assert.equal(start.figure, figure.id);
        await page.screenshot({ path: join(out, `${figure.id}-${scheme}.png`), fullPage: true });
        if (scheme === 'dark') return;
        assert.equal(await page.locator('h1').textContent(), figure.title);
        assert.ok(figure.question.endsWith('?'), 'asks a question');
        for (const [id, shown] of Object.entries(start.panels)) {
          assert.ok(shown.alt.length > 10, `panel ${id} has words for those who cannot see it`);
          assert.ok(await panel(page, id).isVisible(), `panel ${id} is on the page`);
        }
        assert.ok((await page.locator('.prose').innerText()).length > 200, 'has an explanation');
        assert.ok((await page.locator('.prose .source').innerText()).length > 5, 'names its source');
        for (const language of ['python', 'cpp', 'shell']) assert.ok(start.code[language].includes('orrery'), `code in ${language}`);
        const name = await moveFirst(page);
        await settled(page);
        const moved = await look(page);
        assert.deepEqual(moved.faults, []);
        const changed = differences(start, moved);
        assert.ok(changed.some((path) => path.startsWith(`values.${name}`)), `${name} moved`);
        assert.ok(changed.some((path) => path.startsWith('panels.') || path.startsWith('numbers.')), `${name} moves the picture or its numbers; changed: ${changed}`);
        await page.keyboard.press('Escape');
        await page.locator('[data-undo]').click();
        await settled(page);
        const undone = differences(start.values, (await look(page)).values);
        const presses = 3;
        for (let k = 1; k < presses && (await page.locator('[data-undo]').isEnabled()); k++) {
          await page.locator('[data-undo]').click();
          await settled(page);
        }
        const back = await look(page);
        // The room for labels grows and never shrinks while the page is open; then lines have other points until it is opened again.
        const inOtherRoom = (path) => path.includes('.marks.') && differences(start.room, back.room).some((id) => path.startsWith(id.split('.')[0]));
        const left = differences(start.panels, back.panels).filter((path) => !inOtherRoom(path));
        assert.deepEqual(left, [], `undo gives the same picture again (after one step: ${undone})`);
        assert.deepEqual(back.numbers, start.numbers);
        await page.waitForTimeout(400); // the address follows 150 ms after the last change
        await page.reload();
        await settled(page);
        const again = await look(page);
        assert.deepEqual([differences(start.panels, again.panels), again.values], [[], back.values], 'the address has the state');
      });
    }
  });
}
