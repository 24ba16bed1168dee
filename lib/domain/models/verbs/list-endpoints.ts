import { tenantVerb } from '@/lib/domain/verb';
import type { ContractReport, EndpointSummary } from '../ports';
import { listEndpointsInput } from '../schemas';

export interface ListedEndpoint extends EndpointSummary {
  /** The newest contract report; null when it was never tested. */
  readonly report: ContractReport | null;
}

export type EndpointList =
  /** The tenant has no account yet: no workbench was requested, or its creation is under way or failed. */
  | { readonly state: 'no-workbench'; readonly workbench: 'none' | 'provisioning' | 'failed' }
  | { readonly state: 'listed'; readonly endpoints: readonly ListedEndpoint[]; readonly next: string | null };

/**
 * One page of the endpoints in the tenant's account, by name. Throws `forbidden`, and what asking SageMaker throws
 * (`dependency_denied`, `throttled`, `dependency_failed`).
 */
export const listEndpoints = tenantVerb(
  'models.view',
  listEndpointsInput,
  async (ctx, input): Promise<EndpointList> => {
    const { endpoints, contractReports, workbenches } = ctx.ports;
    const workbench = await workbenches.live();
    if (workbench?.state !== 'ready') return { state: 'no-workbench', workbench: workbench?.state ?? 'none' };
    const page = await endpoints.list(input);
    const reports = await contractReports.newest(page.endpoints.map(({ name }) => name));
    const reportOf = new Map(reports.map((report) => [report.endpointName, report]));
    return {
      state: 'listed',
      endpoints: page.endpoints.map((endpoint) => ({
        ...endpoint,
        report: reportOf.get(endpoint.name) ?? null,
      })),
      next: page.next,
    };
  },
);
