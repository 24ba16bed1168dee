import type { TenantContext } from '../../context';
import { getBudget } from '../../costs/verbs/get-budget';
import type { CustomerOverview } from '../../crm/ports';
import { crmOverview } from '../../crm/verbs/crm-overview';
import { latestImport } from '../../crm/verbs/latest-import';
import { listExtracts } from '../../extracts/verbs/list-extracts';
import { getModel } from '../../models/verbs/get-model';
import { listEndpoints } from '../../models/verbs/list-endpoints';
import { getScoring, type ScoringView } from '../../scoring/verbs/get-scoring';
import { known, seen, seenInAws, unread } from '../../seen';
import { nothing, tenantVerb } from '../../verb';
import { getWorkbench } from '../../workbench/verbs/get-workbench';
import type { OverviewFacts } from '../facts';
import {
  type AttentionKind,
  attentionOf,
  type FinishedKind,
  finishedOf,
  type OverviewItem,
  type WorkKind,
  workOf,
} from '../items';
import { type SetupStep, stepsOf } from '../steps';

/** What a person of a tenant is to know first. Parts that the person may not see are null or left out. */
export interface Overview {
  readonly customers: CustomerOverview | null;
  readonly scoring: ScoringView | null;
  /** The way to the tenant's own active model; empty once there is one. */
  readonly steps: readonly SetupStep[];
  readonly attention: readonly OverviewItem<AttentionKind>[];
  readonly underWay: readonly OverviewItem<WorkKind>[];
  readonly finished: readonly OverviewItem<FinishedKind>[];
  /** What AWS does not tell now. */
  readonly unreadable: readonly { readonly part: keyof OverviewFacts; readonly reason: string }[];
}

/** Of these extracts the newest of each kind is told. */
const newestExtracts = 25;

/**
 * What to do next, what needs somebody, what is under way and what finished last. A part that AWS does not tell is named in
 * `unreadable`. Throws `forbidden`.
 */
export const getOverview = tenantVerb('tenant.view', nothing, async (ctx): Promise<Overview> => {
  const facts = await factsFor(ctx);
  const scoring = known(facts.scoring);
  return {
    customers: known(facts.customers),
    scoring,
    steps: scoring?.active ? [] : stepsOf(facts, ctx.actor),
    attention: attentionOf(facts),
    underWay: workOf(facts),
    finished: finishedOf(facts),
    unreadable: (['workbench', 'extracts', 'endpoints'] as const).flatMap((part) => {
      const read = facts[part];
      return read.state === 'unreadable' ? [{ part, reason: read.reason }] : [];
    }),
  };
});

async function factsFor(ctx: TenantContext): Promise<OverviewFacts> {
  const scores = seen(ctx, getScoring, () => getScoring(ctx, undefined));
  const [customers, orderImport, scoring, model, workbench, extracts, endpoints, budget] = await Promise.all([
    seen(ctx, crmOverview, () => crmOverview(ctx, undefined)),
    seen(ctx, latestImport, () => latestImport(ctx, undefined)),
    scores,
    seen(ctx, getModel, () => getModel(ctx, undefined)),
    seenInAws(ctx, getWorkbench, () => getWorkbench(ctx, undefined)),
    seenInAws(ctx, listExtracts, async () => (await listExtracts(ctx, { limit: newestExtracts })).extracts),
    // The health of an active model’s endpoint is known without asking SageMaker.
    scores.then((read) =>
      known(read)?.active ? unread : seenInAws(ctx, listEndpoints, () => listEndpoints(ctx, {})),
    ),
    seen(ctx, getBudget, () => getBudget(ctx, undefined)),
  ]);
  return { customers, orderImport, scoring, model, workbench, extracts, endpoints, budget };
}
