// The real program: one-shot verbs, and a server that can be killed.
import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { readFileSync } from 'node:fs';
import { program, template } from './paths.mjs';

const run = promisify(execFile);

/** Runs a verb; gives { code, stdout, stderr }. */
export async function orrery(...args) {
  try {
    const { stdout, stderr } = await run(program, args, { maxBuffer: 1 << 28 });
    return { code: 0, stdout, stderr };
  } catch (error) {
    if (typeof error.code !== 'number') throw error;
    return { code: error.code, stdout: error.stdout, stderr: error.stderr };
  }
}

/** `orrery serve|open ...`: waits for the address it prints. */
export async function serve(...args) {
  const child = spawn(program, [...args, '--no-browser'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const address = await new Promise((resolve, reject) => {
    const hear = (chunk) => {
      said += chunk;
      const found = /http:\/\/127\.0\.0\.1:\d+\/\?token=\w+/.exec(said);
      if (found) resolve(found[0]);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('exit', (code) => reject(new Error(`orrery ${args.join(' ')} ended with ${code}: ${said}`)));
  });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const url = new URL(address);
  return {
    address, said: () => said, port: Number(url.port), token: url.searchParams.get('token'), pid: child.pid,
    /** SIGKILL: no goodbye to the page. */
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT');
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await gone;
      clearTimeout(late);
    },
  };
}

/** The page with its places filled for a page on its own, as apps/orrery/page.cpp does; for figures that no verb exports so. */
export function pageOf(config) {
  let html = readFileSync(template, 'utf8');
  const full = { mode: 'wasm', token: '', single: false, values: {}, slots: [], figure: null, ...config };
  if (full.single) html = html.replace(/<script [^>]*data-module="(\w+)">.*\n/g, (element, name) => (full.figure.startsWith(`${name}.`) ? element : ''));
  else full.figures = JSON.parse(execFileSync(program, ['figures', '--json'], { encoding: 'utf8' }));
  const filled = JSON.stringify(full).replace(/</g, '\\u003c');
  for (const place of ['@ORRERY_CONNECT@', '@ORRERY_CONFIG@']) assert.equal(html.split(place).length, 2, `the page has one place ${place}`);
  return html.replace('@ORRERY_CONNECT@', () => "'none'").replace('@ORRERY_CONFIG@', () => filled);
}
