import { utf16 } from '@/lib/domain/crm/order-head';
import { AnnexError } from '@/lib/errors';

/** The required first line of an order file. */
export const orderFileHeader = 'customer_id,ordered_at,quantity,amount';

const longestLineBytes = 64 * 1024;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const quotationMark = 0x22;

/** An order file on its way into `COPY`. */
export interface OrderFile {
  /**
   * The bytes in the form that `COPY` accepts: without a byte order mark, with LF line ends (files mix LF and CR LF), without
   * empty lines at the end, and with lines of at most 64 KiB, so that memory stays bounded. Each line of the file is one row:
   * `COPY` would read a quotation mark inside a value as the start of a quotation and swallow the lines up to the next mark.
   * Throws `invalid` for an empty file, UTF-16, a line end that is CR only, an empty line before the end, a line that is too long
   * and a misplaced quotation mark, with the line where it is.
   */
  readonly bytes: AsyncGenerator<Buffer>;
  /** The lines below the header that `bytes` has given. */
  orders(): number;
}

/** Reads `csv` as an order file whose values are separated by `separator`. */
export function orderFile(csv: AsyncIterable<Uint8Array>, separator = ','): OrderFile {
  const lines = new Lines(separator.charCodeAt(0));
  return { bytes: cleanBytes(csv, lines), orders: () => lines.count - 1 };
}

async function* cleanBytes(csv: AsyncIterable<Uint8Array>, lines: Lines): AsyncGenerator<Buffer> {
  let opening: Buffer = Buffer.alloc(0);
  let opened = false;
  for await (const bytes of csv) {
    let chunk: Buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (!opened) {
      opening = Buffer.concat([opening, chunk]);
      if (opening.length < 3) continue;
      opened = true;
      chunk = withoutMark(opening);
    }
    const clean = lines.clean(chunk);
    if (clean.length > 0) yield clean;
  }
  if (!opened && opening.length > 0) yield lines.clean(opening);
  lines.end();
  if (lines.count === 0) {
    throw new AnnexError(
      'invalid',
      'The file is empty. Its first line must name the columns. Nothing was imported.',
    );
  }
}

function withoutMark(opening: Buffer): Buffer {
  const [first, second, third] = opening;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw utf16();
  }
  return first === 0xef && second === 0xbb && third === 0xbf ? opening.subarray(3) : opening;
}

/** Where in a value the last byte was. Numbers, because each byte asks for it. */
const place = {
  start: 0,
  plain: 1,
  quoted: 2,
  /** Right after a quotation mark that ends the quotation or is doubled. */
  closed: 3,
} as const;
type Place = (typeof place)[keyof typeof place];

/** Converts CR LF to LF and checks lines and their quotation marks, also across chunks. */
class Lines {
  /** Lines that are not empty. */
  count = 0;
  private line = 1;
  private lineBytes = 0;
  private heldReturn = false;
  private place: Place = place.start;

  constructor(private readonly separator: number) {}

  clean(chunk: Buffer): Buffer {
    const out = Buffer.allocUnsafe(chunk.length + 1);
    let length = 0;
    for (const byte of chunk) {
      if (this.heldReturn) {
        this.heldReturn = false;
        if (byte !== lineFeed) {
          if (this.place !== place.quoted) {
            this.refuse('a line ends with CR only. Save the file with LF or CR LF line endings');
          }
          this.step(carriageReturn);
          out[length++] = carriageReturn;
        }
      }
      if (byte === carriageReturn) {
        this.heldReturn = true;
        continue;
      }
      if (byte === lineFeed) {
        if (this.lineBytes > 0) out[length++] = byte;
        this.endLine();
        continue;
      }
      this.step(byte);
      out[length++] = byte;
    }
    return out.subarray(0, length);
  }

  end(): void {
    if (this.place === place.quoted) this.refuse('a quotation mark is never closed on this line');
  }

  private step(byte: number): void {
    if (this.lineBytes === 0) this.beginLine();
    if (++this.lineBytes > longestLineBytes) {
      this.refuse(`longer than ${longestLineBytes} bytes. Check that the file is a CSV of orders`);
    }
    this.place = this.placeAfter(byte);
  }

  private placeAfter(byte: number): Place {
    if (byte === quotationMark) {
      if (this.place === place.plain) {
        this.refuse(
          'a quotation mark inside a value. Enclose the whole value in quotation marks and double the mark inside it',
        );
      }
      return this.place === place.quoted ? place.closed : place.quoted;
    }
    if (this.place === place.quoted) return place.quoted;
    if (byte === this.separator) return place.start;
    if (this.place === place.closed) this.refuse('there is text after the closing quotation mark of a value');
    return place.plain;
  }

  private beginLine(): void {
    this.count += 1;
    if (this.line > this.count) {
      this.line = this.count;
      this.refuse('an empty line. Only the end of the file may have empty lines');
    }
  }

  private endLine(): void {
    this.end();
    this.line += 1;
    this.lineBytes = 0;
    this.place = place.start;
  }

  private refuse(fault: string): never {
    throw new AnnexError('invalid', `line ${this.line}: ${fault}. Nothing was imported.`);
  }
}
