import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';

/** What an archive may have in it. */
export interface ArchiveLimits {
  /** Unpacked, with the headers of its entries. */
  readonly bytes: number;
  readonly entries: number;
  /** Bytes of a path in UTF-8. */
  readonly pathBytes: number;
  /** Names in a path. */
  readonly depth: number;
}

export interface UnpackOrder {
  readonly archive: string;
  readonly dir: string;
  readonly limits: ArchiveLimits;
}

/**
 * Unpacks the regular files of a gzipped archive into `dir`. Throws a sentence when it is not an archive, goes beyond a
 * limit, or would write outside of `dir`.
 */
export async function unpackArchive({ archive, dir, limits }: UnpackOrder): Promise<void> {
  const tar = extract();
  let entries = 0;
  tar.on('entry', (header, content, next) => {
    entries += 1;
    // What goes wrong with an entry goes wrong with the archive, which says so.
    content.on('error', () => undefined);
    take(entries, header, content).then(() => next(), next);
  });

  async function take(entry: number, header: Header, content: AsyncIterable<unknown>): Promise<void> {
    // The library waits for ever for the end of an entry whose size it cannot read.
    if (!Number.isSafeInteger(header.size)) throw new Error('The archive has an entry without a size.');
    if (entry > limits.entries) throw new Error(`The archive has more than ${limits.entries} entries.`);
    // The library gives a folder no content, and no end to it where the header states a size.
    if (header.type === 'directory') return;
    const path = pathOf(header, limits);
    if (path === null) {
      for await (const chunk of content) void chunk;
      return;
    }
    const target = join(dir, path);
    await mkdir(dirname(target), { recursive: true });
    await pipeline(content, createWriteStream(target));
  }

  try {
    await pipeline(createReadStream(archive), createGunzip(), upTo(limits.bytes), tar);
  } catch (error) {
    throw inPlainWords(error);
  }
}

/** Where the entry's file goes, below the folder; null for what a model does not need: links and devices. */
function pathOf({ name, type }: Header, { pathBytes, depth }: ArchiveLimits): string | null {
  const path = name.replace(/^(\.\/)+/, '');
  if (type !== 'file' || path === '') return null;
  const names = path.split('/');
  if (path.startsWith('/') || names.includes('..')) {
    throw new Error(`The archive names ${path.slice(0, 100)}, which is outside of it.`);
  }
  if (Buffer.byteLength(path) > pathBytes || names.length > depth) {
    throw new Error(
      `The archive has a path of more than ${pathBytes} bytes or ${depth} names: ${path.slice(0, 100)}…`,
    );
  }
  return path;
}

function upTo(limit: number) {
  return async function* limited(source: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
    let bytes = 0;
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > limit) throw new Error(`The archive unpacks to more than ${megabytes(limit)} MB.`);
      yield chunk;
    }
  };
}

/** Whole megabytes, for a sentence. */
export const megabytes = (bytes: number): number => Math.ceil(bytes / 1024 / 1024);

const sameName = 'The archive gives a file and a folder the same name.';
/** By the code of Node's error, whose message shows a path of this host to the tenant. */
const namesInWords: Readonly<Record<string, string>> = {
  EEXIST: sameName,
  EISDIR: sameName,
  ENOTDIR: sameName,
  ENAMETOOLONG: 'The archive has a file whose name is too long.',
  ERR_INVALID_ARG_VALUE: 'The archive has a file whose name no file can have.',
};

function inPlainWords(error: unknown): unknown {
  const { message = '', code = '' } = error as { message?: string; code?: string };
  const words = namesInWords[code];
  if (words !== undefined) return new Error(words);
  if (message.startsWith('Invalid tar header')) return new Error('It is no tar archive.');
  if (message.startsWith('Unexpected end of data')) return new Error('The archive is cut off.');
  return error;
}
