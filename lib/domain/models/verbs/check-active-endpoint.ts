import { nothing, tenantVerb } from '@/lib/domain/verb';
import { otherModel } from '../deployment';

/**
 * The state in SageMaker of the active version's endpoint: `none` without such a version, `gone` when SageMaker knows no endpoint
 * of that name, `another model` when it serves something other than what was tested, as `reason` explains. For an endpoint in
 * service, `reason` says why SageMaker's last change failed. Throws `forbidden`, and what asking SageMaker throws.
 */
export const checkActiveEndpoint = tenantVerb(
  'models.view',
  nothing,
  async (
    ctx,
  ): Promise<{
    readonly state: 'none' | 'in service' | 'not in service' | 'another model' | 'gone';
    readonly status: string | null;
    readonly reason: string | null;
  }> => {
    const active = await ctx.ports.models.active();
    if (!active) return { state: 'none', status: null, reason: null };
    const { version, endpointName, report } = active;
    const endpoint = await ctx.ports.endpoints.deployed(endpointName);
    if (!endpoint) return { state: 'gone', status: null, reason: null };
    const { status, failureReason } = endpoint;
    const other = otherModel(endpoint, { version, tested: report.deployment });
    if (other) return { state: 'another model', status, reason: other };
    return {
      state: status === 'InService' ? 'in service' : 'not in service',
      status,
      reason: failureReason,
    };
  },
);
