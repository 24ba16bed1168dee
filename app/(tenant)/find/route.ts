import type { PaletteGroup } from '@/components/shell/palette-items';
import { allows } from '@/lib/domain/authorize';
import type { TenantContext } from '@/lib/domain/context';
import { listCustomers } from '@/lib/domain/crm/verbs/list-customers';
import { datasets } from '@/lib/domain/extracts/datasets';
import { listExtracts } from '@/lib/domain/extracts/verbs/list-extracts';
import { route } from '@/lib/server/route';
import { customerPath } from '../customers/customer-path';
import { viewHref } from '../customers/view';
import { stateOf } from '../extracts/_components/words';

const most = 6;

/**
 * What the palette leads to besides pages: the customers that `q` finds; without it, which costs one read of AWS when the palette
 * opens, the newest extracts.
 */
export const GET = route({ action: 'tenant.view', scope: 'tenant' }, async (context, request) => {
  const search = request.nextUrl.searchParams.get('q')?.trim() ?? '';
  return Response.json(search === '' ? await newestExtracts(context) : await customersBy(context, search));
});

async function customersBy(context: TenantContext, search: string): Promise<PaletteGroup> {
  const by = { search, sort: 'id', direction: 'asc' } as const;
  const { customers, next } = await listCustomers(context, { ...by, limit: most });
  return {
    title: 'Customers',
    items: [
      ...customers.map(({ id, name }) => ({
        href: customerPath(id),
        label: id,
        ...(name === null ? {} : { hint: name }),
      })),
      ...(next === null ? [] : [{ href: viewHref(by), label: `All customers that match “${search}”` }]),
    ],
  };
}

async function newestExtracts(context: TenantContext): Promise<PaletteGroup> {
  const { extracts } = allows(context.actor, listExtracts.action)
    ? await listExtracts(context, { limit: most })
    : { extracts: [] };
  return {
    title: 'Extracts',
    items: extracts.map((extract) => ({
      href: `/extracts/${extract.requestId}`,
      label: datasets[extract.dataset].label,
      hint: stateOf(extract),
      at: extract.requestedAt.toISOString(),
    })),
  };
}
