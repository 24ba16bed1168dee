import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { lastMessage, type Programs } from '@/local/aws/core/programs';
import type { UnpackMessage } from './unpack/main';
import { type ArchiveLimits, megabytes, type UnpackOrder } from './unpack/unpack-archive';

/** One regular file of an archive. */
export interface TarFile {
  /** Relative, with slashes. */
  readonly name: string;
  readonly data: Buffer;
}

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

/** What a tenant's archive may need. */
export interface UnpackLimits extends ArchiveLimits {
  /** Bytes of the archive itself. */
  readonly packedBytes: number;
  readonly ms: number;
}

/** The limits of a model's artefact. */
export const modelLimits: UnpackLimits = {
  packedBytes: 512 * 1024 * 1024,
  bytes: 512 * 1024 * 1024,
  entries: 10_000,
  pathBytes: 1024,
  depth: 32,
  ms: 60_000,
};

/**
 * Unpacks a tenant's gzipped archive into the folder `dir`, in a process that can do nothing else. Throws a sentence when
 * it is not an archive, goes beyond a limit, or would write outside of `dir`. Rejects once `signal` is aborted.
 */
export async function unpackTarGz(
  programs: Programs,
  archive: string,
  dir: string,
  signal: AbortSignal,
  limits = modelLimits,
): Promise<void> {
  if ((await stat(archive)).size > limits.packedBytes)
    throw new Error(`The archive has more than ${megabytes(limits.packedBytes)} MB.`);
  const order: UnpackOrder = { archive, dir, limits };
  const child = await programs.start(join(import.meta.dirname, 'unpack', 'main.ts'), order, {
    read: [archive, dir],
    write: [dir],
    heapMb: 128,
  });
  child.stdout?.resume();
  child.stderr?.resume();
  const late = AbortSignal.timeout(limits.ms);
  const message = await lastMessage<UnpackMessage>(child, AbortSignal.any([signal, late]));
  signal.throwIfAborted();
  if (message?.kind === 'unpacked') return;
  if (message?.kind === 'refused') throw new Error(message.reason);
  if (late.aborted) throw new Error(`The archive could not be unpacked within ${limits.ms / 1000} s.`);
  throw new Error('The archive is damaged: it could not be unpacked.');
}
