// A headless Chromium, and tabs in it that remember everything that went wrong.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

const kArguments = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync', '--no-first-run'];
export const kPatience = 60_000; // a shared machine may be slow; what is slow is measured in measure.mjs, not here

export const openBrowser = (more = []) => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: [...kArguments, ...more] });

/** Requests that leave the page: everything but its own file and what it made itself. */
const leaves = (url) => !/^(file|data|blob|about):/.test(url);

/**
 * Runs `call({ page, context, faults, requests })` in a context of its own (a fresh profile) and then fails when the page wrote an
 * error, broke its own security policy, threw, left a promise rejected, or (offline) asked for anything from a network.
 * @param options.allow  words of errors that this test provokes
 */
export async function withTab(browser, options, call) {
  const { width = 1360, height = 1000, scheme = 'light', offline = false, allow = [], ...rest } = options;
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, acceptDownloads: true, reducedMotion: 'reduce', ...rest });
  const faults = [];
  const requests = [];
  const note = (text) => {
    if (!allow.some((words) => words.test(text))) faults.push(text);
  };
  if (offline) await context.setOffline(true);
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => console.error(`security policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  context.on('request', (request) => {
    requests.push(request.url());
    if (offline && leaves(request.url())) note(`a request left the page: ${request.url()}`);
  });
  context.on('page', (page) => {
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') note(`console ${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => note(`not caught: ${error.stack ?? error}`));
    page.on('crash', () => note('the page crashed'));
    page.on('websocket', (socket) => {
      requests.push(socket.url());
      if (offline) note(`a socket left the page: ${socket.url()}`);
    });
    page.setDefaultTimeout(kPatience);
  });
  try {
    const page = await context.newPage();
    const result = await call({ page, context, faults, requests });
    assert.deepEqual(faults, [], 'the page had faults');
    return result;
  } catch (error) {
    if (faults.length && !String(error.message).includes('the page had faults')) error.message += `\nfaults of the page: ${faults.join('\n')}`;
    throw error;
  } finally {
    await context.close();
  }
}
