import { Crc32, Crc32c, Crc64Nvme } from '@aws-sdk/checksums/crc';
import { Sha1, Sha256 } from '@aws-sdk/checksums/sha';

/** S3's additional checksums, named as in `x-amz-checksum-<name>`. */
export const checksumNames = ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'] as const;
export type ChecksumName = (typeof checksumNames)[number];

const algorithms = { crc32: Crc32, crc32c: Crc32c, crc64nvme: Crc64Nvme, sha1: Sha1, sha256: Sha256 };

/** A checksum of bytes that arrive in chunks. */
export interface Digest {
  update(data: Buffer): void;
  /** Base64 of the bytes, big-endian. */
  base64(): Promise<string>;
}

/** A new checksum of that name. */
export function createDigest(name: ChecksumName): Digest {
  const checksum = new algorithms[name]();
  return {
    update: (data) => checksum.update(data),
    base64: async () => Buffer.from(await checksum.digest()).toString('base64'),
  };
}
