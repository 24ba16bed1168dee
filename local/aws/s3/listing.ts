import { compareBytes, type DurableState } from '../core/state';
import { type ObjectRecord, objectsOf } from './records';

export interface ListingQuery {
  readonly prefix: string;
  readonly delimiter: string;
  /** List only keys and common prefixes after this one. */
  readonly after: string | undefined;
  readonly max: number;
}

export interface Listing {
  readonly objects: readonly (readonly [key: string, object: ObjectRecord])[];
  /** The common prefixes up to the delimiter, listed in place of their keys. */
  readonly commonPrefixes: readonly string[];
  /** The last key or common prefix of the page; null when it is the last page. */
  readonly last: string | null;
  /** `after` of the next page; null at the end. */
  readonly next: string | null;
}

const batchSize = 1000;
/** Sorts after every key that has the same beginning. */
const highest = '\u{10ffff}';

/** The `after` that skips everything under a common prefix. */
export const afterGroup = (commonPrefix: string): string => commonPrefix + highest;

/** A page of a bucket's keys, sorted by their bytes. */
export async function listObjects(
  state: DurableState,
  bucket: string,
  query: ListingQuery,
): Promise<Listing> {
  const objects: [string, ObjectRecord][] = [];
  const commonPrefixes: string[] = [];
  let after = query.after;
  let last: string | null = null;
  for (;;) {
    const range = { prefix: query.prefix, limit: batchSize, ...(after === undefined ? {} : { gt: after }) };
    const batch = await state.list<ObjectRecord>(objectsOf(bucket), range);
    for (const [key, object] of batch) {
      // Skips keys of a common prefix that are still in this batch.
      if (after !== undefined && compareBytes(key, after) <= 0) continue;
      if (objects.length + commonPrefixes.length >= query.max) {
        return { objects, commonPrefixes, last, next: query.max === 0 ? null : (after ?? null) };
      }
      const group = groupOf(key, query);
      if (group === null) objects.push([key, object]);
      else commonPrefixes.push(group);
      last = group ?? key;
      after = group === null ? key : afterGroup(group);
    }
    if (batch.length < batchSize) return { objects, commonPrefixes, last, next: null };
  }
}

function groupOf(key: string, { prefix, delimiter }: ListingQuery): string | null {
  if (delimiter === '') return null;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? null : key.slice(0, at + delimiter.length);
}
