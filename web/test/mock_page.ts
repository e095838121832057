// The page over the mock session: `node build.mjs --entry test/mock_page.ts` for looking at it without an engine.
import { AppElement } from '../src/app';
import { MockEngine } from './mock_session';

AppElement.engines = () => ({ wasm: () => new MockEngine(5) });
void import('../src/main');
