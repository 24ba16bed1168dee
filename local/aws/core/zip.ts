import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { crc32, inflateRaw } from 'node:zlib';

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
const maxEntries = 20_000;
const maxNameBytes = 1024;

/** A zip that is no zip, or one that must not be unpacked; the message says why. */
export class BadZip extends Error {}

/** A zip that unpacks to more bytes than allowed. */
export class ZipTooLarge extends Error {}

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

/**
 * Unpacks `zip` into the folder `dir`, which is empty: files and folders inside it alone, `maxBytes` at most. Throws BadZip and
 * ZipTooLarge, and then leaves in `dir` what it had unpacked.
 */
export async function unzip(zip: Buffer, dir: string, maxBytes: number): Promise<void> {
  const entries = entriesOf(zip);
  if (entries.reduce((sum, { size }) => sum + size, 0) > maxBytes) throw new ZipTooLarge();
  for (const entry of entries) {
    const path = join(dir, ...piecesOf(entry.name));
    if (entry.name.endsWith('/')) await mkdir(path, { recursive: true });
    else {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, await contentOf(zip, entry), { flag: 'wx' }).catch(asBad(entry.name));
    }
  }
}

const asBad = (name: string) => (error: NodeJS.ErrnoException) => {
  if (['EEXIST', 'EISDIR', 'ENOTDIR', 'ENAMETOOLONG'].includes(error.code ?? ''))
    throw new BadZip(`the name ${name} is there twice, or too long`);
  throw error;
};

function entriesOf(zip: Buffer): Entry[] {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0 || end + 22 > zip.length || zip.readUInt32LE(end) !== endSignature)
    throw new BadZip('it has no directory');
  const count = zip.readUInt16LE(end + 10);
  if (count > maxEntries) throw new BadZip(`it has more than ${maxEntries} entries`);
  let at = zip.readUInt32LE(end + 16);
  const entries: Entry[] = [];
  for (let n = 0; n < count; n += 1) {
    if (at + 46 > end || zip.readUInt32LE(at) !== entrySignature)
      throw new BadZip('its directory is damaged');
    const nameBytes = zip.readUInt16LE(at + 28);
    const next = at + 46 + nameBytes + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    if (next > end || nameBytes > maxNameBytes) throw new BadZip('its directory is damaged');
    const name = zip.toString('utf8', at + 46, at + 46 + nameBytes);
    checkKind(name, zip.readUInt16LE(at + 8), zip.readUInt32LE(at + 38) >>> 16);
    entries.push({
      name,
      method: zip.readUInt16LE(at + 10),
      crc: zip.readUInt32LE(at + 16),
      packed: zip.readUInt32LE(at + 20),
      size: zip.readUInt32LE(at + 24),
      offset: zip.readUInt32LE(at + 42),
    });
    at = next;
  }
  if (entries.length === 0) throw new BadZip('it is empty');
  return entries;
}

function checkKind(name: string, flags: number, mode: number): void {
  if (flags & 1) throw new BadZip(`${name} is encrypted`);
  const kind = mode & 0o170000;
  if (kind !== 0 && kind !== 0o100000 && kind !== 0o040000)
    throw new BadZip(`${name} is neither a file nor a folder`);
}

/** The steps of a name below the folder. Throws BadZip for one that leads out of it. */
function piecesOf(name: string): string[] {
  const pieces = name.split('/').filter((piece) => piece !== '' && piece !== '.');
  if (/^\/|\\|\0|^[a-z]:/i.test(name) || pieces.length === 0 || pieces.includes('..'))
    throw new BadZip(`the name ${JSON.stringify(name)} leads out of it`);
  return pieces;
}

async function contentOf(zip: Buffer, entry: Entry): Promise<Buffer> {
  const damaged = new BadZip(`${entry.name} is damaged`);
  const { offset, packed, size, method } = entry;
  if (offset + 30 > zip.length || zip.readUInt32LE(offset) !== localSignature) throw damaged;
  const start = offset + 30 + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28);
  const data = zip.subarray(start, start + packed);
  if (data.length !== packed || (method !== 0 && method !== 8)) throw damaged;
  if (method === 0) return checked(data, entry, damaged);
  // One byte more than it says: an entry that lies about its size is refused, whatever it would unpack to.
  const plain = await promisify(inflateRaw)(data, { maxOutputLength: size + 1 }).catch(() => {
    throw damaged;
  });
  return checked(plain, entry, damaged);
}

function checked(data: Buffer, { size, crc }: Entry, damaged: BadZip): Buffer {
  if (data.length !== size || crc32(data) !== crc) throw damaged;
  return data;
}

/** A zip of these files, by their names; nothing in it is compressed. */
export function zipOf(files: Readonly<Record<string, string | Buffer>>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const data = Buffer.from(content);
    const nameBytes = Buffer.from(name);
    // Version 2.0; names are UTF-8; stored; no time.
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x800, 2);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(nameBytes.length, 22);
    const local = Buffer.alloc(4);
    local.writeUInt32LE(localSignature);
    parts.push(local, common, nameBytes, data);
    const head = Buffer.alloc(6);
    head.writeUInt32LE(entrySignature);
    head.writeUInt16LE(20, 4);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(head, common, tail, nameBytes);
    offset += 30 + nameBytes.length + data.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(endSignature);
  end.writeUInt16LE(Object.keys(files).length, 8);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, list, end]);
}
