// The container of docs/guide/protocol.md: 24 bytes of fixed head, a JSON head, 64-byte aligned columns. Both directions.

export type DType = 'f64' | 'f32' | 'i32' | 'u32' | 'u8';
export type Column = Float64Array | Float32Array | Int32Array | Uint32Array | Uint8Array;

/** How a head describes a column: `off` for bytes in this message, `same` for the bytes of the last one. */
export interface ColumnRef {
  id: string;
  dtype: DType;
  len: number;
  off?: number;
  same?: boolean;
}

/** A decoded message: its head, its sequence number, and a reader of columns that checks every bound. */
export interface Message<Head = Record<string, unknown>> {
  seq: number;
  head: Head & { type: string };
  column(ref: ColumnRef): Column;
}

export class ProtocolError extends Error {
  override name = 'ProtocolError';
}

const kMagic = 0x5952524f; // "ORRY", little-endian
const kVersion = 1;
const kFixed = 24;
const kAlign = 64;
const kSize: Record<DType, number> = { f64: 8, f32: 4, i32: 4, u32: 4, u8: 1 };

const align = (n: number): number => Math.ceil(n / kAlign) * kAlign;
const isObject = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null && !Array.isArray(v);
const isCount = (v: unknown): v is number => typeof v === 'number' && Number.isInteger(v) && v >= 0;

function makeColumn(dtype: DType, buffer: ArrayBuffer, offset: number, length: number): Column {
  switch (dtype) {
    case 'f64': return new Float64Array(buffer, offset, length);
    case 'f32': return new Float32Array(buffer, offset, length);
    case 'i32': return new Int32Array(buffer, offset, length);
    case 'u32': return new Uint32Array(buffer, offset, length);
    case 'u8': return new Uint8Array(buffer, offset, length);
  }
}

/** Name of a column's element type. */
export function dtypeOf(column: Column): DType {
  if (column instanceof Float64Array) return 'f64';
  if (column instanceof Float32Array) return 'f32';
  if (column instanceof Int32Array) return 'i32';
  return column instanceof Uint32Array ? 'u32' : 'u8';
}

/** Reads one message. Throws ProtocolError on anything that is not a well-formed message of version 1. */
export function decode(bytes: Uint8Array | ArrayBuffer): Message {
  let data = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes;
  if (data.byteOffset % kAlign !== 0 || !(data.buffer instanceof ArrayBuffer)) data = data.slice(); // typed arrays need aligned starts
  const buffer = data.buffer as ArrayBuffer;
  const start = data.byteOffset;
  const size = data.byteLength;
  if (size < kFixed) throw new ProtocolError(`expected a message of at least ${kFixed} bytes, got ${size}`);
  const view = new DataView(buffer, start, size);
  if (view.getUint32(0, true) !== kMagic) throw new ProtocolError('expected the magic ORRY');
  if (view.getUint16(4, true) !== kVersion) throw new ProtocolError(`expected version ${kVersion}, got ${view.getUint16(4, true)}`);
  const headBytes = view.getUint32(8, true);
  const total = view.getUint32(12, true);
  if (total !== size) throw new ProtocolError(`expected ${total} bytes, got ${size}`);
  if (headBytes > size - kFixed) throw new ProtocolError(`head of ${headBytes} bytes does not fit into ${size}`);
  const seq = Number(view.getBigUint64(16, true));
  let head: unknown;
  try {
    head = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data.subarray(kFixed, kFixed + headBytes)));
  } catch {
    throw new ProtocolError('the head is not JSON in UTF-8');
  }
  if (!isObject(head) || typeof head.type !== 'string') throw new ProtocolError('the head is not an object with a type');
  const first = kFixed + headBytes;
  const column = (ref: ColumnRef): Column => {
    const width = isObject(ref) ? kSize[ref.dtype] : undefined;
    if (width === undefined) throw new ProtocolError(`column of unknown type ${String(ref?.dtype)}`);
    if (!isCount(ref.len) || !isCount(ref.off)) throw new ProtocolError(`column ${ref.id}: bad length or offset`);
    if (ref.off % kAlign !== 0) throw new ProtocolError(`column ${ref.id}: offset ${ref.off} is not a multiple of ${kAlign}`);
    if (ref.len > 0 && (ref.off < first || ref.off + ref.len * width > size)) {
      throw new ProtocolError(`column ${ref.id}: ${ref.len} x ${width} bytes at ${ref.off} lie outside the message of ${size}`);
    }
    return makeColumn(ref.dtype, buffer, ref.len === 0 ? start : start + ref.off, ref.len);
  };
  return { seq, head: head as { type: string }, column };
}

/** Writes one message. `columns` become `head.columns` with their places filled in. */
export function encode(head: Record<string, unknown> & { type: string }, seq: number, columns: Record<string, Column> = {}): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(columns);
  const encoder = new TextEncoder();
  const describe = (base: number): ColumnRef[] => {
    let off = base;
    return entries.map(([id, values]) => {
      const ref: ColumnRef = { id, dtype: dtypeOf(values), len: values.length, off };
      off = align(off + values.byteLength);
      return ref;
    });
  };
  const write = (base: number): Uint8Array => encoder.encode(JSON.stringify(entries.length ? { ...head, columns: describe(base) } : head));
  let base = align(kFixed + write(0).length);
  let json = write(base);
  while (entries.length && align(kFixed + json.length) !== base) {
    base = align(kFixed + json.length); // the offsets' own digits may move the columns
    json = write(base);
  }
  const refs = describe(base);
  const last = refs[refs.length - 1];
  const total = last ? last.off! + last.len * kSize[last.dtype] : kFixed + json.length;
  const out = new Uint8Array(total);
  const view = new DataView(out.buffer);
  view.setUint32(0, kMagic, true);
  view.setUint16(4, kVersion, true);
  view.setUint32(8, json.length, true);
  view.setUint32(12, total, true);
  view.setBigUint64(16, BigInt(seq), true);
  out.set(json, kFixed);
  entries.forEach(([, values], k) => out.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), refs[k]!.off));
  return out;
}
