// Builds web/dist/page.html: one file with style, program, worker and (when given) every module of the engine inside.
//   node build.mjs [--wasm FOLDER] [--out FILE] [--config JSON] [--connect SOURCES] [--test]
// Without --config and --connect the file carries the placeholders that the server and `orrery export` replace.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const options = { out: join(here, 'dist/page.html'), config: '@ORRERY_CONFIG@', connect: '@ORRERY_CONNECT@' };
for (let k = 2; k < process.argv.length; k += 2) options[process.argv[k].replace(/^--/, '')] = process.argv[k + 1];

const common = { bundle: true, minify: true, format: 'iife', target: 'es2022', write: false, legalComments: 'none', charset: 'utf8', logLevel: 'warning' };

/** `import text from 'worker:./file.ts'` gives the bundled worker as a string. */
const workerText = {
  name: 'worker-text',
  setup(build) {
    build.onResolve({ filter: /^worker:/ }, (args) => ({ path: resolve(args.resolveDir, args.path.slice(7)), namespace: 'worker' }));
    build.onLoad({ filter: /.*/, namespace: 'worker' }, async (args) => {
      const result = await esbuild.build({ ...common, entryPoints: [args.path] });
      return { contents: result.outputFiles[0].text, loader: 'text' };
    });
  },
};

/** Lit's templates lose their indentation: it is never shown. */
const tightTemplates = {
  name: 'tight-templates',
  setup(build) {
    build.onLoad({ filter: /web\/src\/.*\.ts$/ }, (args) => {
      const source = readFileSync(args.path, 'utf8');
      return { contents: source.includes('html`') ? source.replace(/\n\s+(?=<|\$\{)/g, (space) => (space.includes('\n') ? '\n' : space)) : source, loader: 'ts' };
    });
  },
};

const text = async (entry, extra = {}) => (await esbuild.build({ ...common, entryPoints: [join(here, entry)], plugins: [workerText, tightTemplates], ...extra })).outputFiles[0].text.trim();

const bundle = await text(options.entry ?? 'src/main.ts');
if (/<\/script|<!--/i.test(bundle)) throw new Error('the bundle contains text that would end its script element');
const css = (await text('src/styles.css')).trim();
const modules = (options.wasm ? readdirSync(options.wasm) : [])
  .filter((name) => name.endsWith('.wasm'))
  .sort()
  .map((name) => ({ name: name.slice(0, -5), base64: gzipSync(readFileSync(join(options.wasm, name)), { level: 9 }).toString('base64') }));
if (options.wasm && modules.length === 0) throw new Error(`${options.wasm}: expected .wasm files, found none`);

// The page's own writer is used here too, so that an export is byte for byte the same kind of file.
const writer = join(here, 'node_modules/.cache/page.mjs');
mkdirSync(dirname(writer), { recursive: true });
await esbuild.build({ ...common, format: 'esm', entryPoints: [join(here, 'src/page.ts')], write: true, outfile: writer });
const { pageHtml } = await import(`${pathToFileURL(writer).href}?${Date.now()}`);
const bundleHash = createHash('sha256').update(bundle, 'utf8').digest('base64');
const page = pageHtml({ title: 'Orrery', css, bundle, bundleHash, modules, config: options.config, connect: options.connect });

mkdirSync(dirname(resolve(options.out)), { recursive: true });
writeFileSync(options.out, page);
const kb = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
const engines = modules.map(({ name, base64 }) => `${name} ${kb((base64.length / 4) * 3)}`).join(', ');
console.log(`${options.out}: ${kb(page.length)}; gzipped, program and style ${kb(gzipSync(bundle + css, { level: 9 }).length)}, engine ${engines || 'none'}`);
