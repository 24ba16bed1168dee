/** The value of a cell. Null and undefined mean unknown: the cell stays empty. */
export type CsvValue = string | number | Date | null | undefined;

/** A column of a CSV file. */
export interface CsvColumn<R> {
  readonly name: string;
  readonly value: (row: R) => CsvValue;
  /** Decimal places to round numbers to. Absent: numbers are not rounded. */
  readonly decimals?: number;
}

const linesPerChunk = 500;

/**
 * RFC 4180 text of `rows`, header first, in chunks of 500 lines, so that a long list is never in memory as a whole. Everything but
 * numbers is quoted. Instants are ISO 8601, UTC. Throws what `rows` throws.
 */
export async function* csvLines<R>(
  columns: readonly CsvColumn<R>[],
  rows: Iterable<R> | AsyncIterable<R>,
): AsyncGenerator<string> {
  let lines = [lineOf(columns.map(({ name }) => name))];
  for await (const row of rows) {
    lines.push(lineOf(columns.map(({ value, decimals }) => rounded(value(row), decimals))));
    if (lines.length >= linesPerChunk) {
      yield lines.join('');
      lines = [];
    }
  }
  if (lines.length > 0) yield lines.join('');
}

const lineOf = (values: readonly CsvValue[]): string => `${values.map(cellOf).join(',')}\r\n`;

const rounded = (value: CsvValue, decimals: number | undefined): CsvValue =>
  typeof value === 'number' && decimals !== undefined ? Number(value.toFixed(decimals)) : value;

function cellOf(value: CsvValue): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  return textCell(typeof value === 'string' ? value : value.toISOString());
}

/** Where a spreadsheet may begin a formula: at the start of the text, or after what another reader takes for a separator. */
const formulaStart = /(?<=^|[;,|\t\r\n])(?=[\s"]*[=+\-@＝＋－＠])|^(?=[\t\r\n])/g;

/**
 * Puts an apostrophe before what a spreadsheet would run as a formula, as OWASP advises against CSV injection. A reader with another
 * separator, such as a semicolon, splits inside quotation marks, too.
 */
const textCell = (text: string): string => `"${text.replace(formulaStart, "'").replaceAll('"', '""')}"`;
