// Hands and eyes on a figure's page: waiting until it rests, reading what it shows, moving its controls as a user would.
import assert from 'node:assert/strict';
import { kPatience } from './browser.mjs';

/** Waits until the picture is the answer to the last state that was sent. */
export async function settled(page) {
  await page.waitForFunction(() => document.querySelector('orrery-figure')?.hasAttribute('data-settled') && window.orrery?.settled(), null, { timeout: kPatience });
}

/** Waits until the gallery has drawn every card in sight. */
export async function galleryReady(page) {
  await page.waitForSelector('orrery-gallery[data-ready] .card', { timeout: kPatience });
}

/**
 * What the page shows now: engine, values, controls, numbers as text, words of warning and fault, and for each panel its range and a
 * digest of every column (FNV-1a of the bytes), so that two pictures can be compared; and the room of each panel, on which depends how
 * many points of a line are sent.
 */
export const look = (page) => page.evaluate(() => {
  const digest = (column) => {
    const bytes = new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
    let hash = 0x811c9dc5;
    for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
    return `${column.length}:${(hash >>> 0).toString(16)}`;
  };
  const { client } = window.orrery.app();
  const { frame, spec } = client;
  const text = (selector) => [...document.querySelectorAll(selector)].map((e) => e.textContent.replace(/\s+/g, ' ').trim()).filter(Boolean);
  const panels = {};
  for (const [id, panel] of frame?.panels ?? []) {
    panels[id] = { x: [panel.x.low, panel.x.high], y: [panel.y.low, panel.y.high], alt: panel.alt, marks: {} };
    for (const mark of panel.marks) {
      panels[id].marks[mark.id] = Object.fromEntries(Object.entries(mark.columns).map(([name, column]) => [name, digest(column)]));
    }
  }
  return {
    engine: document.querySelector('orrery-figure')?.dataset.engine ?? '',
    figure: client.figure,
    shelf: spec?.figure.shelf ?? '',
    values: { ...client.values },
    controls: frame?.controls ?? {},
    numbers: Object.fromEntries((frame?.numbers ?? []).map((n) => [n.label, n])),
    warnings: text('.warnings p'),
    faults: text('.fault'),
    notices: text('.notice'),
    code: frame?.code ?? {},
    slots: Object.fromEntries([...client.slots].map(([id, s]) => [id, { name: s.name, rows: s.rows, report: s.report, embedded: s.is_embedded }])),
    panels,
    room: Object.fromEntries(Object.entries(client.views).map(([id, view]) => [id, [view.width, view.height]])),
  };
});

/** A column of the frame as an array of numbers. */
export const column = (page, panel, mark, name) => page.evaluate(([p, m, n]) => {
  const found = window.orrery.app().client.frame.panels.get(p)?.marks.find((k) => k.id === m)?.columns[n];
  return found ? [...found] : null;
}, [panel, mark, name]);

/** The value in force of a control: the page's own, or what the engine chose. */
export const valueOf = (page, name) => page.evaluate((n) => {
  const { client } = window.orrery.app();
  return client.values[n] ?? client.frame?.controls[n]?.value ?? null;
}, name);

export const control = (page, name) => page.locator(`[data-control="${name}"]`);
export const panel = (page, id) => page.locator(`[data-panel="${id}"]`);

/** Types a number into a control's field, as a user does. */
export async function type(page, name, text, which = 0) {
  const field = control(page, name).locator('orrery-number input').nth(which);
  await field.fill(String(text));
  await field.press('Enter');
}

/** Drags an element by so many pixels, in steps, and lets it go. */
export async function dragBy(page, locator, dx, dy = 0, steps = 8) {
  await locator.scrollIntoViewIfNeeded();
  const box = await locator.boundingBox();
  assert.ok(box, 'what is to be dragged is on the page');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let k = 1; k <= steps; k++) await page.mouse.move(x + (dx * k) / steps, y + (dy * k) / steps);
  await page.mouse.up();
}

/** Drags the thumb of a range input to a place between 0 and 1 of its track. */
export async function slide(page, name, place, steps = 6) {
  const input = control(page, name).locator('input[type=range]').first();
  await input.scrollIntoViewIfNeeded();
  const box = await input.boundingBox();
  const at = await input.evaluate((e) => (Number(e.value) - Number(e.min)) / (Number(e.max) - Number(e.min)));
  const inner = (u) => box.x + 8 + u * (box.width - 16); // the thumb's middle stays half its width within the track
  const y = box.y + box.height / 2;
  await page.mouse.move(inner(at), y);
  await page.mouse.down();
  for (let k = 1; k <= steps; k++) await page.mouse.move(inner(at + ((place - at) * k) / steps), y);
  await page.mouse.up();
}

/** Brushes over a panel from one fraction of its plotting area to another, left to right. */
export async function brush(page, id, from, to) {
  const plot = panel(page, id).locator('.plot');
  await plot.scrollIntoViewIfNeeded();
  const box = await plot.boundingBox();
  const area = await page.evaluate((p) => {
    const element = document.querySelector('orrery-figure');
    return element.views.get(p).layout.plot;
  }, id);
  const x = (u) => box.x + area.left + u * area.width;
  const y = box.y + area.top + area.height / 2;
  await page.mouse.move(x(from), y);
  await page.mouse.down();
  for (let k = 1; k <= 6; k++) await page.mouse.move(x(from + ((to - from) * k) / 6), y);
  await page.mouse.up();
}

/** Drops a file on the page, with real DataTransfer and DragEvent objects. */
export async function drop(page, name, bytes) {
  const text = Buffer.from(bytes).toString('base64');
  await page.evaluate(([fileName, base64]) => {
    const content = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([content], fileName));
    for (const kind of ['dragover', 'drop']) document.body.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: transfer }));
  }, [name, text]);
}

/** Presses a button that saves a file and gives the file's bytes and name. */
export async function download(page, press) {
  const [file] = await Promise.all([page.waitForEvent('download'), press()]);
  const chunks = [];
  for await (const chunk of await file.createReadStream()) chunks.push(chunk);
  return { name: file.suggestedFilename(), bytes: Buffer.concat(chunks) };
}

/** Saves the figure through the Export menu: html, svg or png. */
export async function exported(page, kind) {
  await page.locator('details.menu > summary').click();
  return download(page, () => page.locator(`[data-export=${kind}]`).click());
}

/** Leaves of a look() that differ between two looks, as paths: "panels.fold.marks.model.y". */
export function differences(a, b, path = '') {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return [];
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return [path];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) => differences(a[key], b[key], path ? `${path}.${key}` : key));
}
