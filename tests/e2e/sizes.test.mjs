// What a page weighs: the page program with any one engine stays within the budget. The list goes to the log.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modules, need, program, template } from './support/paths.mjs';
import { sizes } from './support/tasks.mjs';

need(program, template, modules);

test('the page with its largest engine stays within 400 kB gzipped', () => {
  const rows = sizes();
  for (const r of rows) console.log(`${r.what}: ${r.median.toFixed(1)} ${r.unit}`);
  const limited = rows.filter((r) => r.budget !== null);
  assert.equal(limited.length, 1);
  for (const r of limited) assert.ok(r.median > 50 && r.median <= r.budget, `${r.what}: ${r.median.toFixed(1)} ${r.unit}, budget ${r.budget}`);
});
