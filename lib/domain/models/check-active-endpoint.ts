import { nothing, tenantVerb } from '../verb';

/**
 * How the endpoint of the version in use stands in SageMaker: `none` without such a version, `gone` when SageMaker knows
 * no endpoint of that name. Throws `forbidden`, and what asking SageMaker throws.
 */
export const checkActiveEndpoint = tenantVerb(
  'models.view',
  nothing,
  async (
    ctx,
  ): Promise<{
    readonly state: 'none' | 'in service' | 'not in service' | 'gone';
    readonly status: string | null;
  }> => {
    const active = await ctx.ports.models.active();
    if (!active) return { state: 'none', status: null };
    const endpoint = await ctx.ports.endpoints.describe(active.endpointName);
    if (!endpoint) return { state: 'gone', status: null };
    return {
      state: endpoint.status === 'InService' ? 'in service' : 'not in service',
      status: endpoint.status,
    };
  },
);
