import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [{ name: 'worker-text', resolveId: (id) => (id.startsWith('worker:') ? '\0worker' : null), load: (id) => (id === '\0worker' ? 'export default ""' : null) }],
  test: { include: ['test/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 120_000 },
  resolve: { alias: { '@': resolve(import.meta.dirname ?? '.', 'src') } },
});
