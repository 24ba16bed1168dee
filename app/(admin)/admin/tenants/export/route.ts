import type { ControlContext } from '@/lib/domain/context';
import { csvText } from '@/lib/domain/csv';
import { listTenants } from '@/lib/domain/tenants/verbs/list-tenants';
import { csvDownload } from '@/lib/server/csv-download';
import { route } from '@/lib/server/route';

/** Every tenant as CSV. */
export const GET = route({ action: listTenants.action, scope: 'control' }, async (context, request) =>
  csvDownload(request, ['tenants'], context.now(), tenantsCsv(context)),
);

async function* tenantsCsv(context: ControlContext): AsyncGenerator<string> {
  yield 'tenant_id,name,state,account_id,created_at\r\n';
  let after: string | undefined;
  do {
    const { tenants, next } = await listTenants(context, { after, limit: 200 });
    for (const { id, name, state, accountId, createdAt } of tenants) {
      yield `${[csvText(id), csvText(name), state, accountId ?? '', createdAt.toISOString()].join(',')}\r\n`;
    }
    after = next ?? undefined;
  } while (after !== undefined);
}
