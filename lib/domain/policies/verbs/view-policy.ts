import { controlVerb } from '@/lib/domain/verb';
import { type ColumnDefinition, type DatasetDefinition, datasets } from '../../extracts/datasets';
import { masksFor } from '../../extracts/masking';
import type { Mask } from '../../extracts/ports';
import type { Tenant } from '../../tenants/tenant';
import { maskOf, type PolicyStep, stepsOf } from '../differences';
import type { OverriddenTenants, PolicyContent, PolicyVersion } from '../ports';
import { policyInput } from '../schemas';
import { tenantOf } from '../write';

/** How many versions are shown, and how many tenants are named. */
const shownVersions = 50;
const shownTenants = 100;

export interface PolicyColumn extends ColumnDefinition {
  /** Those that apply to its type. */
  readonly masks: readonly Mask[];
  /** In `content`; null: nobody has decided, so the column is out. */
  readonly mask: Mask | null;
}

export interface PolicyView {
  readonly dataset: DatasetDefinition;
  /** Null: this is the standard. */
  readonly tenant: Tenant | null;
  /** What extracts follow now: for a tenant without an override, the standard. */
  readonly inForce: PolicyVersion | null;
  /** What a change starts from: the newest version of the scope, one that is to come included; otherwise the standard in force. */
  readonly content: PolicyContent;
  readonly columns: readonly PolicyColumn[];
  /** The number of the newest version of the scope, on which a change is based; 0 without one. */
  readonly base: number;
  /** Whether the newest version of the scope is an override that has not ended. */
  readonly isOverridden: boolean;
  /** Newest first, at most `shownVersions`. */
  readonly steps: readonly PolicyStep[];
  readonly overridden: OverriddenTenants;
}

/** The policy of a dataset, the standard or that of a tenant, with its history. Throws `forbidden`, `invalid`, `not_found`. */
export const viewPolicy = controlVerb(
  'policies.view',
  policyInput,
  async (ctx, input): Promise<PolicyView> => {
    const { policies } = ctx.ports;
    const scope = { dataset: input.dataset, tenantId: input.tenant };
    const dataset = datasets[scope.dataset];
    const [tenant, inForce, versions, standards, overridden] = await Promise.all([
      tenantOf(ctx, scope),
      policies.inForce(scope),
      // One more than is shown, for what the last of them changed.
      policies.versions(scope, shownVersions + 1),
      policies.versions({ ...scope, tenantId: null }, 1000),
      policies.overridden(scope.dataset, shownTenants),
    ]);
    const [newest] = versions;
    const content = newest?.content ?? inForce?.content ?? { columns: {}, rowLimit: null };
    return {
      dataset,
      tenant,
      inForce,
      content,
      columns: dataset.columns.map((column) => ({
        ...column,
        masks: masksFor(column.type),
        mask: maskOf(content, column.name),
      })),
      base: newest?.version ?? 0,
      isOverridden: tenant !== null && newest?.content != null,
      steps: stepsOf(versions, standards).slice(0, shownVersions),
      overridden,
    };
  },
);
