import { AnnexError } from '@/lib/errors';
import { auditEvent } from '../audit/record';
import type { ControlContext } from '../context';
import { datasets } from '../extracts/datasets';
import { masksFor } from '../extracts/masking';
import { utcDay } from '../time';
import type { ColumnMasks, NewPolicyVersion, PolicyScope } from './ports';

/** The tenant of a scope; null for the standard. Throws `not_found`. */
export async function tenantOf(ctx: ControlContext, { tenantId }: Pick<PolicyScope, 'tenantId'>) {
  if (tenantId === null) return null;
  const tenant = await ctx.ports.tenants.get(tenantId);
  if (!tenant) throw new AnnexError('not_found', 'There is no tenant with this id.');
  return tenant;
}

/** Throws `invalid` with the column that the dataset does not have, or whose mask does not apply to its type. */
export function checkMasks(dataset: PolicyScope['dataset'], columns: ColumnMasks): void {
  const fields: Record<string, string> = {};
  for (const [name, mask] of Object.entries(columns)) {
    const column = datasets[dataset].columns.find((each) => each.name === name);
    if (!column) fields[`columns.${name.slice(0, 60)}`] = 'is no column of this dataset';
    else if (!masksFor(column.type).includes(mask)) {
      fields[`columns.${name}`] =
        `can’t be masked by “${mask}”, which does not apply to its type, ${column.type}`;
    }
  }
  throwFields(fields);
}

/**
 * When a version chosen for the UTC day `day` comes into force: at its start; null, which is at once, for today and without a day. Throws
 * `invalid` for a day before.
 */
export function effectiveAtOf(day: Date | null, now: Date): Date | null {
  if (day === null || utcDay(day) === utcDay(now)) return null;
  if (day < now) throwFields({ effectiveOn: 'must not be in the past' });
  return day;
}

/** Writes a version and its audit row. Returns its number. Throws `conflict` if somebody wrote one since `base`. */
export function append(
  ctx: ControlContext,
  version: Omit<NewPolicyVersion, 'author'>,
  detail: Readonly<Record<string, string | number | null>>,
): Promise<number> {
  const { dataset, tenantId, effectiveAt, note } = version;
  return ctx.ports.policies.append(
    { ...version, author: { id: ctx.actor.id, name: ctx.actor.name } },
    (number) =>
      auditEvent(ctx, {
        action: 'policies.change',
        subject: `policy/${dataset}`,
        detail: {
          version: number,
          tenant: tenantId,
          effective: (effectiveAt ?? ctx.now()).toISOString(),
          note,
          ...detail,
        },
      }),
  );
}

function throwFields(fields: Readonly<Record<string, string>>): void {
  const said = Object.entries(fields).map(([name, text]) => `${name} ${text}`);
  if (said.length > 0)
    throw new AnnexError('invalid', `${said.join('; ')}. Nothing was changed.`, { fields });
}
