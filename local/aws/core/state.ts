import { openLevel } from '@/local/level-store';
import { requireSpace } from './disk-space';
import type { StateStore } from './service';

export type Change =
  | { readonly type: 'put'; readonly collection: string; readonly key: string; readonly value: unknown }
  | { readonly type: 'del'; readonly collection: string; readonly key: string };

/** `StateStore`, whose writes throw DiskFull before the disk is full, with what the core itself needs besides. */
export interface DurableState extends StateStore {
  /** All changes or none. */
  write(changes: readonly Change[]): Promise<void>;
  close(): Promise<void>;
}

const separator = '/';
/** The character after the separator: no key of a collection reaches it. */
const afterSeparator = '0';

/** Opens the documents in `dir`, which are new unless they were `made`. Throws CannotStart as `openLevel`. */
export async function openState(dir: string, made = false): Promise<DurableState> {
  const holds = 'the accounts, users, roles, queues, objects and models of the AWS stand-ins';
  const db = await openLevel({ dir, holds, made });
  // LevelDB answers before the disk has it unless asked.
  const durable = { sync: true };
  // encodeURIComponent escapes the separator, so a collection's name cannot run into a key.
  const root = (collection: string) => encodeURIComponent(collection) + separator;

  return {
    async get<T>(collection: string, key: string) {
      return (await db.get(root(collection) + key)) as T | undefined;
    },
    async put<T>(collection: string, key: string, value: T) {
      await requireSpace(dir);
      await db.put(root(collection) + key, value, durable);
    },
    async delete(collection, key) {
      await db.del(root(collection) + key, durable);
    },
    async list<T>(collection: string, range: { prefix?: string; gt?: string; limit?: number } = {}) {
      const from = root(collection);
      const prefix = from + (range.prefix ?? '');
      const gt = range.gt === undefined ? undefined : from + range.gt;
      const lower = gt !== undefined && compareBytes(gt, prefix) >= 0 ? { gt } : { gte: prefix };
      const found: [string, T][] = [];
      const limit = range.limit ?? Number.POSITIVE_INFINITY;
      if (limit <= 0) return found;
      const upper = encodeURIComponent(collection) + afterSeparator;
      for await (const [key, value] of db.iterator({ ...lower, lt: upper })) {
        if (!key.startsWith(prefix)) break;
        found.push([key.slice(from.length), value as T]);
        if (found.length >= limit) break;
      }
      return found;
    },
    async write(changes) {
      // What only deletes may go on: it makes room.
      if (changes.some((change) => change.type === 'put')) await requireSpace(dir);
      await db.batch(
        changes.map((change) =>
          change.type === 'put'
            ? { type: 'put', key: root(change.collection) + change.key, value: change.value }
            : { type: 'del', key: root(change.collection) + change.key },
        ),
        durable,
      );
    },
    close: () => db.close(),
  };
}

/** Order of UTF-8, which LevelDB and S3 list in; JavaScript's own compares UTF-16 units. */
export function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
