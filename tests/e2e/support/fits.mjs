// A small FITS file with one binary table of doubles, written by hand, to be broken in tests.

const card = (text) => text.padEnd(80);
const block = (cards) => {
  const text = [...cards, 'END'].map(card).join('');
  return Buffer.from(text.padEnd(Math.ceil(text.length / 2880) * 2880), 'latin1');
};
const number = (key, value) => `${key.padEnd(8)}= ${String(value).padStart(20)}`;
const word = (key, value) => `${key.padEnd(8)}= '${value.padEnd(8)}'`;

/** @param columns  { name: [numbers] } of equal length */
export function fitsTable(columns) {
  const names = Object.keys(columns);
  const rows = columns[names[0]].length;
  const primary = block([number('SIMPLE', 'T'), number('BITPIX', 8), number('NAXIS', 0), number('EXTEND', 'T')]);
  const header = block([
    word('XTENSION', 'BINTABLE'), number('BITPIX', 8), number('NAXIS', 2), number('NAXIS1', 8 * names.length), number('NAXIS2', rows),
    number('PCOUNT', 0), number('GCOUNT', 1), number('TFIELDS', names.length),
    ...names.flatMap((name, k) => [word(`TTYPE${k + 1}`, name), word(`TFORM${k + 1}`, 'D')]),
  ]);
  const data = Buffer.alloc(Math.ceil((8 * names.length * rows) / 2880) * 2880);
  for (let row = 0; row < rows; row++) names.forEach((name, k) => data.writeDoubleBE(columns[name][row], 8 * (row * names.length + k)));
  return Buffer.concat([primary, header, data]);
}
