import { orderHeadBytes } from './ports';

/** A file on its way into the import. */
export interface WatchedFile {
  readonly bytes: AsyncGenerator<Uint8Array>;
  readonly readBytes: number;
  /** Line ends that were read. */
  readonly readLines: number;
  /** The first bytes, at most `orderHeadBytes`. */
  head(): Uint8Array;
  /** Whether the source failed: the file did not arrive whole. */
  readonly brokeOff: boolean;
}

const lineFeed = 0x0a;

/** Counts what is read of `csv`. */
export function watchedFile(csv: AsyncIterable<Uint8Array>): WatchedFile {
  const head: Uint8Array[] = [];
  const seen = { readBytes: 0, readLines: 0, brokeOff: false };
  async function* bytes(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of csv) {
        // A copy: the source may use its memory again.
        if (seen.readBytes < orderHeadBytes) head.push(chunk.slice(0, orderHeadBytes - seen.readBytes));
        seen.readBytes += chunk.byteLength;
        for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, at + 1)) {
          seen.readLines += 1;
        }
        yield chunk;
      }
    } catch (error) {
      seen.brokeOff = true;
      throw error;
    }
  }
  return Object.assign(seen, { bytes: bytes(), head: () => Buffer.concat(head) });
}
