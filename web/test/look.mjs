// Looks at a built page in headless Chromium: `node test/look.mjs PAGE OUT_PREFIX HASH [light|dark] [WIDTH] [HEIGHT]`.
import { chromium } from 'playwright-core';
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';

const [page, out, hash = '', scheme = 'light', width = '1360', height = '1020'] = process.argv.slice(2);
const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync', '--no-first-run'];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args });
const tab = await browser.newPage({ viewport: { width: Number(width), height: Number(height) }, colorScheme: scheme, hasTouch: Number(width) < 600 });
tab.on('console', (message) => console.log(message.type(), message.text()));
tab.on('pageerror', (error) => console.log('error', error.stack));
await tab.goto(pathToFileURL(resolve(page)).href + hash);
await tab.waitForSelector(hash.includes('.') ? '[data-settled]' : 'orrery-gallery[data-ready]', { timeout: 20000 }).catch((e) => console.log(e.message.split('\n')[0]));
await tab.waitForTimeout(300);
await tab.screenshot({ path: out, fullPage: true });
await browser.close();
