import { tenantVerb } from '@/lib/domain/verb';
import type { ContractReport, ModelVersion } from '../ports';
import { getReportInput } from '../schemas';

export interface EndpointReport {
  readonly report: ContractReport;
  /** The version that was registered from the same deployment; null: none. */
  readonly version: ModelVersion | null;
}

/** The newest contract report of an endpoint; null when it was never tested. Throws `forbidden`. */
export const getReport = tenantVerb(
  'models.view',
  getReportInput,
  async (ctx, { endpointName }): Promise<EndpointReport | null> => {
    const { contractReports, models } = ctx.ports;
    const [report] = await contractReports.newest([endpointName]);
    if (!report) return null;
    const {
      deployment,
      contentTypes: [contentType],
    } = report;
    const version =
      report.passed && deployment && contentType
        ? await models.registered({ endpointName, contentType, deployment })
        : null;
    return { report, version };
  },
);
