import type { Client } from 'pg';
import { connected } from './postgres/connected';

/** Runs `work` in one transaction as the control plane, which sees the tenant directory but no tenant's rows. */
export function asControl<T>(databaseUrl: string, work: (client: Client) => Promise<T>): Promise<T> {
  return inScope(databaseUrl, 'annex_control', '', work);
}

/** Runs `work` in one transaction that sees the rows of one tenant. */
export function asTenant<T>(
  databaseUrl: string,
  tenantId: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  return inScope(databaseUrl, 'annex_tenant', tenantId, work);
}

function inScope<T>(
  databaseUrl: string,
  role: string,
  tenantId: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  return connected(databaseUrl, async (client) => {
    await client.query('begin');
    await client.query("select set_config('role', $1, true), set_config('app.tenant_id', $2, true)", [
      role,
      tenantId,
    ]);
    const result = await work(client);
    await client.query('commit');
    return result;
  });
}
