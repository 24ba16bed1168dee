import { csvValues } from '@/lib/domain/crm/order-head';
import type { OrderLayout } from '@/lib/domain/crm/ports';
import { AnnexError } from '@/lib/errors';
import { type FileWords, notInForm } from './order-file-errors';

/** A column of staged orders. */
export type OrderColumn = 'customer_id' | 'ordered_at' | 'quantity' | 'amount';

const orderColumns: readonly OrderColumn[] = ['customer_id', 'ordered_at', 'quantity', 'amount'];

/** The text that PostgreSQL reads as the value that `text` means; null if `text` has another form than the column's. */
export type ValueForm = (text: string) => string | null;

/** The forms of the columns whose types PostgreSQL reads more generously than people mean: `0x10`, `1e3`, `yesterday`. */
export type ValueForms = Readonly<Partial<Record<OrderColumn, ValueForm>>>;

/** The columns of an order file that are read, in its order, and its lines with these columns alone. */
export interface OrderRows {
  readonly columns: readonly OrderColumn[];
  /**
   * The lines; the first one has the names of `columns`. They end before the first line with a fault, so that PostgreSQL can find
   * one in the lines above it.
   */
  readonly bytes: AsyncGenerator<Buffer>;
  /** The fault at which `bytes` have ended: `invalid`, with the line. */
  refusal(): AnnexError | null;
}

interface Reading {
  readonly layout: OrderLayout | undefined;
  readonly forms: ValueForms;
  readonly words: FileWords;
}

const lineFeed = 0x0a;

/**
 * Leaves of the lines in `lines`, which are those of an `OrderFile`, what `layout` names, and checks the forms of values. Without a
 * layout, the columns are the required ones, and PostgreSQL checks their names and number. Throws `invalid` for a column that the
 * first line does not have or has twice; `refusal` is for values of another form, and for a line with more or fewer values than
 * the first.
 */
export async function orderRows(
  lines: AsyncGenerator<Buffer>,
  { layout, forms, words }: Reading,
): Promise<OrderRows> {
  const { header, rest } = await untilLineEnd(lines);
  const separator = layout?.separator ?? ',';
  const names = csvValues(header.toString(), separator);
  const wanted = layout ? wantedColumns(names, layout) : orderColumns;
  const columns = wanted.filter((column) => column !== null);
  const rows = new Rows(wanted, { separator, forms, words, mayDiffer: !layout });
  // Where PostgreSQL refuses the first line, the others say nothing.
  const isRead = layout !== undefined || names.join() === orderColumns.join();
  async function* bytes(): AsyncGenerator<Buffer> {
    yield layout ? Buffer.from(columns.join(separator)) : header;
    yield Buffer.from('\n');
    if (!isRead) return;
    yield rows.take(rest);
    if (rows.refusal) return;
    for await (const chunk of lines) {
      yield rows.take(chunk);
      if (rows.refusal) return;
    }
    yield rows.end();
  }
  return { columns, bytes: bytes(), refusal: () => rows.refusal };
}

async function untilLineEnd(lines: AsyncGenerator<Buffer>) {
  let read: Buffer = Buffer.alloc(0);
  while (!read.includes(lineFeed)) {
    const { done, value } = await lines.next();
    if (done) return { header: read, rest: Buffer.alloc(0) };
    read = Buffer.concat([read, value]);
  }
  const end = read.indexOf(lineFeed);
  return { header: read.subarray(0, end), rest: read.subarray(end + 1) };
}

/** What each column of the file holds; null for one that is left out. */
function wantedColumns(names: readonly string[], layout: OrderLayout): readonly (OrderColumn | null)[] {
  const wanted: readonly [OrderColumn, string | null][] = [
    ['customer_id', layout.customerId],
    ['ordered_at', layout.orderedAt],
    ['quantity', layout.quantity],
    ['amount', layout.amount],
  ];
  for (const [, name] of wanted) {
    if (name === null) continue;
    const count = names.filter((each) => each === name).length;
    if (count === 0) throw fault(1, `there is no column "${name}". The columns are ${listed(names)}`);
    if (wanted.filter(([, each]) => each === name).length > 1) {
      throw fault(
        1,
        `the column "${name}" was chosen twice. Customer, date, quantity and amount each need their own`,
      );
    }
    if (count > 1)
      throw fault(1, `the column "${name}" occurs ${count} times. Rename the others in the file`);
  }
  return names.map((name) => wanted.find(([, each]) => each === name)?.[0] ?? null);
}

const listed = (names: readonly string[]): string =>
  `${names
    .slice(0, 20)
    .map((name) => `"${name.slice(0, 40)}"`)
    .join(', ')}${names.length > 20 ? ' and more' : ''}`;

const fault = (line: number, text: string): AnnexError =>
  new AnnexError('invalid', `line ${line}: ${text}. Nothing was imported.`);

interface RowsOptions {
  readonly separator: string;
  readonly forms: ValueForms;
  readonly words: FileWords;
  /** Lines with more or fewer values than columns are left to PostgreSQL. */
  readonly mayDiffer: boolean;
}

/**
 * Drops the values of unwanted columns and reads those that have a form, line by line. The text is Latin-1, one character per
 * byte: bytes that are not looked at stay as they are.
 */
class Rows {
  refusal: AnnexError | null = null;
  private line = 1;
  private rest = '';
  private readonly keepsAll: boolean;
  private readonly read: readonly {
    readonly index: number;
    readonly column: OrderColumn;
    readonly form: ValueForm;
  }[];

  constructor(
    private readonly wanted: readonly (OrderColumn | null)[],
    private readonly options: RowsOptions,
  ) {
    this.keepsAll = !wanted.includes(null);
    this.read = wanted.flatMap((column, index) => {
      const form = column === null ? undefined : options.forms[column];
      return column !== null && form ? [{ index, column, form }] : [];
    });
  }

  /** The whole lines up to the end of `chunk`, or up to the first one with a fault, without it. */
  take(chunk: Buffer): Buffer {
    const text = this.rest + chunk.toString('latin1');
    let out = '';
    // Lines from here to `at` stay as they are.
    let kept = 0;
    let at = 0;
    for (let end = text.indexOf('\n'); end >= 0 && !this.refusal; end = text.indexOf('\n', at)) {
      const row = this.row(text.slice(at, end));
      if (row !== null) {
        out += text.slice(kept, at) + row;
        kept = end + 1;
      }
      at = end + 1;
    }
    this.rest = text.slice(at);
    return Buffer.from(out + text.slice(kept, at), 'latin1');
  }

  /** The last line if no line end follows it. */
  end(): Buffer {
    return this.rest === '' ? Buffer.alloc(0) : this.take(Buffer.from('\n'));
  }

  /** What replaces a line and its end: null if it stays, nothing if it has a fault. */
  private row(line: string): string | null {
    this.line += 1;
    const { separator } = this.options;
    const fields = fieldsOf(line, separator);
    if (fields.length !== this.wanted.length) return this.ofOtherLength(fields.length);
    let changed = false;
    for (const { index, column, form } of this.read) {
      const field = fields[index] ?? '';
      // PostgreSQL says what is missing.
      if (field === '') continue;
      const value = form(unquoted(field));
      if (value === field) continue;
      if (value === null) return this.refuse(column, field);
      fields[index] = value;
      changed = true;
    }
    if (this.keepsAll && !changed) return null;
    return `${fields.filter((_, index) => this.wanted[index] !== null).join(separator)}\n`;
  }

  private refuse(column: OrderColumn, field: string): string {
    const value = Buffer.from(unquoted(field), 'latin1').toString();
    this.refusal = notInForm({ line: this.line, column, value }, this.options.words);
    return '';
  }

  private ofOtherLength(count: number): string | null {
    if (this.options.mayDiffer) return null;
    const expected = this.wanted.length;
    this.refusal = fault(
      this.line,
      `too ${count < expected ? 'few' : 'many'} columns: ${count}, where the first line has ${expected}`,
    );
    return '';
  }
}

/** The values of a line as they are written. Quotation marks are where they may be. */
function fieldsOf(line: string, separator: string): string[] {
  if (!line.includes('"')) return line.split(separator);
  const fields: string[] = [];
  for (let at = 0; at <= line.length; ) {
    const isQuoted = line.charAt(at) === '"';
    const end = line.indexOf(separator, isQuoted ? closingMark(line, at) : at);
    fields.push(line.slice(at, end < 0 ? undefined : end));
    at = end < 0 ? line.length + 1 : end + 1;
  }
  return fields;
}

/** Where the quotation that begins at `from` ends. */
function closingMark(line: string, from: number): number {
  let at = line.indexOf('"', from + 1);
  while (line.charAt(at + 1) === '"') at = line.indexOf('"', at + 2);
  return at;
}

const unquoted = (field: string): string =>
  field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field;
