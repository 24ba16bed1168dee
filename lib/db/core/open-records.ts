import { z } from 'zod';
import { Prisma } from '../generated/client';
import { readControl } from './control-scope';
import { edgeAt, pageAt } from './keyset';

const position = z.tuple([z.iso.datetime(), z.string()]);

/** The column of the key of each relation. */
const keys = { closing: 'tenant_id', onboarding: 'tenant_id', subscription: 'id' } as const;

/** A record of a tenant that something is to be done for. */
interface OpenRecord {
  readonly id: string;
  readonly tenantId: string;
  readonly updatedAt: Date;
}

/** One page of the records of all tenants in `relation` that are `open`, longest unchanged first, for sweeps. */
export async function openRecords(
  relation: keyof typeof keys,
  open: Prisma.Sql,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<{ readonly records: readonly OpenRecord[]; readonly next: string | null }> {
  const edge = edgeAt(position, after);
  const key = Prisma.raw(keys[relation]);
  const beyond = edge
    ? Prisma.sql`AND (updated_at, ${key}) > (${edge.k[0]}::timestamptz, ${edge.k[1]})`
    : Prisma.empty;
  const found = await readControl((query) =>
    query<OpenRecord>(Prisma.sql`
      SELECT ${key} AS id, tenant_id AS "tenantId", updated_at AS "updatedAt" FROM ${Prisma.raw(relation)}
      WHERE ${open} ${beyond} ORDER BY updated_at, ${key} LIMIT ${limit + 1}`),
  );
  const keyOf = ({ updatedAt, id }: OpenRecord) => [updatedAt.toISOString(), id];
  const { rows, next } = pageAt(found, { edge, limit, keyOf });
  return { records: rows, next };
}
