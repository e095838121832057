// A built page in headless Chromium for tests.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const kArgs = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync', '--no-first-run'];
export const kWeb = join(fileURLToPath(import.meta.url), '../..');
export const axeSource = readFileSync(join(kWeb, 'node_modules/axe-core/axe.min.js'), 'utf8');

export interface Bench {
  browser: Browser;
  /** Opens the page at a hash; `problems` collects errors, refused requests and policy violations. */
  open(hash: string, options?: BrowserContextOptions, file?: string): Promise<{ page: Page; problems: string[] }>;
  folder: string;
}

/** Builds the page over the mock session, with a stand-in where the engine's bytes are, and starts the browser. */
export async function startBench(): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-web-'));
  const modules = join(folder, 'modules');
  mkdirSync(modules);
  for (const name of ['bench', 'other']) writeFileSync(join(modules, `${name}.wasm`), 'no engine, but something to carry');
  const out = join(folder, 'page.html');
  execFileSync('node', [join(kWeb, 'build.mjs'), '--entry', 'test/mock_page.ts', '--wasm', modules, '--out', out, '--config', '{"mode":"wasm","figure":null}', '--connect', "'none'"]);
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: kArgs });
  return {
    browser,
    folder,
    open: async (hash, options = {}, file = out) => {
      const context = await browser.newContext({ viewport: { width: 1360, height: 1000 }, acceptDownloads: true, ...options });
      const page = await context.newPage();
      const problems: string[] = [];
      page.on('pageerror', (error) => problems.push(String(error)));
      page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
      page.on('request', (request) => /^(https?|wss?):/.test(request.url()) && problems.push(`request to ${request.url()}`));
      await page.goto(pathToFileURL(file).href + hash);
      await page.waitForSelector(hash.includes('.') || file !== out ? 'orrery-figure[data-settled]' : 'orrery-gallery[data-ready]');
      return { page, problems };
    },
  };
}

export const settled = (page: Page): Promise<unknown> => page.waitForSelector('orrery-figure[data-settled]');
export const values = (page: Page): Promise<Record<string, unknown>> => page.evaluate(() => window.orrery!.app()!.client.values as Record<string, unknown>);
