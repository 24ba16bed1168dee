import { longestOrderFile } from '@/lib/domain/crm/ports';
import { hourMs } from '@/lib/domain/time';

/**
 * The upload of an order file. Its body is read as it arrives, never into memory: `proxy.ts`, which would copy it, does not run
 * before this address, and the server before Next gives it more bytes and more time than any other.
 */
export const orderUpload = {
  path: '/customers/import/file',
  /** Longest file, bytes. */
  fileBytes: longestOrderFile,
  /** Longest body: the file, and what a form adds to it. */
  bodyBytes: longestOrderFile + 1_000_000,
  /** Longest time for all of it, ms. */
  wholeMs: hourMs,
} as const;
