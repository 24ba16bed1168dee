import type { ChecksumName } from './checksums';

/** Server-side encryption that a client asked for. The files on disk are not encrypted. */
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
  /** Which resource of a stack made it. */
  readonly owner?: string;
  /** A policy as it was given. */
  readonly policy?: unknown;
}

export interface StoredChecksum {
  readonly name: ChecksumName;
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

/** Everything that an upload sets on its object besides the bytes. */
export interface Attributes {
  /** Response headers that are returned as they were sent, such as content-type and cache-control. */
  readonly headers: Readonly<Record<string, string>>;
  /** `x-amz-meta-*` without the prefix. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly encryption: Encryption;
  readonly tags?: Readonly<Record<string, string>>;
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
/** The collection of a bucket's objects, by key. */
export const objectsOf = (bucket: string): string => `s3-objects:${bucket}`;
/** The collection of a bucket's unfinished uploads, by upload id. */
export const uploadsOf = (bucket: string): string => `s3-uploads:${bucket}`;
/** The collection of an upload's parts, by `partKey`. */
export const partsOf = (uploadId: string): string => `s3-parts:${uploadId}`;
/** Keys that sort like the numbers of the parts. */
export const partKey = (number: number): string => String(number).padStart(5, '0');
