// Surface that writes SVG: paths as paths, text as text, dense rasters as embedded PNG.
import { encodePng } from '../png';
import { kFont, kTextSize, type FillStyle, type StrokeStyle, type Surface, type TextStyle } from './surface';

const short = (v: number): string => (Number.isFinite(v) ? String(Math.round(v * 100) / 100) : '0');
export const escapeXml = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
    // Characters that XML 1.0 does not allow at all.
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');

interface Picture {
  rgba: Uint8ClampedArray<ArrayBuffer>;
  cols: number;
  rows: number;
}

export class SvgSurface implements Surface {
  private parts: string[] = [];
  private path = '';
  private clips = 0;
  private pictures: Picture[] = [];

  constructor(
    readonly width: number,
    readonly height: number,
    private readonly prefix = 'c',
    private readonly widthOf: (text: string, size: number) => number = (text, size) => 0.58 * size * text.length,
  ) {}

  begin(): void {
    this.path = '';
  }
  move(x: number, y: number): void {
    this.path += `M${short(x)} ${short(y)}`;
  }
  line(x: number, y: number): void {
    this.path += `L${short(x)} ${short(y)}`;
  }
  circle(x: number, y: number, r: number): void {
    const d = short(2 * r);
    this.path += `M${short(x - r)} ${short(y)}a${short(r)} ${short(r)} 0 1 0 ${d} 0a${short(r)} ${short(r)} 0 1 0 -${d} 0z`;
  }
  rect(x: number, y: number, width: number, height: number, radius = 0): void {
    const r = Math.min(radius, Math.abs(width) / 2, Math.abs(height) / 2);
    if (r <= 0) {
      this.path += `M${short(x)} ${short(y)}h${short(width)}v${short(height)}h${short(-width)}z`;
      return;
    }
    const arc = (dx: number, dy: number): string => `a${short(r)} ${short(r)} 0 0 1 ${short(dx)} ${short(dy)}`;
    this.path += `M${short(x + r)} ${short(y)}h${short(width - 2 * r)}${arc(r, r)}v${short(height - 2 * r)}${arc(-r, r)}`;
    this.path += `h${short(2 * r - width)}${arc(-r, -r)}v${short(2 * r - height)}${arc(r, -r)}z`;
  }
  close(): void {
    this.path += 'z';
  }

  stroke(style: StrokeStyle): void {
    if (!this.path) return;
    const dash = style.dash?.length ? ` stroke-dasharray="${style.dash.join(' ')}"` : '';
    const alpha = style.alpha !== undefined && style.alpha < 1 ? ` stroke-opacity="${short(style.alpha)}"` : '';
    this.parts.push(`<path d="${this.path}" fill="none" stroke="${style.color}" stroke-width="${short(style.width ?? 1)}" stroke-linejoin="round"${dash}${alpha}/>`);
  }

  fill(style: FillStyle): void {
    if (!this.path) return;
    const alpha = style.alpha !== undefined && style.alpha < 1 ? ` fill-opacity="${short(style.alpha)}"` : '';
    this.parts.push(`<path d="${this.path}" fill="${style.color}"${alpha}/>`);
  }

  text(text: string, x: number, y: number, style: TextStyle): void {
    const size = style.size ?? kTextSize;
    const shift = { top: 0.8, middle: 0.35, bottom: -0.2, alphabetic: 0 }[style.baseline ?? 'alphabetic'] * size;
    const anchor = { left: 'start', center: 'middle', right: 'end' }[style.align ?? 'left'];
    const halo = style.halo ? ` stroke="${style.halo}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"` : '';
    const weight = style.weight && style.weight !== 400 ? ` font-weight="${style.weight}"` : '';
    const italic = style.italic ? ' font-style="italic"' : '';
    this.parts.push(
      `<text x="${short(x)}" y="${short(y + shift)}" font-size="${short(size)}" text-anchor="${anchor}" fill="${style.color}"${weight}${italic}${halo}>${escapeXml(text)}</text>`,
    );
  }

  measure(text: string, size = kTextSize): number {
    return this.widthOf(text, size);
  }

  image(rgba: Uint8ClampedArray<ArrayBuffer>, cols: number, rows: number, x: number, y: number, width: number, height: number, smooth: boolean): void {
    if (cols < 1 || rows < 1) return;
    const mark = `@picture${this.pictures.length}@`;
    this.pictures.push({ rgba, cols, rows });
    const turn = ` transform="translate(${short(x)} ${short(y)}) scale(${Math.sign(width) || 1} ${Math.sign(height) || 1})"`;
    const rendering = smooth ? '' : ' style="image-rendering:pixelated"';
    this.parts.push(`<image width="${short(Math.abs(width))}" height="${short(Math.abs(height))}" preserveAspectRatio="none"${turn}${rendering} href="${mark}"/>`);
  }

  clip(x: number, y: number, width: number, height: number): void {
    const id = `${this.prefix}${++this.clips}`;
    this.parts.push(`<clipPath id="${id}"><rect x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}"/></clipPath><g clip-path="url(#${id})">`);
  }
  unclip(): void {
    this.parts.push('</g>');
  }

  /** The whole document. `metadata` is kept as JSON in <metadata>. */
  async finish(metadata: unknown, title: string, background: string): Promise<string> {
    let body = this.parts.join('\n');
    for (const [k, picture] of this.pictures.entries()) {
      const png = await encodePng(picture.rgba, picture.cols, picture.rows);
      let binary = '';
      for (let at = 0; at < png.length; at += 8192) binary += String.fromCharCode(...png.subarray(at, at + 8192));
      body = body.replace(`href="@picture${k}@"`, () => `href="data:image/png;base64,${btoa(binary)}"`);
    }
    const size = `width="${short(this.width)}" height="${short(this.height)}" viewBox="0 0 ${short(this.width)} ${short(this.height)}"`;
    return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="${escapeXml(kFont)}">
<title>${escapeXml(title)}</title>
<metadata id="orrery">${escapeXml(JSON.stringify(metadata))}</metadata>
<rect width="100%" height="100%" fill="${background}"/>
${body}
</svg>
`;
  }
}

/** The state inside an SVG that this page wrote, or null. */
export function readSvgState(text: string): unknown {
  const match = /<metadata id="orrery">([\s\S]*?)<\/metadata>/.exec(text);
  if (!match) return null;
  const plain = match[1]!.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&amp;/g, '&');
  try {
    return JSON.parse(plain) as unknown;
  } catch {
    return null;
  }
}
