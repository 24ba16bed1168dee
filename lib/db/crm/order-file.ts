import { AnnexError } from '@/lib/errors';

/** The required first line of an order file. */
export const orderFileHeader = 'customer_id,ordered_at,quantity,amount';

const longestLineBytes = 64 * 1024;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * The bytes of an order file in the form that `COPY` accepts: without a byte order mark, with LF line ends (files mix
 * LF and CR LF), and with lines of at most 64 KiB, so that memory stays bounded. Throws `invalid` for an empty file,
 * UTF-16 and a line that is too long.
 */
export async function* orderFileBytes(csv: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const lines = new LineEnds();
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
  if (opening.length === 0) {
    throw new AnnexError(
      'invalid',
      `The file is empty. Its first line must be ${orderFileHeader}. Nothing was imported.`,
    );
  }
}

function withoutMark(opening: Buffer): Buffer {
  const [first, second, third] = opening;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new AnnexError('invalid', 'The file is UTF-16. Save it as CSV in UTF-8. Nothing was imported.');
  }
  return first === 0xef && second === 0xbb && third === 0xbf ? opening.subarray(3) : opening;
}

/** Converts CR LF to LF, also across chunks. */
class LineEnds {
  private line = 1;
  private lineBytes = 0;
  private heldReturn = false;

  clean(chunk: Buffer): Buffer {
    const out = Buffer.allocUnsafe(chunk.length + 1);
    let length = 0;
    for (const byte of chunk) {
      if (this.heldReturn) {
        this.heldReturn = false;
        if (byte !== lineFeed) out[length++] = carriageReturn;
      }
      if (byte === carriageReturn) {
        this.heldReturn = true;
        continue;
      }
      out[length++] = byte;
      if (byte === lineFeed) this.endLine();
      else if (++this.lineBytes > longestLineBytes) this.refuseLine();
    }
    return out.subarray(0, length);
  }

  private endLine(): void {
    this.line += 1;
    this.lineBytes = 0;
  }

  private refuseLine(): never {
    throw new AnnexError(
      'invalid',
      `line ${this.line}: longer than ${longestLineBytes} bytes. Check that the file is a CSV of orders. Nothing was imported.`,
    );
  }
}
