// What goes wrong at a user's desk: broken files, a server that dies and one that comes back, links and pages of strangers.
// The bench says so in one line and goes on with what it had.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { openBrowser, withTab } from './support/browser.mjs';
import { control, differences, drop, look, settled, type, valueOf } from './support/figure.mjs';
import { fitsTable } from './support/fits.mjs';
import { fileUrl, need, program, template, write } from './support/paths.mjs';
import { orrery, pageOf, serve } from './support/program.mjs';
import { starCsv } from './support/star.mjs';
import { kBench } from './support/tasks.mjs';

need(program, template);
const browser = await openBrowser();
let server;
before(async () => {
  server = await serve('open');
});
after(async () => {
  await server?.stop();
  await browser.close();
});
const own = fileUrl(write('faults.html', pageOf({ figure: kBench })));
const kSocketNoise = [/WebSocket connection to/, /ERR_CONNECTION_REFUSED/, /403/];

const rows = starCsv(60).trim().split('\n');
const withWord = rows.map((line, k) => (k === 41 ? line.replace(/,[^,]*,/, ',bright,') : line)).join('\n');
const garbage = Buffer.from(Array.from({ length: 4096 }, (_, k) => (k * 7919 + (k >> 3) * 31) & 255));
const times = Array.from({ length: 400 }, (_, k) => 100 + 0.37 * k);
const fits = fitsTable({ TIME: times, FLUX: times.map((t) => 1 + 0.1 * Math.sin(t)), FLUX_ERR: times.map(() => 0.01) });

/** Files that cannot be used, and what the line about each must say. */
const broken = {
  'empty.csv': [Buffer.alloc(0), [/empty\.csv/, /empty/]],
  'garbage.bin': [garbage, [/garbage\.bin/]],
  'one_word.csv': [withWord, [/one_word\.csv/, /42|row 41|line 42/, /mag/, /bright/]],
  'all_nan.csv': [`time,mag,error\n${rows.slice(1).map((l) => l.replace(/,[^,]*,/, ',nan,')).join('\n')}\n`, [/all_nan\.csv/]],
  'head_only.csv': ['time,mag,error\n', [/head_only\.csv/]],
};
const brokenFits = { 'cut.fits': [fits.subarray(0, 2880 * 3 - 1200), [/cut\.fits/]], 'head.fits': [fits.subarray(0, 2000), [/head\.fits/]] };

/** Drops a file and waits for what the page says about it. */
async function refused(page, name, bytes) {
  await drop(page, name, bytes);
  const line = page.locator('.fault', { hasText: name });
  await line.waitFor();
  await settled(page);
  assert.equal(await page.locator('.fault').count(), 1, 'one line');
  return (await line.innerText()).replace(/\s+/g, ' ');
}

async function survives(page, files) {
  const start = await look(page);
  for (const [name, [bytes, patterns]] of Object.entries(files)) {
    const words = await refused(page, name, bytes);
    for (const pattern of patterns) assert.match(words, pattern);
    assert.ok(words.length < 400, `one clear line, got ${words}`);
    assert.doesNotMatch(words, /RuntimeError|wasm|stack|undefined|\[object/i);
    const now = await look(page);
    assert.deepEqual(differences(start.panels, now.panels), [], `${name}: the picture is the one before`);
    assert.deepEqual(now.slots.series.name, start.slots.series.name, `${name}: the data is the one before`);
    // and it still works: twice the harmonics and back
    await control(page, 'harmonics').locator('input[type=range]').press('ArrowRight');
    await settled(page);
    const moved = await look(page);
    assert.ok(differences(start.panels.fold, moved.panels.fold).length > 0, `${name}: the sliders still move the picture`);
    assert.deepEqual(moved.faults, [], 'the line goes when the next picture comes');
    await control(page, 'harmonics').locator('input[type=range]').press('ArrowLeft');
    await settled(page);
    assert.deepEqual(differences(start.panels, (await look(page)).panels), [], `${name}: back to the same picture`);
  }
}

test('broken files on the page by itself', async () => {
  await withTab(browser, { offline: true }, async ({ page }) => {
    await page.goto(own);
    await settled(page);
    await survives(page, broken);
    assert.match(await refused(page, 'good.fits', fits), /FITS tables are read by the installed program/);
  });
});

test('broken files on the server', async () => {
  await withTab(browser, {}, async ({ page }) => {
    await page.goto(server.address);
    await settled(page);
    assert.equal((await look(page)).engine, 'server');
    await survives(page, { ...broken, ...brokenFits });
  });
});

test('good files after bad ones: CSV on the page, FITS on the server', async () => {
  await withTab(browser, { offline: true }, async ({ page }) => {
    await page.goto(own);
    await settled(page);
    await refused(page, 'one_word.csv', withWord);
    await drop(page, 'made.csv', starCsv(500, 300));
    await page.waitForFunction(() => window.orrery.app().client.slots.get('series')?.name === 'made.csv');
    await settled(page);
    const seen = await look(page);
    assert.deepEqual(seen.faults, []);
    assert.equal(seen.slots.series.rows, 500);
    assert.ok(Math.abs((await valueOf(page, 'period')) / 0.731 - 1) < 1e-3, `period ${await valueOf(page, 'period')}`);
  });
  await withTab(browser, {}, async ({ page }) => {
    await page.goto(server.address);
    await settled(page);
    await drop(page, 'good.fits', fits);
    await page.waitForFunction(() => window.orrery.app().client.slots.get('series')?.name === 'good.fits');
    await settled(page);
    const seen = await look(page);
    assert.deepEqual(seen.faults, []);
    assert.equal(seen.slots.series.rows, times.length);
    assert.ok(Math.abs((await valueOf(page, 'period')) / (2 * Math.PI) - 1) < 1e-3, `period ${await valueOf(page, 'period')}`);
  });
});

test('the server is killed in mid-session: the page says so and goes on by itself from the same values', async () => {
  const mortal = await serve('open', write('mortal.csv', starCsv(400, 200)));
  await withTab(browser, { allow: kSocketNoise }, async ({ page }) => {
    await page.goto(mortal.address);
    await settled(page);
    await type(page, 'period', 0.7);
    await type(page, 'harmonics', 3);
    await settled(page);
    const before = await look(page);
    assert.equal(before.engine, 'server');
    await mortal.kill();
    await page.locator('.notice', { hasText: 'The server does not answer' }).waitFor();
    await page.waitForFunction(() => document.querySelector('orrery-figure').dataset.engine === 'wasm');
    await settled(page);
    const after = await look(page);
    assert.deepEqual(after.values, before.values, 'the same slider values');
    assert.deepEqual(after.numbers, before.numbers, 'the same answer');
    assert.equal(after.slots.series.name, 'mortal.csv', 'on the user\'s own data');
    assert.deepEqual(after.faults, []);
    await type(page, 'period', 0.731);
    await settled(page);
    const moved = await look(page);
    assert.notDeepEqual(moved.numbers.period, after.numbers.period, 'it computes');
    assert.equal(moved.engine, 'wasm');
  });
});

test('the server goes silent and comes back: the page moves over and returns, values and data with it', async () => {
  await withTab(browser, { allow: kSocketNoise }, async ({ page }) => {
    let down = false;
    const open = [];
    await page.routeWebSocket(/\/session/, (socket) => {
      if (down) {
        socket.close();
        return;
      }
      socket.connectToServer();
      open.push(socket);
    });
    await page.goto(server.address);
    await settled(page);
    assert.equal((await look(page)).engine, 'server');
    await drop(page, 'made.csv', starCsv(300, 150));
    await page.waitForFunction(() => window.orrery.app().client.slots.get('series')?.name === 'made.csv');
    await type(page, 'period', 0.7);
    await settled(page);
    down = true;
    for (const socket of open.splice(0)) socket.close();
    await page.waitForFunction(() => document.querySelector('orrery-figure').dataset.engine === 'wasm');
    await settled(page);
    await type(page, 'harmonics', 4);
    await settled(page);
    const away = await look(page);
    assert.equal(away.notices.length, 1);
    down = false;
    await page.waitForFunction(() => document.querySelector('orrery-figure').dataset.engine === 'server');
    await settled(page);
    const back = await look(page);
    assert.deepEqual(back.notices, [], 'nothing more to say');
    assert.deepEqual(back.values, away.values);
    assert.deepEqual(back.numbers, away.numbers);
    assert.equal(back.slots.series.name, 'made.csv');
  });
});

test('a server that starts again with its token and port gets its pages back', async () => {
  const token = 'e2e0token0of0sixteen0';
  const first = await serve('open', '--token', token, write('mortal.csv', starCsv(400, 200)));
  await withTab(browser, { allow: kSocketNoise }, async ({ page }) => {
    await page.goto(first.address);
    await settled(page);
    await type(page, 'period', 0.7);
    await settled(page);
    await first.kill();
    await page.waitForFunction(() => document.querySelector('orrery-figure').dataset.engine === 'wasm');
    await settled(page);
    const away = await look(page);
    const second = await serve('serve', '--token', token, '--port', String(first.port)); // without the file: the page brings it along
    try {
      await page.waitForFunction(() => document.querySelector('orrery-figure').dataset.engine === 'server');
      await settled(page);
      const back = await look(page);
      assert.deepEqual(back.notices, []);
      assert.deepEqual(back.numbers, away.numbers);
      assert.equal(back.slots.series.name, 'mortal.csv');
    } finally {
      await second.stop();
    }
  });
  const short = await orrery('serve', '--token', 'short', '--no-browser');
  assert.equal(short.code, 2);
  assert.match(short.stderr, /16 or more/);
});

test('the columns of a dropped file can be named in the page, also after it was refused', async () => {
  await withTab(browser, { offline: true }, async ({ page }) => {
    await page.goto(own);
    await settled(page);
    const table = ['epoch,left,right,night', ...Array.from({ length: 80 }, (_, k) => {
      const t = 50 + 0.83 * k + 0.1 * Math.sin(k * k);
      return `${t},${(3 + Math.sin(t)).toFixed(5)},${(70 + 5 * Math.cos(2 * t)).toFixed(5)},${k % 7}`;
    })].join('\n');
    await drop(page, 'two.csv', table);
    await page.waitForFunction(() => window.orrery.app().client.slots.get('series')?.name === 'two.csv' || document.querySelector('.fault'));
    await page.locator('[data-tab=data]').click();
    await page.locator('details.columns > summary').click();
    const form = page.locator('form[data-columns]');
    const read = async (fields) => {
      for (const [name, text] of Object.entries(fields)) await form.locator(`[name=${name}]`).fill(text);
      await form.locator('button').click();
      await settled(page);
    };
    await read({ time: 'epoch', value: 'right', time_offset: '1000' });
    const right = await look(page);
    assert.deepEqual(right.faults, []);
    assert.match(right.slots.series.report.roles.value, /right/);
    assert.ok(right.panels.series.x[0] > 1000, 'the offset counts');
    assert.ok(right.panels.series.y.every((y) => y > 60 && y < 80), 'the values are the named column');
    await read({ value: '2', time_offset: '' });
    const left = await look(page);
    assert.match(left.slots.series.report.roles.value, /left/);
    assert.ok(left.panels.series.x[0] < 1000);
    await form.locator('[name=value]').fill('nobody');
    await form.locator('button').click();
    const fault = page.locator('.fault', { hasText: 'nobody' });
    await fault.waitFor();
    assert.match(await fault.innerText(), /two\.csv/);
    await settled(page);
    assert.deepEqual(differences(left.panels, (await look(page)).panels), [], 'the picture is the one before');
    await page.locator('[data-tab=explain]').click();
    await page.locator('[data-other-columns]').click();
    assert.equal(await form.locator('[name=value]').inputValue(), 'nobody');
    await read({ value: 'right' });
    assert.deepEqual((await look(page)).faults, []);
  });
});

/** A request with headers of our choice; gives status and body. */
const ask = (path, headers = {}, method = 'GET') => new Promise((resolve, reject) => {
  const call = request({ host: '127.0.0.1', port: server.port, path, method, headers }, (answer) => {
    let body = '';
    answer.on('data', (chunk) => (body += chunk));
    answer.on('end', () => resolve({ status: answer.statusCode, body }));
  });
  call.on('error', reject);
  call.end();
});

test('the server answers nobody but its own page', async () => {
  const good = `/?token=${server.token}`;
  assert.equal((await ask(good)).status, 200);
  assert.equal((await ask('/')).status, 403);
  assert.equal((await ask('/?token=')).status, 403);
  assert.equal((await ask(`/?token=${'0'.repeat(32)}`)).status, 403);
  assert.equal((await ask(good, { host: `evil.example:${server.port}` })).status, 403, 'foreign Host (DNS rebinding)');
  assert.equal((await ask(good, { origin: 'https://evil.example' })).status, 403, 'foreign Origin');
  assert.equal((await ask(good, { origin: 'null' })).status, 403, 'a file or sandbox as Origin');
  for (const path of ['/../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/etc/passwd', '//etc/passwd']) {
    const { status, body } = await ask(`${path}?token=${server.token}`);
    assert.ok(status === 404 || status === 403, `${path} gives ${status}`);
    assert.doesNotMatch(body, /root:/);
  }
  assert.equal((await ask(good, {}, 'POST')).status, 405);
  const { body } = await ask('/');
  assert.doesNotMatch(body, new RegExp(server.token), 'a refusal does not tell the token');
});

test('a page from elsewhere, or with a wrong token, gets no session', async () => {
  const outcome = (page, url) => page.evaluate((address) => new Promise((resolve) => {
    const socket = new WebSocket(address);
    socket.onopen = () => resolve('open');
    socket.onclose = () => resolve('refused');
  }), url);
  const session = `ws://127.0.0.1:${server.port}/session?token=`;
  const stranger = fileUrl(write('stranger.html', '<!doctype html><title>elsewhere</title>'));
  await withTab(browser, { allow: kSocketNoise }, async ({ page }) => {
    await page.goto(stranger);
    assert.equal(await outcome(page, session + server.token), 'refused', 'foreign Origin');
  });
  await withTab(browser, { allow: [...kSocketNoise, /security policy/, /Content Security Policy/] }, async ({ page }) => {
    await page.goto(server.address);
    await settled(page);
    assert.equal(await outcome(page, session + server.token), 'open', 'the page itself is let in');
    assert.equal(await outcome(page, session + 'f'.repeat(32)), 'refused', 'wrong token');
  });
});

/** A WebSocket by hand: shakes hands, sends raw bytes, gives what comes until the server closes. */
const rawSocket = (bytes) => new Promise((resolve, reject) => {
  const socket = connect(server.port, '127.0.0.1');
  let got = Buffer.alloc(0);
  let greeted = false;
  const own = `127.0.0.1:${server.port}`;
  socket.on('error', reject);
  socket.on('close', () => resolve(got));
  socket.setTimeout(20_000, () => reject(new Error('the server keeps the socket open')));
  socket.on('data', (chunk) => {
    got = Buffer.concat([got, chunk]);
    if (greeted || !got.includes('\r\n\r\n')) return;
    greeted = true;
    got = got.subarray(got.indexOf('\r\n\r\n') + 4);
    socket.write(bytes);
  });
  socket.write(`GET /session?token=${server.token} HTTP/1.1\r\nHost: ${own}\r\nOrigin: http://${own}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`);
});

test('an oversized frame is refused, and the server lives on', async () => {
  const header = Buffer.alloc(14);
  header[0] = 0x82; // last frame, binary
  header[1] = 0xff; // masked, 64-bit length
  header.writeBigUInt64BE(1n << 30n, 2);
  const answer = await rawSocket(Buffer.concat([header, Buffer.alloc(1024)]));
  assert.equal(answer[0], 0x88, 'a closing frame');
  assert.equal(answer.readUInt16BE(2), 1009, 'message too big');
  assert.equal((await ask(`/?token=${server.token}`)).status, 200);
});

test('links that make no sense open what does', async () => {
  await withTab(browser, { offline: true }, async ({ page }) => {
    await page.goto(`${own}#${kBench}?period=abc&harmonics=99&mask=zz,3-5&nothing=1&%E0%A4%A=2`);
    await settled(page);
    const seen = await look(page);
    assert.equal(seen.figure, kBench);
    assert.deepEqual(seen.faults, []);
    assert.equal(seen.values.period, null);
    assert.deepEqual(seen.values.mask, [3, 5]);
    assert.ok(!('nothing' in seen.values));
    await page.evaluate(() => (location.hash = '#no.such_figure'));
    await page.locator('.fault', { hasText: 'no.such_figure' }).waitFor();
    await page.evaluate((id) => (location.hash = `#${id}`), kBench);
    await settled(page);
    assert.deepEqual((await look(page)).faults, []);
  });
});

test('a page breaks its own policy: the tests notice', async () => {
  await assert.rejects(withTab(browser, { offline: true }, async ({ page }) => {
    await page.goto(own);
    await settled(page);
    await page.evaluate(() => {
      const image = new Image();
      image.src = 'https://example.invalid/x.png';
      return new Promise((done) => setTimeout(done, 300));
    });
  }), /the page had faults/);
});
