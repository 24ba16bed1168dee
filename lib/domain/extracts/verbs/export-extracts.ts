import type { TenantContext } from '@/lib/domain/context';
import { nothing, tenantVerb } from '@/lib/domain/verb';
import type { Extract } from '../ports';

const perPage = 200;

/** Every extract of the tenant, newest first, page by page. Throws `forbidden`; what fails later fails the iteration. */
export const exportExtracts = tenantVerb('extracts.list', nothing, async (ctx) => pages(ctx));

async function* pages(ctx: TenantContext): AsyncGenerator<readonly Extract[]> {
  let before: string | undefined;
  do {
    const page = await ctx.ports.extracts.store.list({ before, limit: perPage });
    yield page.extracts;
    before = page.next ?? undefined;
  } while (before !== undefined);
}
