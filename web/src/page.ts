// The one HTML file: written by the build, and again by the page itself when it exports. Its engine and its program are inside.
import type { Config } from './types';

/** The part of the engine that computes the figures whose ids begin with `name` and a dot. */
export interface EngineModule {
  name: string;
  /** base64(gzip(wasm)). */
  base64: string;
}

export interface PageParts {
  title: string;
  css: string;
  /** Text of the one inline script. */
  bundle: string;
  /** base64 of its SHA-256. */
  bundleHash: string;
  /** The engine's modules. */
  modules: EngineModule[];
  /** JSON text of the configuration, with every < escaped; or the placeholder that the server replaces. */
  config: string;
  /** The connect-src of the policy. */
  connect: string;
}

const escapeHtml = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

export const configJson = (config: Config): string => JSON.stringify(config).replace(/</g, '\\u003c');

export function pageHtml(parts: PageParts): string {
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${parts.bundleHash}' 'wasm-unsafe-eval'`,
    'worker-src blob:',
    "style-src 'unsafe-inline'",
    'img-src data: blob:',
    `connect-src ${parts.connect}`,
  ].join('; ');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(parts.title)}</title>
<style id="orrery-style">${parts.css}</style></head>
<body><orrery-app></orrery-app><noscript>This page computes its figures itself and needs JavaScript.</noscript>
<script type="application/json" id="orrery-config">${parts.config}</script>
${parts.modules.map(({ name, base64 }) => `<script type="application/octet-stream" data-module="${name}">${base64}</script>\n`).join('')}<script id="orrery-bundle">${parts.bundle}</script>
</body></html>
`;
}

const textOf = (id: string): string => document.getElementById(id)?.textContent ?? '';

/** Name of the module that computes a figure. */
export const moduleOf = (figure: string): string => figure.slice(0, Math.max(0, figure.indexOf('.')));

/** The modules inside this page. */
export function modulesInPage(): EngineModule[] {
  return [...document.querySelectorAll<HTMLElement>('script[data-module]')].map((e) => ({ name: e.dataset.module!, base64: e.textContent!.trim() }));
}

/** This very page with another figure state inside and the one module that it needs, cut off from every network. */
export function exportHtml(title: string, config: Config): string {
  const policy = document.querySelector('meta[http-equiv="Content-Security-Policy"]')?.getAttribute('content') ?? '';
  const bundleHash = /'sha256-([^']+)'/.exec(policy)?.[1] ?? '';
  return pageHtml({
    title,
    css: textOf('orrery-style'),
    bundle: textOf('orrery-bundle'),
    bundleHash,
    modules: modulesInPage().filter((m) => m.name === moduleOf(config.figure ?? '')),
    config: configJson(config),
    connect: "'none'",
  });
}

export function readConfig(): Config {
  const start: Config = { mode: 'wasm', figure: null };
  try {
    return { ...start, ...(JSON.parse(textOf('orrery-config')) as Partial<Config>) };
  } catch {
    return start;
  }
}

/** The configuration inside an exported page's text, or null. */
export function readExport(text: string): Config | null {
  const match = /<script type="application\/json" id="orrery-config">([\s\S]*?)<\/script>/.exec(text);
  if (!match) return null;
  try {
    return JSON.parse(match[1]!) as Config;
  } catch {
    return null;
  }
}
