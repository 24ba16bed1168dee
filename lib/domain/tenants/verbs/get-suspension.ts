import { system } from '@/lib/domain/actor';
import type { Audited } from '@/lib/domain/audit/actions';
import type { AuditValues } from '@/lib/domain/audit/ports';
import { controlVerb } from '@/lib/domain/verb';
import { tenantInput } from '../schemas';

/** At most as many apps or extracts are counted. */
const most = 200;

/** What became of a suspension, as the audit tells it. */
export interface Suspension {
  readonly at: Date;
  readonly by: string;
  readonly reason: string | null;
  /** Apps that Annex asked AWS to stop since, and extracts that it cancelled; 200 at most. */
  readonly apps: number;
  readonly extracts: number;
  /** Null: the job that stops them has not come to its end yet. */
  readonly quiet: {
    readonly at: Date;
    /** Endpoints that go on serving and costing, as of then; null: AWS did not tell. */
    readonly endpoints: number | null;
    readonly usdPerHour: number | null;
    /** Some of them have no price, so that it is more. */
    readonly unpriced: boolean;
  } | null;
}

/**
 * Since when and why the tenant is suspended, and what that stopped, for administrators; null if the audit knows of no suspension.
 * Throws `forbidden`.
 */
export const getSuspension = controlVerb(
  'tenants.view',
  tenantInput,
  async (ctx, { tenantId }): Promise<Suspension | null> => {
    const newest = async (action: Audited, query: { from?: Date; limit: number; actor?: string }) =>
      (await ctx.ports.auditTrails.list({ tenantId, action, ...query })).entries;
    const [suspended] = await newest('tenants.suspend', { limit: 1 });
    if (!suspended) return null;
    const since = { from: suspended.at, actor: system.name };
    const [stops, cancels, [quiet]] = await Promise.all([
      newest('running.stop', { ...since, limit: most }),
      newest('extracts.cancel', { ...since, limit: most }),
      newest('tenants.quiet', { ...since, limit: 1 }),
    ]);
    return {
      at: suspended.at,
      by: suspended.actorName,
      reason: textIn(suspended.detail, 'reason'),
      apps: stops.filter(({ result, detail }) => result === 'asked' && detail.kind === 'app').length,
      extracts: cancels.length,
      quiet: quiet
        ? {
            at: quiet.at,
            endpoints: numberIn(quiet.detail, 'endpoints'),
            usdPerHour: numberIn(quiet.detail, 'usdPerHour'),
            unpriced: quiet.detail.unpriced === true,
          }
        : null,
    };
  },
);

const textIn = (values: AuditValues, name: string): string | null =>
  typeof values[name] === 'string' ? values[name] : null;

const numberIn = (values: AuditValues, name: string): number | null =>
  typeof values[name] === 'number' ? values[name] : null;
