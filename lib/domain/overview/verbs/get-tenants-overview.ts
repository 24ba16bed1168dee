import type { ControlContext } from '../../context';
import { known, type Read, seenInAws } from '../../seen';
import type { TenantCounts } from '../../tenants/ports';
import { controlVerb, nothing } from '../../verb';
import {
  silentMs,
  type TenantAttentionKind,
  type TenantFinishedKind,
  type TenantItem,
  type TenantsFacts,
  tenantAttentionOf,
  tenantFinishedOf,
  tenantsIn,
  tenantWorkOf,
} from '../tenants';

/** What an administrator is to know first, across tenants and without their data. */
export interface TenantsOverview {
  readonly counts: TenantCounts;
  readonly attention: readonly TenantItem<TenantAttentionKind>[];
  readonly underWay: readonly TenantItem<'workbench'>[];
  readonly finished: readonly TenantItem<TenantFinishedKind>[];
  /** There are more than those that are told. */
  readonly more: { readonly attention: boolean; readonly underWay: boolean };
  /** What AWS does not tell now. */
  readonly unreadable: readonly {
    readonly part: 'workbenches' | 'extracts' | 'queues';
    readonly reason: string;
  }[];
}

/** At most so many of each kind are read. */
const atMost = 10;
/** At most so many of each kind that finished. */
const lately = 4;

/**
 * How many tenants there are, which wait for a decision, what failed or has come to a halt, dead letters of the worker included, which
 * workbenches are being set up, and what finished last. A part that AWS does not tell is named in
 * `unreadable`. Throws `forbidden`.
 */
export const getTenantsOverview = controlVerb(
  'tenants.overview',
  nothing,
  async (ctx): Promise<TenantsOverview> => {
    const { tenants } = ctx.ports;
    const [counts, facts] = await Promise.all([tenants.counts(), factsFor(ctx)]);
    const ids = tenantsIn(facts);
    const found = ids.length > 0 ? await tenants.some(ids) : [];
    const names = new Map(found.map(({ id, name }) => [id, name]));
    const now = ctx.now();
    return {
      counts,
      attention: tenantAttentionOf(facts, names, now),
      underWay: tenantWorkOf(facts, names, now),
      finished: tenantFinishedOf(facts, names),
      more: {
        attention:
          known(facts.failed)?.more === true ||
          [facts.late, facts.requested].some((all) => all.length === atMost),
        underWay: known(facts.provisioning)?.more === true,
      },
      unreadable: unreadableOf(facts),
    };
  },
);

async function factsFor(ctx: ControlContext): Promise<TenantsFacts> {
  const { tenants, workbenchStandings, openExtracts, dueHealthChecks, queues } = ctx.ports;
  const inAws = <T>(read: () => Promise<T>) => seenInAws(ctx, getTenantsOverview, read);
  const standing = (state: 'failed' | 'provisioning' | 'ready', limit: number) =>
    inAws(() => workbenchStandings.list({ state, limit, latestFirst: state !== 'provisioning' }));
  const [failed, provisioning, ready, extracts, late, newest, waiting, requested] = await Promise.all([
    standing('failed', atMost),
    standing('provisioning', atMost),
    standing('ready', lately),
    inAws(async () => (await openExtracts.open({ state: 'running', limit: atMost })).extracts),
    dueHealthChecks.due(new Date(ctx.now().getTime() - silentMs), atMost),
    tenants.newest(lately),
    inAws(() => queues.standings()),
    tenants.requested(atMost),
  ]);
  return { failed, provisioning, ready, extracts, late, newest, queues: waiting, requested };
}

function unreadableOf({
  failed,
  provisioning,
  ready,
  extracts,
  queues,
}: TenantsFacts): TenantsOverview['unreadable'] {
  const reasonOf = (part: Read<unknown>) => (part.state === 'unreadable' ? part.reason : null);
  const workbenches = reasonOf(failed) ?? reasonOf(provisioning) ?? reasonOf(ready);
  const running = reasonOf(extracts);
  const messages = reasonOf(queues);
  return [
    ...(workbenches === null ? [] : [{ part: 'workbenches' as const, reason: workbenches }]),
    ...(running === null ? [] : [{ part: 'extracts' as const, reason: running }]),
    ...(messages === null ? [] : [{ part: 'queues' as const, reason: messages }]),
  ];
}
