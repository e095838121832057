// Where the built things are; every path can be given by the environment.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
export const program = process.env.ORRERY_PROGRAM ?? join(root, 'build/release/apps/orrery/orrery');
/** The engine in WebAssembly: a module for each word that figures' ids begin with. */
export const modules = process.env.ORRERY_MODULES ?? join(root, 'build/wasm/modules');
/** The page as web/build.mjs leaves it, with its two places open. */
export const template = process.env.ORRERY_PAGE ?? join(root, 'web/dist/page.html');
export const out = join(root, 'build/e2e');
export const shared = process.env.ORRERY_SHARED_DATA ?? resolve(root, '../shared/data');

mkdirSync(out, { recursive: true });

/** Stops the file's tests when something they need was not built. */
export function need(...paths) {
  for (const path of paths) assert.ok(existsSync(path), `${path} is missing: build it first (make test does)`);
}

/** Writes a file of the tests' own and gives its path. */
export function write(name, content) {
  const path = join(out, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

export const fileUrl = (path, hash = '') => pathToFileURL(path).href + hash;
