// Colours of the page as the marks need them. The style sheet holds the same values as custom properties (styles.css).
import type { Palette, Role } from '../types';

export interface Theme {
  background: string;
  panel: string;
  ink: string;
  soft: string;
  line: string;
  data: string;
  model: string;
  accent: string;
  mute: string;
  warn: string;
  /** Okabe and Ito's colours in our order, made darker or lighter where the theme asks for 3:1 against the panel. */
  band: string[];
}

export const kLight: Theme = {
  background: '#fbfaf7', panel: '#ffffff', ink: '#1d2430', soft: '#5d6675', line: '#cfcabf',
  data: '#2b2f36', model: '#d1495b', accent: '#0b6e8a', mute: '#b9b4a8', warn: '#d9902f',
  band: ['#0072b2', '#d55e00', '#009067', '#b8578f', '#b07800', '#2f87bd', '#6b6f76'],
};

export const kDark: Theme = {
  background: '#12151b', panel: '#171b22', ink: '#e8e6e1', soft: '#9aa3b2', line: '#343b48',
  data: '#d9d6cf', model: '#ff7a85', accent: '#5cc4dd', mute: '#545c6a', warn: '#d9902f',
  band: ['#4aa3e0', '#e8762c', '#22b98c', '#d487b3', '#e69f00', '#8fd0f5', '#a5a9b0'],
};

/** Colours forced by the system: only what CSS names them. */
function forced(): Theme {
  const probe = document.createElement('span');
  document.body.append(probe);
  const color = (name: string): string => {
    probe.style.color = name;
    const [r, g, b] = (getComputedStyle(probe).color.match(/\d+/g) ?? ['0', '0', '0']).map(Number);
    return `#${[r, g, b].map((v) => (v ?? 0).toString(16).padStart(2, '0')).join('')}`;
  };
  const [canvas, ink, mark, gray] = [color('Canvas'), color('CanvasText'), color('Highlight'), color('GrayText')];
  const link = color('LinkText');
  probe.remove();
  return {
    background: canvas, panel: canvas, ink, soft: ink, line: gray, data: ink, model: mark, accent: link, mute: gray, warn: ink,
    band: [ink, mark, link, gray, ink, mark, link],
  };
}

export function currentTheme(): Theme {
  if (matchMedia('(forced-colors: active)').matches) return forced();
  return matchMedia('(prefers-color-scheme: dark)').matches ? kDark : kLight;
}

/** Calls back when the theme may have changed. */
export function watchTheme(call: () => void): () => void {
  const queries = ['(prefers-color-scheme: dark)', '(forced-colors: active)'].map((q) => matchMedia(q));
  for (const query of queries) query.addEventListener('change', call);
  return () => queries.forEach((query) => query.removeEventListener('change', call));
}

export const paletteOf = (theme: Theme): Palette => ({
  data: theme.data, model: theme.model, accent: theme.accent, mute: theme.mute, warn: theme.warn, band: theme.band,
});

export const roleColor = (theme: Theme, role: Role): string => (role === 'band' ? theme.band[0]! : theme[role]);
export const bandColor = (theme: Theme, band: number): string => theme.band[((band % theme.band.length) + theme.band.length) % theme.band.length]!;
