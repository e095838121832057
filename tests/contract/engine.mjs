// Two carriers of one protocol for tests: the wasm module through its C ABI, and the native engine through `orrery pipe`.
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";

const kHeader = 24;

/** A message of docs/guide/protocol.md. `file` (Uint8Array) becomes the column "bytes". */
export function encode(sequence, head, file) {
  const text = (base) => new TextEncoder().encode(JSON.stringify(file ? { ...head, columns: [{ id: "bytes", dtype: "u8", len: file.length, off: base }] } : head));
  const aligned = (n) => Math.ceil(n / 64) * 64;
  let base = 64;
  while (aligned(kHeader + text(base).length) > base) base = aligned(kHeader + text(base).length);
  const headBytes = text(base);
  const bytes = new Uint8Array(file ? base + file.length : kHeader + headBytes.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0x4f, 0x52, 0x52, 0x59]);
  view.setUint16(4, 1, true);
  view.setUint32(8, headBytes.length, true);
  view.setUint32(12, bytes.length, true);
  view.setBigUint64(16, BigInt(sequence), true);
  bytes.set(headBytes, kHeader);
  if (file) bytes.set(file, base);
  return bytes;
}

export function decode(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = view.getUint32(8, true);
  const text = new TextDecoder().decode(bytes.subarray(kHeader, kHeader + size));
  return { sequence: Number(view.getBigUint64(16, true)), text, head: JSON.parse(text), bytes };
}

const kArrays = { f64: Float64Array, f32: Float32Array, i32: Int32Array, u32: Uint32Array, u8: Uint8Array };

/** Every column of a frame as [path, typed array]. */
export function* columns(message) {
  for (const panel of message.head.panels ?? []) {
    for (const mark of panel.marks) {
      for (const column of mark.columns) {
        if (column.off === undefined) continue;
        const size = kArrays[column.dtype].BYTES_PER_ELEMENT;
        const bytes = message.bytes.slice(column.off, column.off + column.len * size);
        yield [`${panel.id}/${mark.id}/${column.id}`, new kArrays[column.dtype](bytes.buffer)];
      }
    }
  }
}

/** The wasm module. ask() runs a message to the end of all work and gives every message it caused. */
export async function wasmEngine(path) {
  const module = await WebAssembly.compile(await readFile(path));
  let memory;
  const text = (pointer, length) => new TextDecoder().decode(new Uint8Array(memory.buffer, pointer, length).slice());
  const imports = {};
  for (const { module: name, name: field, kind } of WebAssembly.Module.imports(module)) {
    if (kind !== "function") throw new Error(`wasm imports ${name}.${field} of kind ${kind}`);
    (imports[name] ??= {})[field] = () => 52; // ENOSYS
  }
  imports.wasi_snapshot_preview1.clock_time_get = (id, precision, place) => {
    new DataView(memory.buffer).setBigUint64(place, BigInt(Math.round(performance.now() * 1e6)), true);
    return 0;
  };
  imports.orrery.fail = (kind, where, whereLength, message, messageLength) => {
    throw new Error(`${text(where, whereLength)}: ${text(message, messageLength)}`);
  };
  const { exports } = await WebAssembly.instantiate(module, imports);
  memory = exports.memory;
  exports._initialize();
  const ask = (bytes) => {
    const pointer = exports.orrery_alloc(bytes.length);
    new Uint8Array(memory.buffer).set(bytes, pointer);
    exports.orrery_receive(pointer, bytes.length);
    exports.orrery_free(pointer);
    const messages = [];
    let more = true;
    while (more) {
      more = exports.orrery_step(1e9) !== 0;
      for (let place = exports.orrery_take(); place !== 0; place = exports.orrery_take()) {
        const [address, size] = new Uint32Array(memory.buffer, place, 2);
        messages.push(decode(new Uint8Array(memory.buffer, address, size).slice()));
      }
    }
    return messages;
  };
  return { ask: async (bytes) => ask(bytes), close: () => {} };
}

/** The native engine behind a pipe. ask() waits for the answer to an extra message that is always refused: an end mark. */
export function nativeEngine(program) {
  const child = spawn(program, ["pipe"], { stdio: ["pipe", "pipe", "inherit"] });
  let buffered = Buffer.alloc(0);
  let wake = () => {};
  child.stdout.on("data", (chunk) => {
    buffered = Buffer.concat([buffered, chunk]);
    wake();
  });
  child.on("exit", () => wake());
  const next = async () => {
    for (;;) {
      if (buffered.length >= kHeader) {
        const total = buffered.readUInt32LE(12);
        if (buffered.length >= total) {
          const message = Uint8Array.from(buffered.subarray(0, total));
          buffered = buffered.subarray(total);
          return decode(message);
        }
      }
      if (child.exitCode !== null) throw new Error(`orrery pipe ended with ${child.exitCode}`);
      await new Promise((resolve) => (wake = resolve));
    }
  };
  const kEnd = 0xffffffff;
  const ask = async (bytes) => {
    child.stdin.write(bytes);
    child.stdin.write(encode(kEnd, { type: "end mark" }));
    const messages = [];
    for (;;) {
      const message = await next();
      if (message.head.type === "error" && message.sequence === kEnd) return messages;
      messages.push(message);
    }
  };
  return { ask, close: () => child.stdin.end() };
}
