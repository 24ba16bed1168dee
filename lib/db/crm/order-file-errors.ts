import pg from 'pg';
import { AnnexError } from '@/lib/errors';
import { orderFileHeader } from './order-file';

/** The message of each check on a staged order, by the name of its constraint. */
const checks: Readonly<Record<string, string>> = {
  customer_id_form: 'customer_id is blank, has leading or trailing spaces, or is longer than 128 characters',
  ordered_at_range: 'ordered_at must be between 1900 and today',
  quantity_range: 'quantity must be between 1 and 1,000,000',
  amount_range: 'amount must be between 0 and 999,999,999,999.99 with at most two decimals',
};

const columns: Readonly<Record<string, string>> = {
  customer_id: 'text',
  ordered_at: 'a date such as 1997-01-31, or a time such as 1997-01-31T13:00:00Z',
  quantity: 'a whole number',
  amount: 'a number such as 11.77',
};

const nothingKept = 'Nothing from the file was imported.';

/**
 * Converts the error with which `COPY` refused a file to `invalid`, with the line and a plain message. Returns other
 * errors unchanged.
 */
export function explainRefusedFile(error: unknown): unknown {
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
  const words = describeFault(error, column, value);
  return words === null ? error : invalid(words);
}

function describeFault(
  error: pg.DatabaseError,
  column: string | undefined,
  value: string | undefined,
): string | null {
  switch (error.code) {
    case '23514':
      return checks[error.constraint ?? ''] ?? error.message;
    case '23502':
      return `${error.column} is missing`;
    case '22P04':
      return rowFault(error.message);
    case '22021':
    case '22P05':
      return 'not UTF-8 text';
    default:
      break;
  }
  if (!error.code?.startsWith('22')) return null;
  const expected = columns[column ?? ''];
  return expected
    ? `${column} ${value === undefined ? '' : `"${value.slice(0, 60)}" `}is not ${expected}`
    : error.message;
}

/**
 * PostgreSQL's message about a header that does not match, e.g. `column name mismatch in header line field 2: got
 * "date", expected "ordered_at"`.
 */
function headerFault(message: string): string {
  const mismatch = /field (\d+): got (.*), expected (.*)$/s.exec(message);
  if (mismatch) return `column ${mismatch[1]} is ${mismatch[2]?.slice(0, 80)}, not ${mismatch[3]}`;
  const count = /got (\d+), expected (\d+)/.exec(message);
  return count ? `it has ${count[1]} columns, not ${count[2]}` : 'it is different';
}

function rowFault(message: string): string {
  if (message.startsWith('missing data for column')) return 'too few columns';
  if (message.startsWith('extra data after last expected column')) return 'too many columns';
  if (message.startsWith('unterminated CSV quoted field')) return 'a quotation mark is never closed';
  if (message.startsWith('unquoted carriage return'))
    return 'a line ends with CR only; save the file with LF or CR LF line endings';
  return message;
}
