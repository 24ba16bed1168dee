import { createHash } from 'node:crypto';
import { z } from 'zod';
import { decodeCursor, encodeCursor, pageWithin, wrongCursor } from '@/lib/domain/cursor';

/** Where a page begins, by the key of the row before it, or ends, by the key of the row after it. */
interface Edge<K> {
  /** Direction: next (`n`) or previous (`p`). */
  readonly d: 'n' | 'p';
  readonly k: K;
  /** Which list it belongs to, where rows can be selected and sorted; see `listId`. */
  readonly l?: string | undefined;
}

const sealed = z.object({ d: z.enum(['n', 'p']), k: z.unknown(), l: z.string().optional() });

/** Stands for a list by what selects and sorts it, so that a cursor leads into no other list. */
export const listId = (selection: unknown): string =>
  createHash('sha256').update(JSON.stringify(selection)).digest('base64url').slice(0, 10);

/** The edge that `cursor` encodes; null for the first page. Throws `invalid` for a cursor of another list, or of none with such a `key`. */
export function edgeAt<S extends z.ZodType>(
  key: S,
  cursor: string | undefined,
  list?: string,
): Edge<z.output<S>> | null {
  if (cursor === undefined) return null;
  const { d, k, l } = decodeCursor(sealed, cursor);
  if (l !== list) throw wrongCursor();
  const { success, data } = key.safeParse(k);
  if (!success) throw wrongCursor();
  return { d, k: data, l };
}

/** A page in the order of its list. `found` is one row more than `limit`, if there are that many, read away from `edge`. */
export function pageAt<R>(
  found: readonly R[],
  {
    edge,
    limit,
    keyOf,
    list,
  }: {
    readonly edge: Edge<unknown> | null;
    readonly limit: number;
    readonly keyOf: (row: R) => unknown;
    /** As given to `edgeAt`. */
    readonly list?: string;
  },
): { readonly rows: readonly R[]; readonly next: string | null; readonly previous: string | null } {
  const { rows, before, after } = pageWithin(found, {
    limit,
    back: edge?.d === 'p',
    fromCursor: edge !== null,
  });
  const cursorAt = (d: Edge<unknown>['d'], row: R | undefined) =>
    row === undefined ? null : encodeCursor({ d, k: keyOf(row), l: list } satisfies Edge<unknown>);
  return {
    rows,
    next: after ? cursorAt('n', rows.at(-1)) : null,
    previous: before ? cursorAt('p', rows[0]) : null,
  };
}
