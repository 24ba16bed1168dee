import type { ScoreStore } from '@/lib/domain/churn/ports';
import type { TenantContext } from '@/lib/domain/context';

const quiet = () => undefined;

/** What a refit of the default scores of `tenantId` needs, in no process of the product: nothing is logged, audited or requested. */
export const refitContext = (tenantId: string, scores: ScoreStore): TenantContext =>
  ({
    actor: { id: 'worker', name: 'Annex', roles: ['system'] },
    tenant: { id: tenantId, name: tenantId, state: 'active', accountId: null, createdAt: new Date() },
    requestId: 'bench',
    log: { info: quiet, warn: quiet, error: quiet },
    now: () => new Date(),
    ports: { scores, audit: { append: async () => undefined }, jobs: { send: async () => undefined } },
  }) as unknown as TenantContext;
