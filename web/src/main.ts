// Entry of the page.
import './gallery';
import { AppElement } from './app';
import './main_types';

customElements.define('orrery-app', AppElement);

const app = (): AppElement | null => document.querySelector('orrery-app');
const figure = (): HTMLElement | null => document.querySelector('orrery-figure');

// For tests and for the curious: the last frame drawn, and whether it is the answer to the last state sent.
window.orrery = {
  app,
  seq: () => app()?.client.frame?.seq ?? 0,
  settled: () => app()?.client.settled ?? false,
  engine: () => figure()?.dataset.engine ?? '',
};
