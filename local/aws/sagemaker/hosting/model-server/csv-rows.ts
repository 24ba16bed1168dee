/** Rows of a CSV body without a header; an empty cell is NaN. Throws the first text that is no number. */
export function csvRows(body: Buffer): number[][] {
  const text = body.toString().replace(/(\r?\n)+$/, '');
  return text.split(/\r?\n/).map((line) => line.split(',').map(numberOf));
}

function numberOf(cell: string): number {
  const text = cell.trim();
  if (text === '') return Number.NaN;
  const value = Number(text);
  if (Number.isNaN(value)) throw new Error(`could not convert string to float: '${text.slice(0, 100)}'`);
  return value;
}
