import { AnnexError } from '@/lib/errors';
import { knownFormats } from './date-formats';
import { type OrderLayout, orderSeparators, type ReadingProposal } from './ports';

const sampleLines = 200;

/** The first lines of an order file. */
export interface OrderHead {
  readonly separator: OrderLayout['separator'];
  readonly columns: readonly string[];
  /** Values by line, of whole lines below the first. */
  readonly lines: readonly (readonly string[])[];
}

/** The values of one line of CSV. A quotation mark is doubled inside a quoted value; elsewhere it is taken as it stands. */
export function csvValues(line: string, separator: string): readonly string[] {
  const values: string[] = [];
  let value = '';
  let quoted = false;
  let fresh = true;
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at);
    if (quoted) {
      if (character !== '"') value += character;
      else if (line.charAt(at + 1) === '"') {
        value += '"';
        at += 1;
      } else quoted = false;
    } else if (character === '"' && fresh) quoted = true;
    else if (character === separator) {
      values.push(value);
      value = '';
      fresh = true;
      continue;
    } else value += character;
    fresh = false;
  }
  return [...values, value];
}

/** The error `invalid` for a file whose first bytes say that it is UTF-16. */
export const utf16 = (): AnnexError =>
  new AnnexError('invalid', 'The file is UTF-16. Save it as CSV in UTF-8. Nothing was imported.');

/**
 * Reads the `head` of a file, its last line if `whole`. The separator is `separator`, or the one that makes the most columns of the
 * first line. Throws `invalid` for UTF-16.
 */
export function readHead(
  head: Uint8Array,
  {
    whole,
    separator,
  }: { readonly whole: boolean; readonly separator?: OrderLayout['separator'] | undefined },
): OrderHead {
  const [first, second] = head;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) throw utf16();
  const lines = new TextDecoder().decode(head).split(/\r?\n/);
  if (!whole && lines.length > 1) lines.pop();
  const [header = '', ...rest] = lines;
  const width = (each: string) => csvValues(header, each).length;
  const used = separator ?? orderSeparators.toSorted((a, b) => width(b) - width(a))[0] ?? ',';
  return {
    separator: used,
    columns: csvValues(header, used),
    lines: rest
      .filter((line) => line !== '')
      .slice(0, sampleLines)
      .map((line) => csvValues(line, used)),
  };
}

/** Names of columns, without case, blanks, marks and what stands in brackets, by what they hold. The likeliest first. */
const likelyNames = {
  customerId:
    'customerid customer custid customerno customernumber clientid client userid user accountid buyerid memberid kundenid kundennummer kundennr kunde',
  orderedAt:
    'orderedat orderdate orderedon orderdatetime ordertime purchasedate purchasedat purchasedon purchased invoicedate transactiondate createdat createdon date datetime timestamp time bestelldatum rechnungsdatum datum',
  quantity: 'quantity qty items itemcount units count menge anzahl stück',
  amount:
    'amount ordertotal orderamount total grandtotal totalamount totalprice revenue value price sales spend betrag gesamtbetrag summe umsatz preis',
} as const;

/** Columns that somebody chose. */
export interface ChosenColumns {
  readonly orderedAt?: string | undefined;
  readonly amount?: string | undefined;
}

/**
 * How the file of `head` could be read. What has several readings is left to whoever imports. How dates and amounts are written is
 * read from the columns `chosen`, if there are any, instead of those that are found.
 */
export function proposeReading(
  { separator, columns, lines }: OrderHead,
  chosen: ChosenColumns = {},
): ReadingProposal {
  const plain = columns.map((name) =>
    name
      .toLowerCase()
      .replace(/\([^)]*\)|\[[^\]]*\]/g, '')
      .replace(/[^\p{L}\p{N}]/gu, ''),
  );
  const find = (names: string): string | null => {
    const name = names.split(' ').find((each) => plain.includes(each)) ?? '';
    const at = plain.indexOf(name);
    // A name that occurs twice could be either column.
    return at === plain.lastIndexOf(name) ? (columns[at] ?? null) : null;
  };
  const valuesOf = (name: string | null): readonly string[] =>
    name === null || !columns.includes(name)
      ? []
      : lines.flatMap((line) => line[columns.indexOf(name)]?.trim() || []);
  const orderedAt = find(likelyNames.orderedAt);
  const amount = find(likelyNames.amount);
  return {
    columns,
    customerId: find(likelyNames.customerId),
    orderedAt,
    quantity: find(likelyNames.quantity),
    amount,
    separator,
    decimal: valuesOf(chosen.amount || amount).some((value) => /^-?\d+,\d{1,2}$/.test(value)) ? ',' : '.',
    format: formatOf(valuesOf(chosen.orderedAt || orderedAt)),
  };
}

/** The one known format in which all `dates` are written; null if there are several or none. */
export function formatOf(dates: readonly string[]): string | null {
  if (dates.length === 0) return '';
  const fitting = knownFormats.filter(({ fits }) => dates.every(fits));
  return fitting.length === 1 ? (fitting[0]?.format ?? null) : null;
}
