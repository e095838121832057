// What the page offers to tests and to the curious as window.orrery.
import type { AppElement } from './app';

declare global {
  interface Window {
    orrery?: { app: () => AppElement | null; seq: () => number; settled: () => boolean; engine: () => string };
  }
}
export {};
