// Whether two carriers answer with the same frames: heads byte for byte, columns to 1e-9 of their largest value, pictures of points
// to one step of a colour in one pixel of a thousand.
import assert from "node:assert/strict";

import { columns } from "./engine.mjs";

const kTolerance = 1e-9;

/** Largest difference in units of the largest value. */
function worstDifference(a, b) {
  let scale = 0, worst = 0;
  for (let i = 0; i < a.length; ++i) if (Number.isFinite(a[i])) scale = Math.max(scale, Math.abs(a[i]));
  for (let i = 0; i < a.length; ++i) {
    if (Object.is(a[i], b[i]) || (Number.isNaN(a[i]) && Number.isNaN(b[i])) || a[i] === b[i]) continue;
    const difference = Math.abs(a[i] - b[i]) / (scale || 1);
    worst = Number.isNaN(difference) ? Infinity : Math.max(worst, difference);
  }
  return worst;
}

/** Asserts that two columns agree; `where` names the place in a failure. */
export function compareColumn(name, a, b, where) {
  assert.equal(a.length, b.length, `${where}: length of ${name}`);
  if (a instanceof Uint8Array) {
    let different = 0;
    for (let i = 0; i < a.length; ++i) different += Math.abs(a[i] - b[i]) > 1 ? 1 : 0;
    assert.ok(different <= a.length / 1000, `${where}: ${name} differs in ${different} of ${a.length} bytes`);
    return;
  }
  // A float column cannot agree better than its own rounding.
  const tolerance = a instanceof Float32Array ? 1.2e-7 : kTolerance;
  const worst = worstDifference(a, b);
  assert.ok(worst <= tolerance, `${where}: ${name} differs by ${worst} of its largest value`);
}

/** Asserts that two carriers gave the same messages. Gives the number of columns compared. */
export function compareMessages(first, other, where) {
  // Progress depends on the clock: how often it is said is not part of the answer.
  const [a, b] = [first, other].map((messages) => messages.filter((m) => m.head.type !== "progress"));
  assert.equal(a.length, b.length, `${where}: number of messages`);
  let compared = 0;
  for (let i = 0; i < a.length; ++i) {
    assert.equal(a[i].text, b[i].text, `${where}: head of message ${i} (${a[i].head.type})`);
    const second = new Map(columns(b[i]));
    for (const [name, values] of columns(a[i])) {
      compareColumn(name, values, second.get(name), where);
      ++compared;
    }
  }
  return compared;
}
