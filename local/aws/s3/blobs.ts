import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { link, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { requireSpace } from '../core/disk-space';
import { type ChecksumName, createDigest } from './checksums';

/** Bytes in a file of their own, which never changes. */
export interface Blob {
  readonly file: string;
  readonly size: number;
  /** Hex. */
  readonly md5: string;
  /** Base64; null when the client asked for none. */
  readonly checksum: string | null;
}

const joinedBytes = 1024 * 1024;
const checkedEveryBytes = 8 * 1024 * 1024;

/** Files under `dir`. A file gets its name only once it is complete. */
export class BlobStore {
  constructor(readonly dir: string) {}

  /** Those of `files` that are not there. */
  async missing(files: readonly string[]): Promise<readonly string[]> {
    const there = new Set(await readdir(this.data, { recursive: true }).catch(() => []));
    return files.filter((file) => !there.has(join(file.slice(0, 2), file)));
  }

  /** Removes files that a stop left incomplete, and files that are not in `used`. */
  async removeUnused(used: ReadonlySet<string>): Promise<void> {
    await rm(this.drafts, { recursive: true, force: true });
    await mkdir(this.drafts, { recursive: true });
    for (const shelf of await readdir(this.data).catch(() => [])) {
      for (const name of await readdir(join(this.data, shelf))) {
        if (!used.has(name)) await this.remove(name);
      }
    }
  }

  /** Writes a stream to disk with bounded memory. `check` may throw before the file gets its name. */
  async write(
    source: Readable,
    checksum: ChecksumName | null,
    check: (blob: Blob) => void = () => undefined,
  ): Promise<Blob> {
    const file = randomUUID();
    const draft = join(this.drafts, file);
    const meter = new Meter(checksum, this.drafts);
    try {
      // `flush`: the bytes are on disk before the stream closes.
      await pipeline(source, meter, createWriteStream(draft, { flags: 'wx', flush: true }));
      const blob = { file, ...(await meter.result()) };
      check(blob);
      await mkdir(this.shelf(file), { recursive: true });
      await rename(draft, this.path(file));
      return blob;
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }

  /** Joins the bytes of all `files` in one new file. Returns it with its size. */
  async join(files: readonly string[]): Promise<Pick<Blob, 'file' | 'size'>> {
    const file = randomUUID();
    const draft = join(this.drafts, file);
    try {
      const target = await open(draft, 'wx');
      let size = 0;
      try {
        for (const part of files) {
          for await (const data of createReadStream(this.path(part), { highWaterMark: joinedBytes })) {
            await target.appendFile(data as Buffer);
            size += (data as Buffer).length;
            if (size % checkedEveryBytes < joinedBytes) await requireSpace(this.drafts);
          }
        }
        await target.sync();
      } finally {
        await target.close();
      }
      await mkdir(this.shelf(file), { recursive: true });
      await rename(draft, this.path(file));
      return { file, size };
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }

  /** Gives the bytes of `file` a second name. */
  async copy(file: string): Promise<string> {
    const name = randomUUID();
    await mkdir(this.shelf(name), { recursive: true });
    await link(this.path(file), this.path(name));
    return name;
  }

  /** The bytes from `start` to `end`, inclusive. The file may be removed during the read. */
  async read(file: string, start: number, end: number): Promise<Readable> {
    const handle = await open(this.path(file), 'r');
    return handle.createReadStream({ start, end });
  }

  /** The bytes of all `files`, in order. */
  async *readAll(files: readonly string[]): AsyncIterable<Buffer> {
    for (const file of files) yield* createReadStream(this.path(file)) as AsyncIterable<Buffer>;
  }

  async remove(...files: readonly string[]): Promise<void> {
    for (const file of files) await rm(this.path(file), { force: true });
  }

  private get data(): string {
    return join(this.dir, 'data');
  }
  private get drafts(): string {
    return join(this.dir, 'drafts');
  }
  private shelf(file: string): string {
    return join(this.data, file.slice(0, 2));
  }
  private path(file: string): string {
    return join(this.shelf(file), file);
  }
}

class Meter extends Transform {
  private readonly md5 = createHash('md5');
  private readonly digest;
  private size = 0;
  private checkedSize = 0;

  /** Fails before the disk with `dir` is full: others need what is left. */
  constructor(
    checksum: ChecksumName | null,
    private readonly dir: string,
  ) {
    super();
    this.digest = checksum === null ? null : createDigest(checksum);
  }

  override _transform(data: Buffer, _: BufferEncoding, done: TransformCallback): void {
    this.md5.update(data);
    this.digest?.update(data);
    this.size += data.length;
    if (this.size - this.checkedSize < checkedEveryBytes) done(null, data);
    else {
      this.checkedSize = this.size;
      requireSpace(this.dir).then(() => done(null, data), done);
    }
  }

  async result(): Promise<Omit<Blob, 'file'>> {
    const checksum = (await this.digest?.base64()) ?? null;
    return { size: this.size, md5: this.md5.digest('hex'), checksum };
  }
}
