// A made star for measurements: the same numbers on every machine.

/** A small reproducible generator (mulberry32) of numbers in [0, 1). */
export function generator(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** CSV of `count` nights over `baseline` days of a star with two harmonics, noise of 0.05 mag and its period at 0.731 day. */
export function starCsv(count, baseline = 1000, seed = 7) {
  const random = generator(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const times = Array.from({ length: count }, (_, k) => (k === 0 ? 0 : k === count - 1 ? baseline : random() * baseline)).sort((a, b) => a - b);
  const lines = times.map((t) => {
    const phase = (2 * Math.PI * t) / 0.731;
    const value = 16 + 0.3 * Math.sin(phase) + 0.12 * Math.sin(2 * phase + 1) + 0.05 * normal();
    return `${(2450000 + t).toFixed(6)},${value.toFixed(4)},0.05`;
  });
  return `time,mag,error\n${lines.join('\n')}\n`;
}
