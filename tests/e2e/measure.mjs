// Measures the live page in headless Chromium and writes bench/LIVE.md. usage: node tests/e2e/measure.mjs [RUNS] (20)
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { openBrowser } from './support/browser.mjs';
import { need, program, root, template, modules } from './support/paths.mjs';
import { benchByServer, benchByWasm, load, reference, settle, sizes } from './support/tasks.mjs';

const runs = Number(process.argv[2] ?? 20);
need(program, modules, template);
const browser = await openBrowser();
const rows = [];
const measure = async (words, call) => {
  console.error(`measuring: ${words}`);
  for (const r of await call()) {
    rows.push(r);
    console.error(`  ${line(r)}`);
  }
};

const digits = (value, unit) => (Number.isFinite(value) ? value.toFixed(unit === 'ms' && value < 100 ? 1 : 0) : '-');
const verdict = (r) => (r.budget === null ? '' : r.median <= r.budget ? 'met' : '**missed**');
const line = (r) => `| ${r.what} | ${digits(r.median, r.unit)} | ${r.n > 1 ? digits(r.p95, r.unit) : ''} | ${r.unit === '1' ? '' : r.unit} | ${r.n} | ${r.budget ?? ''} | ${verdict(r)} | ${r.note} |`;

await measure('sizes', () => sizes());
await measure('loading', () => load(browser, runs));
await measure('the bench by wasm', () => benchByWasm(browser, 2 * runs));
await measure('the bench by server', () => benchByServer(browser, 2 * runs));
await measure('the four-panel reference', () => reference(browser, runs / 2));
await measure('settling', () => settle(browser, runs));
const version = browser.version();
await browser.close();

const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
const report = `# The live page, measured

\`node tests/e2e/measure.mjs ${runs}\` (part of \`make bench\`) at commit ${git('rev-parse', '--short', 'HEAD')} in headless Chromium ${version} with software raster,
on ${cpus().length} cores (${cpus()[0].model.trim()}). Medians and 95th percentiles; "painted" is the end of the main thread's rendering
step in which the frame was drawn. Budgets are those of the design's section 4.

| what | median | p95 | unit | n | budget | | how |
|---|---|---|---|---|---|---|---|
${rows.map(line).join('\n')}
`;
writeFileSync(join(root, 'bench/LIVE.md'), report);
console.log(report);
