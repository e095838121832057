// Just enough PNG: writing pixels, and an iTXt chunk that carries the figure's state.

const kSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const kKeyword = 'orrery';

let table: Uint32Array | null = null;

/** CRC-32 as PNG asks for it (ISO 3309). */
export function crc32(bytes: Uint8Array): number {
  if (!table) {
    table = new Uint32Array(256);
    for (let n = 0; n < 256; n++) {
      let c = n;
      for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
      table[n] = c >>> 0;
    }
  }
  let crc = 0xffffffff;
  for (const byte of bytes) crc = table[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(12 + data.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  for (let k = 0; k < 4; k++) out[4 + k] = type.charCodeAt(k);
  out.set(data, 8);
  view.setUint32(8 + data.length, crc32(out.subarray(4, 8 + data.length)));
  return out;
}

function join(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** RGBA pixels, straight alpha, as a PNG file. */
export async function encodePng(rgba: Uint8ClampedArray, width: number, height: number): Promise<Uint8Array<ArrayBuffer>> {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 6, 0, 0, 0], 8); // 8 bits, RGBA
  const lines = new Uint8Array(height * (1 + 4 * width));
  for (let row = 0; row < height; row++) {
    lines.set(rgba.subarray(4 * width * row, 4 * width * (row + 1)), row * (1 + 4 * width) + 1); // filter 0
  }
  return join([new Uint8Array(kSignature), chunk('IHDR', header), chunk('IDAT', await deflate(lines)), chunk('IEND', new Uint8Array())]);
}

/** Adds the text under our keyword behind the header of a PNG file. */
export function addPngText(png: Uint8Array, text: string): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  // keyword, end, not compressed (2 bytes), no language, no translated keyword
  const data = join([encoder.encode(kKeyword), new Uint8Array(5), encoder.encode(text)]);
  const header = 8 + 12 + 13;
  return join([png.subarray(0, header), chunk('iTXt', data), png.subarray(header)]);
}

/** The text under our keyword; null when there is none or the file is damaged. */
export function readPngText(png: Uint8Array): string | null {
  if (png.length < 8 || !kSignature.every((byte, k) => png[k] === byte)) return null;
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  for (let at = 8; at + 12 <= png.length; ) {
    const size = view.getUint32(at);
    if (at + 12 + size > png.length) return null;
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    const data = png.subarray(at + 8, at + 8 + size);
    if (type === 'iTXt' && new TextDecoder().decode(data.subarray(0, kKeyword.length + 1)) === `${kKeyword}\0`) {
      if (view.getUint32(at + 8 + size) !== crc32(png.subarray(at + 4, at + 8 + size))) return null;
      return new TextDecoder().decode(data.subarray(kKeyword.length + 5));
    }
    at += 12 + size;
  }
  return null;
}
