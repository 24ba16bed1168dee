import type { ChecksumName } from './checksums';

/** Server-side encryption that a client asked for. The files themselves are as the disk has them. */
export interface Encryption {
  readonly algorithm: string;
  readonly keyId?: string;
}

export interface BucketRecord {
  readonly name: string;
  readonly accountId: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly encryption: Encryption;
}

export interface StoredChecksum {
  readonly name: ChecksumName;
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

/** What an upload says about its object besides the bytes. */
export interface Attributes {
  /** Response headers that are given back as they came: content-type, cache-control and their like. */
  readonly headers: Readonly<Record<string, string>>;
  /** `x-amz-meta-*` without the prefix. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly encryption: Encryption;
}

export interface ObjectRecord extends Attributes {
  readonly file: string;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
  readonly checksum?: StoredChecksum;
}

export interface UploadRecord extends Attributes {
  readonly uploadId: string;
  readonly key: string;
  readonly initiatedAt: number;
  readonly checksum: { readonly name: ChecksumName; readonly type: StoredChecksum['type'] } | null;
}

export interface PartRecord {
  readonly file: string;
  readonly size: number;
  readonly etag: string;
  readonly modifiedAt: number;
  readonly checksum?: { readonly name: ChecksumName; readonly value: string };
}

export const bucketsCollection = 's3-buckets';
/** Collection of a bucket's objects, by key. */
export const objectsOf = (bucket: string): string => `s3-objects:${bucket}`;
/** Collection of a bucket's unfinished uploads, by upload id. */
export const uploadsOf = (bucket: string): string => `s3-uploads:${bucket}`;
/** Collection of an upload's parts, by `partKey`. */
export const partsOf = (uploadId: string): string => `s3-parts:${uploadId}`;
/** Sorts as the part's number does. */
export const partKey = (number: number): string => String(number).padStart(5, '0');
