import { createHash } from 'node:crypto';
import type { AuditChains, ChainFault, ChainVerdict } from '@/lib/domain/audit/ports';
import { Prisma } from '../generated/client';
import { readControl } from './control-scope';

/** Rows in memory at a time. */
const atOnce = 2000;
const timeoutMs = 10 * 60_000;

const zeros = Buffer.alloc(32);

/** What a chain is to hold, all from the same moment. */
interface Extent {
  readonly seq: bigint;
  readonly hash: Buffer;
  readonly links: bigint;
  readonly events: bigint;
}

/** A link with the values of its event, in the order of the digest. */
interface LinkRow {
  readonly seq: bigint;
  readonly eventId: string;
  readonly digest: Buffer;
  readonly hash: Buffer;
  readonly present: boolean;
  readonly values: readonly (string | null)[];
}

/** The chains of audit rows. Hashes are computed anew, here and not by the database that wrote them. */
export const auditChains = (): AuditChains => ({
  names: async () => {
    const rows = await readControl(
      (query) =>
        query<{ chain: string }>(Prisma.sql`
          SELECT chain FROM audit_head UNION SELECT chain FROM audit_link
          UNION SELECT coalesce(tenant_id, '') FROM audit_event ORDER BY chain`),
      { timeoutMs },
    );
    return rows.map(({ chain }) => chain);
  },
  verify: (chain) => verify(chain),
});

async function verify(chain: string): Promise<ChainVerdict> {
  const { seq: end, hash: head, links, events } = await extentOf(chain);
  const broken = (seq: bigint, eventId: string | null, fault: ChainFault): ChainVerdict => ({
    chain,
    broken: { seq: Number(seq), eventId, fault },
  });
  let seq = 0n;
  let hash: Buffer = zeros;
  while (seq < end) {
    const rows = await linksAfter(chain, seq, end);
    if (rows.length === 0) return broken(seq + 1n, null, 'cut off');
    for (const row of rows) {
      const fault = faultOf(row, seq, hash);
      if (fault) return broken(seq + 1n, fault === 'missing' ? null : row.eventId, fault);
      ({ seq, hash } = row);
    }
  }
  if (!hash.equals(head)) return broken(seq, null, 'cut off');
  // Each link has its event, so more events than links are some without a link.
  if (links !== end || events !== links) {
    return broken(end + 1n, await strangerIn(chain, end), 'added');
  }
  return { chain, rows: Number(end), hash: head.toString('hex') };
}

/** What is wrong with the row that is to follow the one of `before` and `hash`. */
function faultOf(row: LinkRow, before: bigint, hash: Buffer): ChainFault | null {
  if (row.seq !== before + 1n) return 'missing';
  if (!row.present) return 'removed';
  if (!digestOf(row.values).equals(row.digest)) return 'altered';
  const seq = Buffer.alloc(8);
  seq.writeBigInt64BE(row.seq);
  return sha256(Buffer.concat([hash, seq, row.digest])).equals(row.hash) ? null : 'moved';
}

/** SHA-256 of the values as netstrings; see the migration `audit_chain`. */
const digestOf = (values: readonly (string | null)[]): Buffer =>
  sha256(
    Buffer.from(
      values.map((value) => (value === null ? '-,' : `${Buffer.byteLength(value)}:${value},`)).join(''),
    ),
  );

const sha256 = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();

async function extentOf(chain: string): Promise<Extent> {
  const [extent] = await readControl(
    (query) =>
      query<Extent>(Prisma.sql`
        SELECT coalesce(h.seq, 0) AS seq, coalesce(h.hash, ${zeros}::bytea) AS hash,
          (SELECT count(*) FROM audit_link WHERE chain = ${chain}) AS links,
          (SELECT count(*) FROM audit_event WHERE ${ofChain(chain)}) AS events
        FROM (VALUES (1)) AS one LEFT JOIN audit_head h ON h.chain = ${chain}`),
    { timeoutMs },
  );
  if (!extent) throw new Error('the query of a chain gave no row');
  return extent;
}

const ofChain = (chain: string): Prisma.Sql =>
  chain === '' ? Prisma.sql`tenant_id IS NULL` : Prisma.sql`tenant_id = ${chain}`;

const linksAfter = (chain: string, seq: bigint, end: bigint): Promise<readonly LinkRow[]> =>
  readControl(
    (query) =>
      query<LinkRow>(Prisma.sql`
        SELECT l.seq, l.event_id AS "eventId", l.digest, l.hash, e.id IS NOT NULL AS present,
          ARRAY[e.id, e.tenant_id, (extract(epoch FROM e.at) * 1000)::bigint::text, e.actor_id, e.actor_name,
            to_jsonb(e.roles)::text, e.action, e.subject, e.result, e.detail::text, e."before"::text, e."after"::text,
            e.request_id, e.idempotency_key]::text[] AS values
        FROM audit_link l LEFT JOIN audit_event e ON e.id = l.event_id
        WHERE l.chain = ${chain} AND l.seq > ${seq} AND l.seq <= ${end}
        ORDER BY l.seq LIMIT ${atOnce}`),
    { timeoutMs },
  );

/** An event that is not in the chain that it names, or one behind its end. */
async function strangerIn(chain: string, end: bigint): Promise<string | null> {
  const [stranger] = await readControl(
    (query) =>
      query<{ id: string }>(Prisma.sql`
        SELECT e.id FROM audit_event e LEFT JOIN audit_link l ON l.event_id = e.id AND l.chain = ${chain}
        WHERE ${ofChain(chain)} AND (l.seq IS NULL OR l.seq > ${end}) ORDER BY e.at, e.id LIMIT 1`),
    { timeoutMs },
  );
  return stranger?.id ?? null;
}
