// Native and wasm answer with the same frames: every figure, at its start, its ends and random states. Heads must be the same
// bytes; columns agree to 1e-9 of their largest value (pictures of points to one step of a colour in one pixel of a thousand).
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";

import { compareMessages } from "./compare.mjs";
import { encode, nativeEngine, wasmEngine } from "./engine.mjs";

const root = new URL("../../", import.meta.url).pathname;
const program = process.env.ORRERY_PROGRAM ?? `${root}build/release/apps/orrery/orrery`;
const modules = process.env.ORRERY_MODULES ?? `${root}build/wasm/modules`;
const kRandomStates = Number(process.env.ORRERY_PARITY_STATES ?? 20);

for (const path of [program, modules]) assert.ok(existsSync(path), `${path} is missing: build it first (make test does)`);

/** What makes a state long without making it another kind of state: few of it, but in the state it starts with. */
const kShort = { "lectures.alarm_calibration": { skies: 20 }, "recovery.completeness": { trials: 1 } };

/** A small reproducible generator (mulberry32): the same states on every machine. */
function generator(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function valueAt(control, place) {
  const { kind, low, high, scale, choices } = control;
  const between = (u) => (scale === "log" ? low * Math.pow(high / low, u) : low + (high - low) * u);
  switch (kind) {
    case "integer": return Math.round(between(place()));
    case "slider": return Number(between(place()).toPrecision(12));
    case "range": return [between(place()), between(place())].sort((a, b) => a - b);
    case "point": return [between(place()), between(place())];
    case "toggle": return place() > 0.5;
    case "choice": return choices.length > 0 ? choices[Math.min(choices.length - 1, Math.floor(place() * choices.length))] : control.start;
    default: return control.start;
  }
}

function states(spec) {
  const all = [["start", {}]];
  const everywhere = (place) => Object.fromEntries(spec.controls.map((c) => [c.name, valueAt(c, place)]));
  for (const control of spec.controls) {
    all.push([`${control.name} low`, { [control.name]: valueAt(control, () => 0) }]);
    all.push([`${control.name} high`, { [control.name]: valueAt(control, () => 1) }]);
  }
  for (let i = 0; i < kRandomStates; ++i) all.push([`random ${i}`, everywhere(generator(1000 + i))]);
  return all;
}

export const listing = await (async () => {
  const native = nativeEngine(program);
  const [message] = await native.ask(encode(1, { type: "figures" }));
  native.close();
  return message.head.figures.map((f) => f.id);
})();

/** A figure's module has the name that the figure's id begins with. */
const moduleOf = (figure) => `${modules}/${figure.split(".")[0]}.wasm`;

/** Two files of about the same length share the figures, because each runs in a process of its own: these, and the others. */
const kSecondFile = ["hacks.planets", "recovery.completeness"];

/** Tests of the figures of one of the files, or of those that ORRERY_FIGURES names (the first file takes them). */
export function parityOf(second) {
  const named = process.env.ORRERY_FIGURES?.split(",");
  const mine = named ? (second ? [] : named) : [...listing, "live.reference"].filter((figure) => kSecondFile.includes(figure) === second);
  for (const figure of mine) parity(figure);
}

function parity(figure) {
  test(`native and wasm agree: ${figure}`, async () => {
    const engines = [nativeEngine(program), await wasmEngine(moduleOf(figure))];
    try {
      let sequence = 1;
      const both = async (head) => {
        const bytes = encode(sequence++, head);
        return Promise.all(engines.map((engine) => engine.ask(bytes)));
      };
      const [opened] = await both({ type: "open", figure, values: {} });
      const { figure: spec } = opened.find((m) => m.head.type === "spec").head;
      // The limits and choices that a user meets: the frame's, where it has its own.
      const chosen = opened.at(-1).head.controls;
      spec.controls = spec.controls.map((c) => {
        const { low = c.low, high = c.high, choices = c.choices } = chosen[c.name] ?? {};
        return { ...c, low, high, choices };
      });
      for (const [name, values] of states(spec)) {
        const [native, inWasm] = await both({ type: "open", figure, values: name === "start" ? values : { ...values, ...kShort[figure] } });
        compareMessages(native, inWasm, `${figure} at ${name}`);
        assert.ok(native.at(-1).head.final, `${figure} at ${name}: no final frame`);
      }
    } finally {
      for (const engine of engines) engine.close();
    }
  });
}
