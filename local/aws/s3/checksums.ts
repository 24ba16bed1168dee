import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** S3's additional checksums, as they stand in `x-amz-checksum-<name>`. */
export const checksumNames = ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'] as const;
export type ChecksumName = (typeof checksumNames)[number];

/** A checksum over bytes that come in pieces. */
export interface Digest {
  update(data: Buffer): void;
  /** Big-endian. */
  value(): Buffer;
}

/** A new checksum of that name. */
export function createDigest(name: ChecksumName): Digest {
  switch (name) {
    case 'crc32':
      return crc32Digest();
    case 'crc32c':
      return crc32cDigest();
    case 'crc64nvme':
      return crc64Digest();
    case 'sha1':
    case 'sha256': {
      const hash = createHash(name);
      return { update: (data) => void hash.update(data), value: () => hash.digest() };
    }
  }
}

function crc32Digest(): Digest {
  let state = 0;
  return {
    update: (data) => {
      state = crc32(data, state);
    },
    value: () => uint32(state),
  };
}

/** Reflected CRC-32C polynomial (Castagnoli; RFC 3720, appendix B.4). */
const castagnoli = table32(0x82f63b78);

function crc32cDigest(): Digest {
  let state = 0xffffffff;
  return {
    update: (data) => {
      for (const byte of data) state = (castagnoli[(state ^ byte) & 0xff] ?? 0) ^ (state >>> 8);
    },
    value: () => uint32((state ^ 0xffffffff) >>> 0),
  };
}

function table32(polynomial: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, index) => {
    let value = index;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    return value;
  });
}

/** Reflected polynomial of CRC-64/NVME (NVM Express Base Specification, section 5.2.1.3.4). */
const nvme = table64(0x9a6c9329ac4bc9b5n);

function crc64Digest(): Digest {
  let high = 0xffffffff;
  let low = 0xffffffff;
  return {
    update: (data) => {
      // Two halves of 32 bits: BigInt would be an order of magnitude slower.
      for (const byte of data) {
        const index = (low ^ byte) & 0xff;
        low = ((low >>> 8) | (high << 24)) ^ (nvme.low[index] ?? 0);
        high = (high >>> 8) ^ (nvme.high[index] ?? 0);
      }
    },
    value: () => Buffer.concat([uint32(~high >>> 0), uint32(~low >>> 0)]),
  };
}

function table64(polynomial: bigint): { readonly high: Uint32Array; readonly low: Uint32Array } {
  const values = Array.from({ length: 256 }, (_, index) => {
    let value = BigInt(index);
    for (let bit = 0; bit < 8; bit += 1) value = value & 1n ? (value >> 1n) ^ polynomial : value >> 1n;
    return value;
  });
  return {
    high: Uint32Array.from(values, (value) => Number(value >> 32n)),
    low: Uint32Array.from(values, (value) => Number(value & 0xffffffffn)),
  };
}

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value >>> 0);
  return buffer;
}
