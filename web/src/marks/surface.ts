// What drawing code draws on. Two back ends: Canvas2D and SVG; the same code makes the picture on the screen and in the file.

import type { Rect } from './layout';
import type { Bars, Batch } from './points';

export interface StrokeStyle {
  color: string;
  width?: number;
  alpha?: number;
  dash?: number[];
}

export interface FillStyle {
  color: string;
  alpha?: number;
}

export interface TextStyle {
  color: string;
  size?: number;
  weight?: number;
  align?: 'left' | 'center' | 'right';
  baseline?: 'top' | 'middle' | 'bottom' | 'alphabetic';
  /** Colour of a soft edge that keeps the text readable on marks. */
  halo?: string;
  italic?: boolean;
}

export interface Surface {
  begin(): void;
  move(x: number, y: number): void;
  line(x: number, y: number): void;
  circle(x: number, y: number, radius: number): void;
  rect(x: number, y: number, width: number, height: number, radius?: number): void;
  close(): void;
  stroke(style: StrokeStyle): void;
  fill(style: FillStyle): void;
  text(text: string, x: number, y: number, style: TextStyle): void;
  measure(text: string, size?: number, weight?: number): number;
  /** RGBA pixels (straight alpha) stretched over a rectangle; a negative width or height mirrors them. */
  image(rgba: Uint8ClampedArray<ArrayBuffer>, cols: number, rows: number, x: number, y: number, width: number, height: number, smooth: boolean): void;
  clip(x: number, y: number, width: number, height: number): void;
  unclip(): void;
  /** Draws many markers and error bars as pixels, where that is cheaper than paths; absent on a surface of vectors. */
  stamp?(plot: Rect, bars: Iterable<Bars>, points: Iterable<Batch>, radius: number, dim: number): void;
}

export const kFont = '"Inter", system-ui, "Helvetica Neue", Arial, sans-serif';
export const kTextSize = 11.5;
