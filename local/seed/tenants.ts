import { asControl, asTenant } from '../database';
import { demoCustomers } from './history';

/** The demo tenants of the README. */
export const demoTenants = [
  { id: 'foo', name: 'Foo Outfitters' },
  { id: 'bar', name: 'Bar Records' },
] as const;

/** Adds a tenant to the directory unless it exists. */
export async function addTenant(
  databaseUrl: string,
  tenant: { readonly id: string; readonly name: string },
): Promise<void> {
  await asControl(databaseUrl, (client) =>
    client.query('insert into tenant (id, name) values ($1, $2) on conflict (id) do nothing', [
      tenant.id,
      tenant.name,
    ]),
  );
}

/**
 * Gives `tenantId` fictional customers with support tickets, and returns their orders as a file for the order import.
 * Leaves existing customers unchanged.
 */
export async function addDemoCustomers(
  databaseUrl: string,
  tenantId: string,
  count: number,
): Promise<string> {
  const customers = [...demoCustomers(count, new Date())];
  const tickets = customers.flatMap(({ id, tickets: own }) =>
    own.map((ticket, n) => ({ ...ticket, id: `${id}-${n}`, customer: id })),
  );
  await asTenant(databaseUrl, tenantId, async (client) => {
    await client.query(
      `insert into crm.customer (tenant_id, id, name, email)
       select $1, * from unnest($2::text[], $3::text[], $4::text[]) on conflict do nothing`,
      [
        tenantId,
        customers.map(({ id }) => id),
        customers.map(({ name }) => name),
        customers.map(({ email }) => email),
      ],
    );
    await client.query(
      `insert into crm.ticket (tenant_id, id, customer_id, opened_at, subject)
       select $1, * from unnest($2::text[], $3::text[], $4::timestamptz[], $5::text[]) on conflict do nothing`,
      [
        tenantId,
        tickets.map(({ id }) => id),
        tickets.map(({ customer }) => customer),
        tickets.map(({ openedAt }) => openedAt),
        tickets.map(({ subject }) => subject),
      ],
    );
  });
  const lines = customers.flatMap(({ id, orders }) =>
    orders.map(
      ({ day, quantity, amount }) =>
        `${id},${day.toISOString().slice(0, 10)},${quantity},${amount.toFixed(2)}`,
    ),
  );
  return `customer_id,ordered_at,quantity,amount\n${lines.join('\n')}\n`;
}
