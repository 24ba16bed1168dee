/** Rows of a CSV body without a header; an empty cell is NaN. Throws the first text that is no number. */
export function csvRows(body: Buffer): number[][] {
  const lines = body.toString().split(/\r?\n/);
  const last = lines.findLastIndex((line) => line !== '');
  return lines.slice(0, Math.max(last, 0) + 1).map((line) => line.split(',').map(numberOf));
}

function numberOf(cell: string): number {
  const text = cell.trim();
  if (text === '') return Number.NaN;
  const value = Number(text);
  if (Number.isNaN(value)) throw new Error(`could not convert string to float: '${text.slice(0, 100)}'`);
  return value;
}
