// Runs the test files of this folder side by side (node's own command runs one after the other where there are two cores).
// usage: node tests/contract/run.mjs
import { readdirSync } from "node:fs";
import { run } from "node:test";
import { spec } from "node:test/reporters";

const folder = new URL(".", import.meta.url).pathname;
const files = readdirSync(folder).filter((name) => name.endsWith(".test.mjs")).map((name) => folder + name);
const results = run({ files, concurrency: files.length });
results.on("test:fail", () => { process.exitCode = 1; });
results.compose(new spec()).pipe(process.stdout);
