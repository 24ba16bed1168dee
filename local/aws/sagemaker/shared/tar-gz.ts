import { createReadStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { extract, pack } from 'tar-stream';

/** One regular file of an archive. */
export interface TarFile {
  /** Relative, with slashes. */
  readonly name: string;
  readonly data: Buffer;
}

/** What an archive may hold when it is unpacked. */
const maxUnpackedBytes = 512 * 1024 * 1024;

/** A gzipped archive in POSIX ustar format. Throws for a name of more than 100 bytes. */
export async function packTarGz(files: readonly TarFile[]): Promise<Buffer> {
  const archive = pack();
  for (const { name, data } of files) {
    if (Buffer.byteLength(name) > 100) throw new Error(`The name ${name} is too long for an archive.`);
    // No time: the same model makes the same archive.
    archive.entry({ name, mode: 0o644, mtime: new Date(0) }, data);
  }
  archive.finalize();
  return buffer(archive.pipe(createGzip()));
}

/** Files of a gzipped archive. Throws a sentence when it is not an archive, or unpacks to more than 512 MB. */
export async function readTarGz(file: string): Promise<TarFile[]> {
  const files: TarFile[] = [];
  const archive = extract();
  archive.on('entry', ({ name, type }, content, next) => {
    buffer(content).then((data) => {
      const plain = name.replace(/^(\.\/)+/, '');
      // Links, devices and folders are nothing that a model needs.
      if (type === 'file' && plain !== '') files.push({ name: plain, data });
      next();
    }, next);
  });
  try {
    await pipeline(createReadStream(file), createGunzip(), limited, archive);
  } catch (error) {
    throw inPlainWords(error);
  }
  return files;
}

async function* limited(source: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > maxUnpackedBytes) throw new Error('The archive unpacks to more than 512 MB.');
    yield chunk;
  }
}

function inPlainWords(error: unknown): unknown {
  const { message = '' } = error as { message?: string };
  if (message.startsWith('Invalid tar header')) return new Error('It is no tar archive.');
  if (message.startsWith('Unexpected end of data')) return new Error('The archive is cut off.');
  return error;
}

/** Unpacks a gzipped archive into `dir`. Throws a sentence when it is not an archive, or would write outside of `dir`. */
export async function unpackTarGz(file: string, dir: string): Promise<void> {
  for (const { name, data } of await readTarGz(file)) {
    if (name.startsWith('/') || name.split('/').includes('..')) {
      throw new Error(`The archive names ${name}, which is outside of it.`);
    }
    const target = join(dir, name);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, data);
  }
}
