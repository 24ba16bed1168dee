import { ulid } from 'ulid';
import type { MarketplaceEvent } from '@/lib/domain/marketplace/event';
import type { Agreements, OpenSubscription, SubscriptionChange } from '@/lib/domain/marketplace/ports';
import { appendAudit } from '../core/audit-log';
import { withControl } from '../core/control-scope';
import { openRecords } from '../core/open-records';
import type { Transaction } from '../core/transaction';
import { Prisma } from '../generated/client';

/** Agreements and subscriptions of all tenants, for the worker. */
export const agreements = (): Agreements => ({
  record: (event, audit) =>
    withControl(async (tx) => {
      await keep(tx, event);
      const concerned: OpenSubscription[] = [];
      for (const licenseArn of await licensesOf(tx, event.agreementId)) {
        const settled = await settle(tx, licenseArn, event.at);
        if (!settled) continue;
        const { tenantId, updatedAt, ...change } = settled;
        if (change.before !== change.after) await appendAudit(tx, tenantId, audit(change));
        concerned.push({ tenantId, subscriptionId: change.subscriptionId, updatedAt });
      }
      return concerned;
    }),
  open: async (page) => {
    const { records, next } = await openRecords(
      'subscription',
      // As the index `subscription_open_idx` says it.
      Prisma.sql`removed_at IS NULL AND (deployment = 'running' OR deprovisioned_at IS NOT NULL OR ended_at IS NOT NULL
        OR (licensed_at IS NOT NULL AND deployment = 'none'))`,
      page,
    );
    return {
      subscriptions: records.map(({ tenantId, id, updatedAt }) => ({
        tenantId,
        subscriptionId: id,
        updatedAt,
      })),
      next,
    };
  },
});

/** The column of the time of each kind of event. */
const columnOf = {
  created: 'created_at',
  amended: 'amended_at',
  ended: 'ended_at',
  licensed: 'licensed_at',
  deprovisioned: 'deprovisioned_at',
} as const;

/** Each column keeps the latest time, so that any order of the events gives the same row. */
async function keep(tx: Transaction, event: MarketplaceEvent): Promise<void> {
  const column = Prisma.raw(columnOf[event.kind]);
  const [productCode, licenseArn] =
    'licenseArn' in event ? [event.productCode, event.licenseArn] : [null, null];
  const status = event.kind === 'ended' ? event.status : null;
  await tx.$executeRaw`
    INSERT INTO agreement AS a (id, account_id, product_code, license_arn, end_status, ${column})
    VALUES (${event.agreementId}, ${event.accountId}, ${productCode}, ${licenseArn}, ${status}, ${event.at})
    ON CONFLICT (id) DO UPDATE SET
      product_code = coalesce(excluded.product_code, a.product_code),
      license_arn = coalesce(excluded.license_arn, a.license_arn),
      end_status = CASE WHEN excluded.end_status IS NULL OR excluded.ended_at < a.ended_at THEN a.end_status ELSE excluded.end_status END,
      ${column} = greatest(a.${column}, excluded.${column})`;
}

async function licensesOf(tx: Transaction, agreementId: string): Promise<readonly string[]> {
  const rows = await tx.$queryRaw<{ arn: string }[]>`
    SELECT license_arn AS arn FROM agreement WHERE id = ${agreementId} AND license_arn IS NOT NULL`;
  return rows.map(({ arn }) => arn);
}

interface Settled extends SubscriptionChange {
  readonly tenantId: string;
  readonly updatedAt: Date;
}

/** Brings the subscription of a licence up to date with its agreements. Null while the product or the account is nobody's here. */
async function settle(tx: Transaction, licenseArn: string, at: Date): Promise<Settled | null> {
  // Two events of one licence at once would each miss what the other says.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`annex.licence/${licenseArn}`}, 0))`;
  const [before] = await tx.$queryRaw<{ state: string }[]>`
    SELECT state FROM subscription WHERE license_arn = ${licenseArn}`;
  if (!before) await add(tx, licenseArn, at);
  const [after] = await tx.$queryRaw<(Omit<Settled, 'before'> & { after: string })[]>`
    UPDATE subscription s SET agreement_id = f.agreement, licensed_at = f.licensed, ended_at = f.ended,
      deprovisioned_at = f.deprovisioned, updated_at = now()
    FROM (
      SELECT max(licensed_at) AS licensed,
        CASE WHEN max(deprovisioned_at) >= coalesce(max(licensed_at), '-infinity') THEN max(deprovisioned_at) END AS deprovisioned,
        (array_agg(id ORDER BY coalesce(licensed_at, created_at) DESC NULLS LAST, id DESC))[1] AS agreement,
        -- A renewal or a replacement goes on under the same licence.
        (array_agg(CASE WHEN end_status IN ('RENEWED', 'REPLACED') THEN NULL ELSE ended_at END
          ORDER BY coalesce(licensed_at, created_at) DESC NULLS LAST, id DESC))[1] AS ended
      FROM agreement WHERE license_arn = ${licenseArn}
    ) f, listing l
    WHERE s.license_arn = ${licenseArn} AND l.id = s.listing_id
    RETURNING s.id AS "subscriptionId", s.tenant_id AS "tenantId", s.updated_at AS "updatedAt", l.title, s.state AS after`;
  return after ? { ...after, before: before?.state ?? null } : null;
}

/** Adds the subscription, if somebody sells the product here and the account is a tenant's. */
async function add(tx: Transaction, licenseArn: string, at: Date): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO subscription (id, listing_id, seller_id, tenant_id, account_id, license_arn)
    SELECT ${ulid(at.getTime())}, l.id, l.seller_id, t.id, a.account_id, a.license_arn
    FROM agreement a JOIN listing l ON l.product_code = a.product_code
    JOIN tenant t ON t.account_id = a.account_id AND t.state IN ('active', 'suspended')
    WHERE a.license_arn = ${licenseArn} AND l.state <> 'draft'
    LIMIT 1 ON CONFLICT DO NOTHING`;
}
