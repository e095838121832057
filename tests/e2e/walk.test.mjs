// A new user's walk on a real star: open it, find its published period, drag it, clean it, send it, and open what was sent with
// the network off. Without the shared data the walk is made on an embedded star.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openBrowser, withTab } from './support/browser.mjs';
import { brush, column, control, differences, download, dragBy, drop, exported, look, panel, settled, slide, type, valueOf } from './support/figure.mjs';
import { fileUrl, need, out, program, shared } from './support/paths.mjs';
import { orrery, serve } from './support/program.mjs';

need(program);
const kStar = '174197'; // an RR Lyrae star of type c in Stripe 82: u g r i z in one file
const star = join(shared, `rrlyrae_s82/lightcurves/${kStar}.dat`);
const real = existsSync(star);
const published = real
  ? Number(readFileSync(join(shared, 'rrlyrae_s82/periods_20.csv'), 'utf8').split('\n').find((line) => line.startsWith(`${kStar},`)).split(',')[2])
  : 4.191; // the embedded Cepheid (data/README.md)
const figure = 'bench.light_curve';
const browser = await openBrowser();
let server;
before(async () => {
  server = await serve('open', ...(real ? [star] : []));
});
after(async () => {
  await server?.stop();
  await browser.close();
});

/** The bench as `orrery open` shows it. */
const onBench = (call, options = {}) => withTab(browser, options, async (tab) => {
  await tab.page.goto(server.address);
  await settled(tab.page);
  return call(tab);
});

const number = async (page, label) => (await look(page)).numbers[label];
const period = async (page) => Number((await number(page, 'period')).value);
const used = async (page) => Number((await number(page, 'used')).value.split(' ')[0]);

test('the walk has a real star', { skip: real ? false : `${star} is not here: walking on the embedded star` }, () => {
  assert.match(server.said(), new RegExp(`${kStar}\\.dat`), 'the program says what it read');
});

test('the published period is found at once, with its error, and said in words', async () => {
  await onBench(async ({ page }) => {
    const seen = await look(page);
    assert.equal(seen.engine, 'server');
    const { value, error } = seen.numbers.period;
    const tolerance = real ? 3 * Number(error) : 1e-3 * published; // of the embedded star only three digits are known from elsewhere
    assert.ok(Math.abs(Number(value) - published) <= tolerance, `found ${value} ± ${error}, published ${published}`);
    const shown = (await page.locator('.answer').innerText()).replace(/[\s\u202f]/g, '');
    assert.ok(shown.includes(value), `the page shows ${value}: ${shown}`);
    if (real) assert.equal(seen.slots.series.name, `${kStar}.dat`);
    assert.ok(seen.panels.periodogram.alt.length > 20);
  });
});

test('the command line finds the same period', async () => {
  const { code, stdout } = await orrery('eval', figure, ...(real ? ['--data', `series=${star}`] : []), '--json');
  assert.equal(code, 0);
  const said = JSON.parse(stdout).numbers.find((n) => n.label === 'period').value;
  await onBench(async ({ page }) => assert.equal((await number(page, 'period')).value, said));
});

test('dragging the slider and the marker folds the star anew; half, double and best', async () => {
  await onBench(async ({ page }) => {
    const start = await look(page);
    await slide(page, 'period', 0.5);
    await settled(page);
    const slid = await valueOf(page, 'period');
    const { low, high } = (await look(page)).controls.period;
    assert.ok(Math.abs(Math.log(slid / low) / Math.log(high / low) - 0.5) < 0.03, `the thumb's middle of ${low} to ${high}, got ${slid}`);
    const handleAt = (await column(page, 'periodogram', 'handle', 'x'))[0];
    assert.ok(Math.abs(handleAt / slid - 1) < 1e-9, 'the marker is where the slider is');
    const after = await look(page);
    assert.ok(differences(start.panels.fold, after.panels.fold).length > 0, 'the fold changed');
    assert.deepEqual(differences(start.panels.periodogram.marks.power, after.panels.periodogram.marks.power), [], 'the periodogram did not');

    const before = await valueOf(page, 'period');
    await dragBy(page, panel(page, 'periodogram').locator('[data-handle]'), 60);
    await settled(page);
    const dragged = await valueOf(page, 'period');
    assert.ok(dragged > before * 1.05, `dragged to the right: ${before} to ${dragged}`);
    assert.ok(Math.abs((await column(page, 'periodogram', 'handle', 'x'))[0] / dragged - 1) < 1e-9);

    const button = (label) => control(page, 'period').getByRole('button', { name: label, exact: true });
    await button('best').click();
    await settled(page);
    assert.deepEqual((await look(page)).numbers, start.numbers, 'best is where it began');
    await button('2×').click();
    await settled(page);
    assert.ok(Math.abs((await period(page)) / (2 * published) - 1) < 1e-3, 'double');
    await button('½').click();
    await settled(page);
    assert.ok(Math.abs((await period(page)) / published - 1) < 1e-3, 'half of double');
    await button('next alias').click();
    await settled(page);
    assert.ok(Math.abs((await period(page)) / published - 1) > 1e-4, 'an alias is another period');
  });
});

test('bands: one or all', async () => {
  await onBench(async ({ page }) => {
    const all = await used(page);
    const choices = (await look(page)).controls.band.choices;
    assert.deepEqual(choices, real ? ['all', 'u', 'g', 'r', 'i', 'z'] : ['all', 'R', 'B']);
    const band = choices[2];
    await control(page, 'band').locator(`input[value="${band}"]`).check({ force: true });
    await settled(page);
    assert.ok((await used(page)) < all / 1.5, 'fewer points');
    assert.ok(Math.abs((await period(page)) / published - 1) < 1e-3, 'and the same star');
  });
});

test('a brush masks points, linked in every panel; undo and redo', async () => {
  await onBench(async ({ page }) => {
    const start = await look(page);
    await brush(page, 'series', 0.7, 0.98);
    const picked = page.locator('.picked');
    const count = Number((await picked.innerText()).match(/\d+/)[0]);
    assert.ok(count > 0, 'points are selected');
    const linked = await page.evaluate(() => document.querySelector('orrery-figure').selection.rows.get('series')?.size);
    assert.equal(linked, count, 'the same rows in all panels of the series');
    await picked.locator('[data-mask]').click();
    await settled(page);
    const masked = await look(page);
    assert.match(masked.numbers.used.note, /masked/);
    assert.ok(Number(masked.numbers.used.value.split(' ')[0]) < Number(start.numbers.used.value.split(' ')[0]));
    assert.equal(Number(await control(page, 'mask').locator('b').innerText()), count);
    await page.keyboard.press('Control+z');
    await settled(page);
    assert.deepEqual((await look(page)).panels, start.panels, 'undo');
    assert.deepEqual((await look(page)).numbers, start.numbers);
    await page.keyboard.press('Control+Shift+z');
    await settled(page);
    assert.deepEqual((await look(page)).numbers, masked.numbers, 'redo');
    await page.locator('[data-undo]').click();
    await settled(page);
    assert.deepEqual((await look(page)).numbers, start.numbers, 'undo by its button');
  });
});

/** A state with something of every kind in it. */
async function workOn(page) {
  await type(page, 'harmonics', 3);
  await type(page, 'period', (2 * published).toPrecision(7));
  await type(page, 'bins', 25);
  await control(page, 'floating_mean').locator('input').uncheck();
  await control(page, 'axis').locator('input[value=frequency]').check({ force: true });
  await brush(page, 'series', 0.7, 0.98);
  await page.locator('[data-mask]').click();
  await settled(page);
  await page.waitForFunction(() => location.hash.includes('mask='));
  return look(page);
}

test('the address holds the state: a new page shows the same', async () => {
  await onBench(async ({ page, context }) => {
    const worked = await workOn(page);
    const address = page.url();
    const second = await context.newPage();
    await second.goto(address);
    await settled(second);
    const seen = await look(second);
    assert.deepEqual(seen.values, worked.values);
    assert.deepEqual(seen.numbers, worked.numbers);
    assert.deepEqual(seen.panels, worked.panels);
  });
});

/** Opens an exported page from file:// with the network off, and moves it. */
async function openExport(path, wanted, name) {
  await withTab(browser, { offline: true }, async ({ page, requests }) => {
    await page.goto(fileUrl(path));
    await settled(page);
    const seen = await look(page);
    assert.equal(seen.engine, 'wasm');
    assert.deepEqual(seen.values, wanted.values, `${name}: the same controls`);
    assert.deepEqual(seen.numbers, wanted.numbers, `${name}: the same answer`);
    if (real) assert.equal(seen.slots.series.name, `${kStar}.dat`, 'on the user\'s own data');
    await slide(page, 'period', 0.3);
    await settled(page);
    const slid = await look(page);
    assert.ok(differences(seen.panels.fold, slid.panels.fold).length > 0, 'its sliders compute');
    assert.notDeepEqual(slid.numbers, seen.numbers);
    await type(page, 'harmonics', 4);
    await settled(page);
    assert.ok(differences(slid.panels.periodogram.marks, (await look(page)).panels.periodogram.marks).length > 0, 'the whole search too');
    assert.deepEqual(requests.filter((url) => !/^(file|blob|data):/.test(url)), []);
  });
}

test('exported by its button, opened from file:// with the network off, it is still live', async () => {
  await onBench(async ({ page }) => {
    const worked = await workOn(page);
    const { name, bytes } = await exported(page, 'html');
    assert.equal(name, `${figure}.html`);
    const path = join(out, 'walk-button.html');
    writeFileSync(path, bytes);
    await openExport(path, worked, 'Export button');
  });
});

test('exported by the command line, the same', async () => {
  const path = join(out, 'walk-export.html');
  const set = ['harmonics=3', `period=${2 * published}`, 'bins=25', 'floating_mean=false'];
  const { code, stderr } = await orrery('export', real ? star : figure, '-o', path, ...set.flatMap((s) => ['--set', s]));
  assert.equal(code, 0, stderr);
  const wanted = await onBench(async ({ page }) => {
    await type(page, 'harmonics', 3);
    await type(page, 'period', 2 * published);
    await type(page, 'bins', 25);
    await control(page, 'floating_mean').locator('input').uncheck();
    await settled(page);
    return look(page);
  });
  await openExport(path, wanted, 'orrery export');
});

test('SVG and PNG carry their state: dropped on the bench they open it again', async () => {
  const files = await onBench(async ({ page }) => {
    const worked = await workOn(page);
    return { worked, svg: await exported(page, 'svg'), png: await exported(page, 'png') };
  });
  const text = files.svg.bytes.toString('utf8');
  assert.match(text, /^(<\?xml[^>]*>\s*)?<svg/);
  assert.ok(text.includes('"figure":"bench.light_curve"') || text.includes('&quot;figure&quot;:&quot;bench.light_curve&quot;'), 'the figure is named inside');
  assert.match(text, /harmonics/);
  assert.ok((text.match(/<path|<circle|<image/g) ?? []).length > 10, 'it has marks');
  assert.deepEqual([...files.png.bytes.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  assert.ok(files.png.bytes.includes('iTXt') && files.png.bytes.includes('"harmonics":3'), 'the parameters are inside');
  for (const file of [files.svg, files.png]) {
    await onBench(async ({ page }) => {
      await type(page, 'harmonics', 1);
      await settled(page);
      await drop(page, file.name, file.bytes);
      await page.waitForFunction((h) => window.orrery.app().client.values.harmonics === h, 3);
      await settled(page);
      const seen = await look(page);
      assert.deepEqual(seen.values, files.worked.values, file.name);
      assert.deepEqual(seen.faults, []);
    });
  }
});

test('every panel saves itself as SVG, PNG and CSV', async () => {
  await onBench(async ({ page }) => {
    for (const id of Object.keys((await look(page)).panels)) {
      await panel(page, id).locator('.plot').hover();
      for (const kind of ['svg', 'png']) {
        const { name, bytes } = await download(page, () => panel(page, id).locator(`[data-save=${kind}]`).click());
        assert.equal(name, `${figure}-${id}.${kind}`);
        assert.ok(bytes.length > 2000 && bytes.includes('harmonics'), `${name} has its state`);
      }
      await panel(page, id).locator('.plot').press('t');
      const { bytes } = await download(page, () => panel(page, id).locator('.below button').first().click());
      assert.ok(bytes.toString('utf8').split('\n').length > 20, `the numbers of ${id}`);
    }
  });
});

test('the code for this state says what is on the screen', async () => {
  await onBench(async ({ page }) => {
    await type(page, 'period', 0.5);
    await settled(page);
    for (const [language, word] of [['Python', 'orrery'], ['C++', '#include'], ['Shell', 'orrery ']]) {
      await page.locator('[data-tab=code]').click();
      await page.getByRole('button', { name: language, exact: true }).click();
      const code = await page.locator('pre code').innerText();
      assert.ok(code.includes(word) && code.includes('0.5'), `${language}: ${code}`);
    }
  });
});
