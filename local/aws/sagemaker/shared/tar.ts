import { createReadStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createGunzip, gzipSync } from 'node:zlib';

/** One regular file of an archive. */
export interface TarFile {
  /** Relative, with slashes. */
  readonly name: string;
  readonly data: Buffer;
}

const block = 512;
/** What an archive may hold when it is unpacked. */
const maxUnpackedBytes = 512 * 1024 * 1024;

/** A gzipped archive in POSIX ustar format (IEEE Std 1003.1, pax). Names are at most 100 bytes. */
export function packTarGz(files: readonly TarFile[]): Buffer {
  const parts = files.flatMap(({ name, data }) => [
    header(name, data.length),
    data,
    Buffer.alloc((block - (data.length % block)) % block),
  ]);
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(2 * block)]));
}

function header(name: string, size: number): Buffer {
  if (Buffer.byteLength(name) > 100) throw new Error(`The name ${name} is too long for an archive.`);
  const head = Buffer.alloc(block);
  head.write(name, 0);
  head.write('0000644\0', 100);
  head.write('0000000\0', 108);
  head.write('0000000\0', 116);
  head.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  // No time: the same model makes the same archive.
  head.write('00000000000\0', 136);
  head.write('0', 156);
  head.write('ustar\0', 257);
  head.write('00', 263);
  head.write(`${checksum(head).toString(8).padStart(6, '0')}\0 `, 148);
  return head;
}

/** The sum of the header's bytes with spaces in the place of the sum itself. */
function checksum(head: Buffer): number {
  let sum = 0;
  for (const [index, byte] of head.entries()) sum += index >= 148 && index < 156 ? 32 : byte;
  return sum;
}

/** Files of a gzipped archive. Throws a sentence when it is none, or unpacks to more than 512 MB. */
export async function readTarGz(file: string): Promise<TarFile[]> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of createReadStream(file).pipe(createGunzip()) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxUnpackedBytes) throw new Error('The archive unpacks to more than 512 MB.');
    chunks.push(chunk);
  }
  return entries(Buffer.concat(chunks));
}

function entries(tar: Buffer): TarFile[] {
  const files: TarFile[] = [];
  for (let at = 0; at + block <= tar.length; ) {
    const head = tar.subarray(at, at + block);
    if (head.every((byte) => byte === 0)) break;
    if (Number.parseInt(textOf(head, 148, 8), 8) !== checksum(head)) throw new Error('It is no tar archive.');
    const size = Number.parseInt(textOf(head, 124, 12), 8) || 0;
    const prefix = textOf(head, 345, 155);
    const name = `${prefix ? `${prefix}/` : ''}${textOf(head, 0, 100)}`.replace(/^(\.\/)+/, '');
    const data = tar.subarray(at + block, at + block + size);
    if (data.length < size) throw new Error('The archive is cut off.');
    const type = textOf(head, 156, 1);
    // Links, devices and pax headers are nothing that a model needs.
    if ((type === '' || type === '0') && name !== '') files.push({ name, data });
    at += block + Math.ceil(size / block) * block;
  }
  return files;
}

const textOf = (head: Buffer, start: number, length: number): string =>
  head
    .toString('latin1', start, start + length)
    .split('\0', 1)[0]
    ?.trim() ?? '';

/** Unpacks a gzipped archive into `dir`. Throws a sentence when it is none or would write outside of it. */
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
