import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { codeOf } from './failure';

/** An object that appears only when it is complete. Throws the SDK's errors, and the reason of the signal. */
export interface Upload {
  /** Takes bytes; resolves when there is room for more. From then on the caller may reuse the chunk. */
  write(chunk: Buffer): Promise<void>;
  /** Makes the object, which must not be there yet. `sha256` is in hex, `etag` without quotes. */
  complete(): Promise<{ readonly bytes: number; readonly sha256: string; readonly etag: string | undefined }>;
  /** Forgets what was sent. */
  abort(): Promise<void>;
}

/** The multipart upload that bytes go to. */
export interface UploadPlace {
  readonly Bucket: string;
  readonly Key: string;
  readonly UploadId: string | undefined;
}

type Part = Buffer<ArrayBufferLike>;

const mebibyte = 1024 * 1024;
/** S3's least is 5 MiB and its most 10,000 parts: the first thousand are small, and so is memory; the others reach 500 GB. */
const partBytes = (number: number): number => (number <= 1000 ? 5 : 64) * mebibyte;
const partsAtOnce = 2;

/** Sends bytes to a multipart upload, two parts at a time. Memory holds a few parts. */
export function createUpload(s3: S3Client, at: UploadPlace, signal: AbortSignal): Upload {
  const hash = createHash('sha256');
  const parts: { PartNumber: number; ETag: string | undefined }[] = [];
  const sending = new Set<Promise<void>>();
  /** Buffers of parts that were sent, to be filled again: new ones would cost many times the memory in use. */
  const free: Part[] = [];
  let failed: unknown = null;
  let part: Part = Buffer.allocUnsafeSlow(partBytes(1));
  let filled = 0;
  let bytes = 0;
  let begun = 0;

  const check = () => {
    signal.throwIfAborted();
    if (failed !== null) throw failed;
  };
  const send = async (PartNumber: number, buffer: Part, length: number): Promise<void> => {
    try {
      const Body = buffer.subarray(0, length);
      const command = new UploadPartCommand({ ...at, PartNumber, Body });
      const { ETag } = await s3.send(command, { abortSignal: signal });
      parts.push({ PartNumber, ETag });
      free.push(buffer);
    } catch (error) {
      failed ??= error;
    }
  };
  const sendPart = () => {
    begun += 1;
    const sent = send(begun, part, filled).finally(() => sending.delete(sent));
    sending.add(sent);
    filled = 0;
  };
  const nextPart = async (): Promise<void> => {
    sendPart();
    while (sending.size > partsAtOnce) await Promise.race(sending);
    check();
    const size = partBytes(begun + 1);
    const again = free.pop();
    part = again?.length === size ? again : Buffer.allocUnsafeSlow(size);
  };

  return {
    async write(chunk) {
      check();
      hash.update(chunk);
      bytes += chunk.length;
      for (let from = 0; from < chunk.length; ) {
        const copied = chunk.copy(part, filled, from);
        from += copied;
        filled += copied;
        if (filled === part.length) await nextPart();
      }
    },
    async complete() {
      if (filled > 0 || begun === 0) sendPart();
      await Promise.all(sending);
      check();
      const Parts = parts.sort((a, b) => a.PartNumber - b.PartNumber);
      const command = new CompleteMultipartUploadCommand({
        ...at,
        MultipartUpload: { Parts },
        IfNoneMatch: '*',
      });
      const { ETag } = await s3.send(command, { abortSignal: signal });
      return { bytes, sha256: hash.digest('hex'), etag: ETag?.replaceAll('"', '') };
    },
    async abort() {
      await Promise.all(sending);
      await s3.send(new AbortMultipartUploadCommand(at)).catch((error: unknown) => {
        if (codeOf(error) !== 'NoSuchUpload') throw error;
      });
    },
  };
}
