import { csvValues } from '@/lib/domain/crm/order-head';
import type { OrderLayout } from '@/lib/domain/crm/ports';
import { AnnexError } from '@/lib/errors';

/** A column of staged orders. */
export type OrderColumn = 'customer_id' | 'ordered_at' | 'quantity' | 'amount';

/** The columns of an order file that are read, in its order, and its lines with these columns alone. */
export interface SelectedColumns {
  readonly columns: readonly OrderColumn[];
  /** The lines; the first one has the names of `columns`. */
  readonly bytes: AsyncGenerator<Buffer>;
}

const lineFeed = 0x0a;
const quotationMark = 0x22;

/**
 * Leaves of the lines in `lines`, which are those of an `OrderFile`, what `layout` names. Throws `invalid`, with the line, for a
 * column that the first line does not have or has twice, and for a line with more or fewer values than the first.
 */
export async function selectColumns(
  lines: AsyncGenerator<Buffer>,
  layout: OrderLayout,
): Promise<SelectedColumns> {
  const { header, rest } = await untilLineEnd(lines);
  const names = csvValues(header, layout.separator);
  const wanted = wantedColumns(names, layout);
  const columns = wanted.filter((column) => column !== null);
  const own = Buffer.from(`${columns.join(layout.separator)}\n`);
  async function* bytes(): AsyncGenerator<Buffer> {
    yield own;
    const selection = new Selection(wanted, layout.separator.charCodeAt(0));
    if (rest.length > 0) yield selection.take(rest);
    for await (const chunk of lines) yield selection.take(chunk);
    selection.end();
  }
  return { columns, bytes: bytes() };
}

async function untilLineEnd(lines: AsyncGenerator<Buffer>) {
  let read: Buffer = Buffer.alloc(0);
  while (!read.includes(lineFeed)) {
    const { done, value } = await lines.next();
    if (done) return { header: read.toString(), rest: Buffer.alloc(0) };
    read = Buffer.concat([read, value]);
  }
  const end = read.indexOf(lineFeed);
  return { header: read.subarray(0, end).toString(), rest: read.subarray(end + 1) };
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
    if (count === 0) refuse(1, `there is no column "${name}". The columns are ${listed(names)}`);
    if (wanted.filter(([, each]) => each === name).length > 1) {
      refuse(
        1,
        `the column "${name}" was chosen twice. Customer, date, quantity and amount each need their own`,
      );
    }
    if (count > 1) refuse(1, `the column "${name}" occurs ${count} times. Rename the others in the file`);
  }
  return names.map((name) => wanted.find(([, each]) => each === name)?.[0] ?? null);
}

const listed = (names: readonly string[]): string =>
  `${names
    .slice(0, 20)
    .map((name) => `"${name.slice(0, 40)}"`)
    .join(', ')}${names.length > 20 ? ' and more' : ''}`;

function refuse(line: number, fault: string): never {
  throw new AnnexError('invalid', `line ${line}: ${fault}. Nothing was imported.`);
}

/** Drops the values of unwanted columns, byte by byte, also across chunks. Quotation marks are where they may be. */
class Selection {
  private line = 2;
  private column = 0;
  private quoted = false;
  private lineBytes = 0;
  private written = 0;

  constructor(
    private readonly wanted: readonly (OrderColumn | null)[],
    private readonly separator: number,
  ) {}

  take(chunk: Buffer): Buffer {
    const out = Buffer.allocUnsafe(chunk.length);
    let length = 0;
    let keeps = this.isWanted();
    for (const byte of chunk) {
      if (byte === lineFeed) {
        this.checkLine();
        out[length++] = byte;
        this.line += 1;
        this.column = 0;
        this.lineBytes = 0;
        this.written = 0;
        keeps = this.isWanted();
        continue;
      }
      this.lineBytes += 1;
      if (byte === this.separator && !this.quoted) {
        if (keeps) this.written += 1;
        this.column += 1;
        keeps = this.isWanted();
        if (keeps && this.written > 0) out[length++] = byte;
        continue;
      }
      if (byte === quotationMark) this.quoted = !this.quoted;
      if (keeps) out[length++] = byte;
    }
    return out.subarray(0, length);
  }

  private isWanted(): boolean {
    return (this.wanted[this.column] ?? null) !== null;
  }

  end(): void {
    if (this.lineBytes > 0) this.checkLine();
  }

  private checkLine(): void {
    const count = this.column + 1;
    const expected = this.wanted.length;
    if (count === expected) return;
    refuse(
      this.line,
      `too ${count < expected ? 'few' : 'many'} columns: ${count}, where the first line has ${expected}`,
    );
  }
}
