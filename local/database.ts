import type { Client } from 'pg';
import { connected } from './postgres/connected';

/** Does `work` in one transaction as the control plane would: the tenant directory, never a tenant's rows. */
export function asControl<T>(databaseUrl: string, work: (client: Client) => Promise<T>): Promise<T> {
  return inScope(databaseUrl, 'annex_control', '', work);
}

/** Does `work` in one transaction with the rows of one tenant in reach. */
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
