// Seeded random values for property tests.
export class Rng {
  private state: number;
  constructor(seed: number) {
    this.state = (seed * 0x9e3779b9 + 0x7f4a7c15) >>> 0;
  }
  /** xorshift32 after a mix: enough for tests. */
  next(): number {
    let s = this.state || 1;
    s ^= s << 13;
    s ^= s >>> 17;
    s ^= s << 5;
    this.state = s >>> 0;
    return this.state / 4294967296;
  }
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }
  range(low: number, high: number): number {
    return low + this.next() * (high - low);
  }
}
