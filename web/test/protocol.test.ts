import { describe, expect, it } from 'vitest';
import { decode, encode, ProtocolError, type Column, type ColumnRef } from '../src/protocol';
import { Rng } from './random';

function randomColumn(rng: Rng): Column {
  const n = rng.int(0, 40);
  const fill = (column: Column): Column => {
    for (let k = 0; k < n; k++) column[k] = rng.range(-1e9, 1e9);
    return column;
  };
  switch (rng.int(0, 4)) {
    case 0: return fill(new Float64Array(n));
    case 1: return fill(new Float32Array(n));
    case 2: return fill(new Int32Array(n));
    case 3: return fill(new Uint32Array(n));
    default: return fill(new Uint8Array(n));
  }
}

function randomMessage(rng: Rng): { bytes: Uint8Array<ArrayBuffer>; head: Record<string, unknown>; columns: Record<string, Column>; seq: number } {
  const columns: Record<string, Column> = {};
  for (let k = rng.int(0, 6); k > 0; k--) columns[`c${k}`] = randomColumn(rng);
  const head = { type: 'data', text: 'é–😀'.repeat(rng.int(0, 30)), n: rng.range(-1, 1) };
  const seq = rng.int(0, 2 ** 40);
  return { bytes: encode(head, seq, columns), head, columns, seq };
}

describe('container', () => {
  it('property: what is encoded comes back, whatever the alignment of the bytes', () => {
    for (let seed = 0; seed < 200; seed++) {
      const rng = new Rng(seed);
      const { bytes, head, columns, seq } = randomMessage(rng);
      const shifted = new Uint8Array(bytes.length + 3);
      shifted.set(bytes, 3);
      for (const input of [bytes, bytes.buffer, shifted.subarray(3)]) {
        const message = decode(input);
        expect(message.seq).toBe(seq);
        expect(message.head).toMatchObject(head);
        const refs = ((message.head as { columns?: ColumnRef[] }).columns ?? []);
        expect(refs.map((r) => r.id)).toEqual(Object.keys(columns));
        for (const ref of refs) {
          expect(ref.off! % 64).toBe(0);
          expect(message.column(ref)).toEqual(columns[ref.id]);
        }
      }
    }
  });

  it('fuzz: damaged bytes are read within bounds or refused, never anything else', () => {
    let refused = 0;
    for (let seed = 0; seed < 3000; seed++) {
      const rng = new Rng(seed + 1000);
      const { bytes } = randomMessage(rng);
      const cut = rng.next() < 0.3 ? bytes.slice(0, rng.int(0, bytes.length)) : bytes;
      for (let k = rng.int(1, 4); k > 0 && cut.length; k--) cut[rng.int(0, Math.min(cut.length - 1, rng.next() < 0.7 ? 80 : 1e9))] = rng.int(0, 255);
      try {
        const message = decode(cut);
        for (const ref of (message.head as { columns?: ColumnRef[] }).columns ?? []) message.column(ref);
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(1000); // else the test damages nothing
  });

  it('refuses each broken rule with words', () => {
    const good = encode({ type: 'x' }, 1, { a: new Float64Array([1, 2]) });
    const broken = (change: (b: Uint8Array, v: DataView) => void): (() => void) => {
      const copy = good.slice();
      change(copy, new DataView(copy.buffer));
      return () => decode(copy);
    };
    expect(broken((b) => (b[0] = 0))).toThrow('magic');
    expect(broken((_, v) => v.setUint16(4, 2, true))).toThrow('version');
    expect(broken((_, v) => v.setUint32(12, good.length + 1, true))).toThrow('bytes');
    expect(broken((_, v) => v.setUint32(8, good.length, true))).toThrow('head');
    expect(() => decode(new Uint8Array(10))).toThrow('at least 24');
    expect(() => decode(encode([] as never, 0))).toThrow('object');
  });

  it('refuses columns outside the message, off the grid or of unknown kind', () => {
    const message = decode(encode({ type: 'x' }, 1, { a: new Float64Array(16) }));
    const ref = (message.head as unknown as { columns: ColumnRef[] }).columns[0]!;
    expect(() => message.column({ ...ref, off: ref.off! + 8 })).toThrow('multiple of 64');
    expect(() => message.column({ ...ref, len: 17 })).toThrow('outside');
    expect(() => message.column({ ...ref, off: 0 })).toThrow('outside'); // over the fixed head
    expect(() => message.column({ ...ref, off: 2 ** 40 })).toThrow('outside');
    expect(() => message.column({ ...ref, len: -1 })).toThrow('bad length');
    expect(() => message.column({ ...ref, dtype: 'f16' as never })).toThrow('unknown type');
    expect(message.column({ ...ref, len: 0, off: 64 * 99 })).toHaveLength(0);
  });
});
