import { z } from 'zod';
import { edgeAt, pageAt } from '../core/keyset';
import { Prisma } from '../generated/client';

const position = z.tuple([z.iso.datetime(), z.string().max(64)]);

interface Row {
  readonly id: string;
  readonly createdAt: Date;
}

/**
 * A page of rows, newest first. `read` adds to its query what it is given: a condition, the order and the limit, for the table `alias`
 * with the columns `created_at` and `id`. Throws `invalid` for a cursor that is none.
 */
export async function newestFirst<R extends Row>(
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
  alias: 'l' | 's',
  read: (clauses: Prisma.Sql) => Promise<readonly R[]>,
): Promise<{ readonly rows: readonly R[]; readonly next: string | null; readonly previous: string | null }> {
  const edge = edgeAt(position, cursor);
  const back = edge?.d === 'p';
  const key = Prisma.raw(`(${alias}.created_at, ${alias}.id)`);
  const beyond = edge
    ? Prisma.sql`WHERE ${key} ${Prisma.raw(back ? '>' : '<')} (${new Date(edge.k[0])}, ${edge.k[1]})`
    : Prisma.empty;
  const order = Prisma.raw(
    [`${alias}.created_at`, `${alias}.id`].map((column) => `${column} ${back ? 'ASC' : 'DESC'}`).join(', '),
  );
  const found = await read(Prisma.sql`${beyond} ORDER BY ${order} LIMIT ${limit + 1}`);
  return pageAt(found, { edge, limit, keyOf: ({ createdAt, id }: R) => [createdAt.toISOString(), id] });
}
