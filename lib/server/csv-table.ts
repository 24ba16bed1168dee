import { CsvError, parse } from 'csv-parse/sync';
import { AnnexError } from '@/lib/errors';

/** A line of a CSV file by the names of its columns. `line` counts from 1, with the header. */
export interface CsvLine {
  readonly line: number;
  readonly values: Readonly<Record<string, string>>;
}

/**
 * The lines of a small CSV file with a header, as text that is trimmed. Throws `invalid` with the line for a file that is no CSV, that
 * lacks one of the columns `needed`, or that has more than `most` lines. An unknown column is refused, too: it may be a misspelled one.
 */
export function csvTable(
  text: string,
  {
    needed,
    optional,
    most,
  }: { readonly needed: readonly string[]; readonly optional: readonly string[]; readonly most: number },
): readonly CsvLine[] {
  const [head, ...rest] = rowsOf(text);
  const columns = head?.record.map((name) => name.toLowerCase()) ?? [];
  const missing = needed.filter((name) => !columns.includes(name));
  if (missing.length > 0)
    throw invalid(`Line 1: the column ${missing.join(', ')} is missing. The first line names the columns.`);
  const unknown = columns.filter((name) => !needed.includes(name) && !optional.includes(name));
  if (unknown.length > 0) throw invalid(`Line 1: there is no column ${unknown.join(', ')}.`);
  if (new Set(columns).size < columns.length) throw invalid('Line 1: a column is there twice.');
  if (rest.length > most) throw invalid(`The file has more than ${most} lines. Split it.`);
  return rest.map(({ record, info }) => ({
    line: info.lines,
    values: Object.fromEntries(columns.map((name, index) => [name, record[index] ?? ''])),
  }));
}

interface Row {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

function rowsOf(text: string): readonly Row[] {
  try {
    return parse(text, {
      bom: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      trim: true,
      info: true,
      skip_empty_lines: true,
      max_record_size: 4000,
    }) as unknown as Row[];
  } catch (error) {
    if (error instanceof CsvError) throw invalid(`The file is no CSV: ${error.message}.`);
    throw error;
  }
}

const invalid = (text: string) => new AnnexError('invalid', text, { fields: { csv: text } });
