import type { z } from 'zod';
import { AnnexError } from '@/lib/errors';

/** An opaque position in a list, safe in a URL. */
export function encodeCursor(position: unknown): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** The position that `text` encodes. Throws `invalid` when it is not a position of this list. */
export function decodeCursor<S extends z.ZodType>(schema: S, text: string): z.output<S> {
  const parsed = schema.safeParse(parse(text));
  if (!parsed.success) throw wrongCursor();
  return parsed.data;
}

/**
 * Every row of a paginated list. `read` returns the page at a cursor, or the first page without one; `rowsOf` returns the rows of
 * a page. Throws what `read` throws.
 */
export async function* everyRow<P extends { readonly next: string | null }, R>(
  read: (cursor: string | undefined) => Promise<P>,
  rowsOf: (page: P) => readonly R[],
): AsyncGenerator<R> {
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    yield* rowsOf(page);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
}

/**
 * The page within `found`, in the order of its list, and whether there are rows before and after it. `found` is one row more than
 * `limit`, if there are that many, read away from a cursor, `back` or on, or from the beginning of the list.
 */
export function pageWithin<R>(
  found: readonly R[],
  {
    limit,
    back,
    fromCursor,
  }: { readonly limit: number; readonly back: boolean; readonly fromCursor: boolean },
): { readonly rows: readonly R[]; readonly before: boolean; readonly after: boolean } {
  const more = found.length > limit;
  const rows = found.slice(0, limit);
  if (back) rows.reverse();
  return { rows, before: back ? more : fromCursor, after: back || more };
}

/** The error for a cursor that is garbled or belongs to another list. */
export function wrongCursor(): AnnexError {
  return new AnnexError(
    'invalid',
    'This link doesn’t lead to a page of this list. Start from the first page.',
    {
      fields: { cursor: 'not a page of this list' },
    },
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}
