import type { StaleScores } from '@/lib/domain/churn/ports';
import { withControl } from '../core/control-scope';

/** Tenants whose scores are out of date, from a database function that reveals only their ids. */
export function staleScores(): StaleScores {
  return {
    claim: ({ settledSeconds, againSeconds, limit }) =>
      withControl(async (tx) => {
        const rows = await tx.$queryRaw<{ tenant_id: string }[]>`
          SELECT tenant_id FROM claim_stale_scores(
            make_interval(secs => ${settledSeconds}), make_interval(secs => ${againSeconds}), ${limit}::integer
          ) AS claimed (tenant_id)`;
        return rows.map(({ tenant_id }) => tenant_id);
      }),
  };
}
