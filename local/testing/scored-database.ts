import pg from 'pg';
import { customerStore } from '@/lib/db/crm/customer-store';
import type { BgNbdParameters } from '@/lib/domain/churn/bg-nbd';
import { seededRandom } from '@/lib/domain/churn/fixtures/simulate';
import type { FitDecision, OrderHistory } from '@/lib/domain/churn/ports';
import type { Customer } from '@/lib/domain/crm/ports';
import { addDays, horizonDays } from '@/lib/domain/time';
import { startTestDatabase } from './database';

export const asOf = new Date('2024-07-01T00:00:00Z');
/** The time `daysBefore` days before `asOf`. */
export const at = (daysBefore: number): Date => addDays(asOf, -daysBefore);
export const parameters: BgNbdParameters = { r: 0.25, alpha: 40, a: 0.5, b: 2.2 };
export const fittedAt = new Date('2024-07-02T00:00:00Z');
/** The result of a fit of `revision`, without fitting. */
export const fitted = (revision: number, by = parameters): FitDecision => ({
  outcome: 'fitted',
  fit: { parameters: by, logLikelihood: -100.5, uncertainty: 0.043, customers: 60, fittedAt },
  version: `bgnbd-${revision}`,
  horizonDays,
});
/** A fitter that returns at once. */
export const fitNow = async ({ revision }: OrderHistory) => fitted(revision);

export interface SomeOrder {
  readonly customer: string;
  readonly orderedAt: Date;
  readonly amount: number;
}

const random = seededRandom(3);
const randomOrders: SomeOrder[] = Array.from({ length: 60 }, (_, n) =>
  Array.from({ length: 1 + Math.floor(random() ** 3 * 9) }, () => ({
    customer: `c${String(n).padStart(3, '0')}`,
    orderedAt: at(Math.floor(random() * 900) / (n % 2 ? 1 : 7)),
    amount: Math.round(random() * 10_000) / 100,
  })),
).flat();
/** Orders at the edges of the window (the first inside, the last outside), and three orders on two days. */
const edgeOrders: SomeOrder[] = [90, 89.99, 50.2, 50.1, 49.9, 0].map((daysBefore) => ({
  customer: 'c000',
  orderedAt: at(daysBefore),
  amount: 7 + daysBefore,
}));
export const orders: readonly SomeOrder[] = [...randomOrders, ...edgeOrders];
const tickets = [
  { customer: 'c001', openedAt: at(90) },
  { customer: 'c001', openedAt: at(89.9) },
  { customer: 'c001', openedAt: at(-0.1) },
  { customer: 'c002', openedAt: asOf },
  { customer: 'c002', openedAt: at(400) },
];

/** A database with the tenants `filled`, which have the orders above and one after as_of, and `empty`, which have none. */
export async function startScoredDatabase(filled: readonly string[], empty: readonly string[] = []) {
  const postgres = await startTestDatabase([...filled, ...empty]);
  const admin = new pg.Client({ connectionString: postgres.adminUrl });
  await admin.connect();
  for (const tenant of filled) await fill(admin, tenant);
  return {
    admin,
    adminUrl: postgres.adminUrl,
    portalUrl: postgres.portalUrl,
    /** Makes the tenant's scores stale. */
    revise: (tenant: string) =>
      admin.query('UPDATE crm.history SET revision = revision + 1, revised_at = now() WHERE tenant_id = $1', [
        tenant,
      ]),
    stop: async () => {
      await admin.end();
      await postgres.stop();
    },
  };
}

async function fill(admin: pg.Client, tenant: string): Promise<void> {
  const late = { customer: 'later', orderedAt: at(-2), amount: 5 };
  for (const { customer, orderedAt, amount } of [...orders, late]) {
    await admin.query(
      `INSERT INTO crm.customer_order (tenant_id, customer_id, ordered_at, quantity, amount, occurrence)
       SELECT $1, $2, $3, 1, $4, 1 + count(*) FROM crm.customer_order
       WHERE tenant_id = $1 AND customer_id = $2 AND ordered_at = $3 AND amount = $4`,
      [tenant, customer, orderedAt, amount],
    );
  }
  for (const [n, { customer, openedAt }] of tickets.entries()) {
    await admin.query(`INSERT INTO crm.ticket VALUES ($1, $2, $3, $4, 'help')`, [
      tenant,
      `t${n}`,
      customer,
      openedAt,
    ]);
  }
  await admin.query(
    `INSERT INTO crm.customer (tenant_id, id) SELECT DISTINCT tenant_id, customer_id FROM crm.customer_order WHERE tenant_id = $1`,
    [tenant],
  );
  await admin.query(
    `INSERT INTO crm.history (tenant_id, revision, revised_at, as_of, customers, orders) VALUES ($1, 1, now(), $2, 61, $3)`,
    [tenant, asOf, orders.length + 1],
  );
}

/** All customers of `tenant` by id, as the export reads them. */
export async function everyCustomer(tenant: string): Promise<Customer[]> {
  const found: Customer[] = [];
  for await (const customer of customerStore(tenant).export({ sort: 'id', direction: 'asc' }))
    found.push(customer);
  return found;
}
