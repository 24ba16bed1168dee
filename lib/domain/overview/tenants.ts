import type { OpenExtractIndex } from '../extracts/ports';
import type { QueueStanding } from '../queues/ports';
import { known, type Read } from '../seen';
import type { Tenant } from '../tenants/tenant';
import type { StepName, WorkbenchStanding, WorkbenchStandings } from '../workbench/ports';
import { currentStep } from '../workbench/steps';
import type { OverviewItem } from './items';

/**
 * Something that administrators are told. `subject` is the id of the tenant that it is about, `name` its name. Of dead letters, which
 * belong to nobody, `name` is their number.
 */
export interface TenantItem<Kind extends string> extends OverviewItem<Kind> {
  /** Of a workbench: the step that it is at. */
  readonly step: StepName | null;
}

export type TenantAttentionKind =
  | 'request'
  | 'workbench'
  | 'silent workbench'
  | 'silent extract'
  | 'late checks'
  | 'dead letters';
export type TenantFinishedKind = 'workbench' | 'tenant';

type Page = Awaited<ReturnType<WorkbenchStandings['list']>>;
type Extracts = Awaited<ReturnType<OpenExtractIndex['open']>>['extracts'];

/** What the overview of administrators is made of. Each list is bounded. */
export interface TenantsFacts {
  readonly failed: Read<Page>;
  /** Being provisioned, longest unchecked first. */
  readonly provisioning: Read<Page>;
  readonly ready: Read<Page>;
  /** Running, longest unchecked first. */
  readonly extracts: Read<Extracts>;
  /** Ids of tenants whose health check is overdue. */
  readonly late: readonly string[];
  readonly newest: readonly Tenant[];
  readonly queues: Read<readonly QueueStanding[]>;
  /** Those that wait for an administrator, longest first. */
  readonly requested: readonly Tenant[];
}

/** Work that nobody has checked for this long has come to a halt: its checks are a minute apart at most, ms. */
export const silentMs = 10 * 60_000;

/** How tenants are called: the names of those that exist, by id. */
export type TenantNames = ReadonlyMap<string, string>;

/** The ids of all tenants that the facts are about. */
export const tenantsIn = ({
  failed,
  provisioning,
  ready,
  extracts,
  late,
}: TenantsFacts): readonly string[] => [
  ...new Set([
    ...[failed, provisioning, ready]
      .flatMap((part) => known(part)?.standings ?? [])
      .map(({ tenantId }) => tenantId),
    ...(known(extracts) ?? []).map(({ tenantId }) => tenantId),
    ...late,
  ]),
];

/** What waits for an administrator, failed or has come to a halt at `now`. */
export function tenantAttentionOf(
  facts: TenantsFacts,
  names: TenantNames,
  now: Date,
): readonly TenantItem<TenantAttentionKind>[] {
  const isSilent = silentAt(now);
  return [
    ...facts.requested.map((tenant) => ofTenant('request', tenant)),
    ...standings(facts.failed).map((standing) => ofWorkbench('workbench', standing, names)),
    ...standings(facts.provisioning)
      .filter(isSilent)
      .map((standing) => ofWorkbench('silent workbench', standing, names)),
    ...oneEach(known(facts.extracts) ?? [])
      .filter(isSilent)
      .map(({ tenantId, updatedAt }) => item('silent extract', tenantId, names, updatedAt)),
    ...facts.late.map((tenantId) => item('late checks', tenantId, names, null)),
    ...deadLettersIn(facts),
  ];
}

function deadLettersIn({ queues }: TenantsFacts): readonly TenantItem<'dead letters'>[] {
  const count = (known(queues) ?? []).reduce((sum, { dead }) => sum + (dead?.count ?? 0), 0);
  if (count === 0) return [];
  return [{ kind: 'dead letters', at: null, subject: null, name: `${count}`, reason: null, step: null }];
}

/** The workbenches that are being set up at `now`, the one that began last first. */
export const tenantWorkOf = (
  facts: TenantsFacts,
  names: TenantNames,
  now: Date,
): readonly TenantItem<'workbench'>[] => {
  const isSilent = silentAt(now);
  return standings(facts.provisioning)
    .filter((standing) => !isSilent(standing))
    .map((standing) => ofWorkbench('workbench', standing, names))
    .toSorted(latestFirst);
};

/** What finished last, latest first. */
export const tenantFinishedOf = (
  { ready, newest }: TenantsFacts,
  names: TenantNames,
): readonly TenantItem<TenantFinishedKind>[] =>
  [
    ...standings(ready).map(({ tenantId, steps, updatedAt }) =>
      item('workbench', tenantId, names, steps.at(-1)?.finishedAt ?? updatedAt),
    ),
    ...newest.map((tenant) => ofTenant('tenant', tenant)),
  ].toSorted(latestFirst);

const silentAt =
  (now: Date) =>
  ({ updatedAt }: { readonly updatedAt: Date }): boolean =>
    now.getTime() - updatedAt.getTime() >= silentMs;

const standings = (part: Read<Page>): readonly WorkbenchStanding[] => known(part)?.standings ?? [];

/** The first of each tenant. */
const oneEach = (extracts: Extracts): Extracts =>
  extracts.filter(({ tenantId }, index) => extracts.findIndex((one) => one.tenantId === tenantId) === index);

function item<Kind extends string>(
  kind: Kind,
  tenantId: string,
  names: TenantNames,
  at: Date | null,
): TenantItem<Kind> {
  return { kind, at, subject: tenantId, name: names.get(tenantId) ?? tenantId, reason: null, step: null };
}

const ofTenant = <Kind extends string>(kind: Kind, { id, name, createdAt }: Tenant): TenantItem<Kind> =>
  item(kind, id, new Map([[id, name]]), createdAt);

/** `at` is when the step began or, of a failed one, ended. */
function ofWorkbench<Kind extends string>(
  kind: Kind,
  standing: WorkbenchStanding,
  names: TenantNames,
): TenantItem<Kind> {
  const step = currentStep(standing);
  const at = step?.finishedAt ?? step?.startedAt ?? standing.updatedAt;
  return {
    ...item(kind, standing.tenantId, names, at),
    reason: step?.reason ?? null,
    step: step?.name ?? null,
  };
}

const latestFirst = (a: TenantItem<string>, b: TenantItem<string>): number =>
  (b.at?.getTime() ?? 0) - (a.at?.getTime() ?? 0);
