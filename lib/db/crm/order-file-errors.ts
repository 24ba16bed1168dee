import pg from 'pg';
import { AnnexError } from '@/lib/errors';
import { orderFileHeader } from './order-file';

/** The message of each check on a staged order, by the name of its constraint. */
const checks: Readonly<Record<string, string>> = {
  customer_id_form: 'customer_id is blank, has leading or trailing spaces, or is longer than 128 characters',
  customer_id_visible:
    'customer_id contains an invisible character, such as a tab, a line break, a no-break space or a zero-width space',
  ordered_at_range: 'ordered_at must be between 1900 and today',
  ordered_at_repeated:
    'ordered_at occurs twice in the time zone, because the clocks were set back. Write the dates as ISO 8601 with an offset, such as 2024-10-27T02:30+01:00',
  ordered_at_skipped: 'ordered_at does not exist in the time zone, because the clocks skip it',
  quantity_range: 'quantity must be between 1 and 1,000,000, or in a refund between -1,000,000 and -1',
  quantity_sign: 'quantity is negative, but amount is not. A refund has a negative amount',
  amount_range: 'amount must be between -999,999,999,999.99 and 999,999,999,999.99 with at most two decimals',
};

const columns: Readonly<Record<string, string>> = {
  customer_id: 'text',
  quantity: 'a whole number',
};

/** How a file calls its columns and writes their values. */
export interface FileWords {
  /** What a date should be. */
  readonly date: string;
  /** What an amount should be. */
  readonly amount: string;
  /** The file's own name of a column of staged orders. */
  name(column: string): string;
}

const columnNames = /\b(customer_id|ordered_at|quantity|amount)\b/g;

const nothingKept = 'Nothing from the file was imported.';

/**
 * Converts the error with which `COPY` refused a file to `invalid`, with the line and a plain message in the file's own `words`.
 * Returns other errors unchanged.
 */
export function explainRefusedFile(error: unknown, words: FileWords): unknown {
  if (!(error instanceof pg.DatabaseError) || !error.where?.startsWith('COPY ')) return error;
  const [, line, column, value] =
    /^COPY \S+, line (\d+)(?:, column (\w+)(?:: "(.*)")?)?/s.exec(error.where) ?? [];
  const invalid = (text: string): AnnexError =>
    new AnnexError('invalid', `${line === undefined ? '' : `line ${line}: `}${text}. ${nothingKept}`, {
      cause: error,
    });
  if (line === '1' && error.code === '22P04') {
    return invalid(`the first line must be ${orderFileHeader}; ${headerFault(error.message)}`);
  }
  const notAsExpected = column === undefined ? undefined : otherForm(column, value, words);
  const fault = describeFault(error, notAsExpected, words);
  return fault === null ? error : invalid(fault);
}

/** The error `invalid` for a `value` that has another form than its `column`. */
export const notInForm = (
  { line, column, value }: { readonly line: number; readonly column: string; readonly value: string },
  words: FileWords,
): AnnexError =>
  new AnnexError('invalid', `line ${line}: ${otherForm(column, value, words)}. ${nothingKept}`);

function otherForm(column: string, value: string | undefined, words: FileWords): string | undefined {
  const expected = { ...columns, ordered_at: words.date, amount: words.amount }[column];
  return expected === undefined ? undefined : `${words.name(column)} ${shown(value)}is not ${expected}`;
}

/** `notAsExpected` says which value is not what its column requires; absent where the error is about no value. */
function describeFault(
  error: pg.DatabaseError,
  notAsExpected: string | undefined,
  { name }: FileWords,
): string | null {
  switch (error.code) {
    case '23514':
      return checks[error.constraint ?? '']?.replace(columnNames, name) ?? notAsExpected ?? error.message;
    case '23502':
      return `${name(error.column ?? '')} is missing`;
    case '22P04':
      return rowFault(error.message);
    case '22021':
    case '22P05':
      return 'not UTF-8 text';
    default:
      return error.code?.startsWith('22') ? (notAsExpected ?? error.message) : null;
  }
}

const shown = (value: string | undefined): string => (value === undefined ? '' : `"${value.slice(0, 60)}" `);

/**
 * PostgreSQL's message about a header that does not match, e.g. `column name mismatch in header line field 2: got
 * "date", expected "ordered_at"`.
 */
function headerFault(message: string): string {
  const mismatch = /field (\d+): got (.*), expected (.*)$/s.exec(message);
  if (mismatch) return `column ${mismatch[1]} is ${mismatch[2]?.slice(0, 80)}, not ${mismatch[3]}`;
  const count = /got (\d+), expected (\d+)/.exec(message);
  return count
    ? `it has ${count[1]} ${count[1] === '1' ? 'column' : 'columns'}, not ${count[2]}`
    : 'it is different';
}

function rowFault(message: string): string {
  if (message.startsWith('missing data for column')) return 'too few columns';
  if (message.startsWith('extra data after last expected column')) return 'too many columns';
  return message;
}
