import { tenantVerb } from '@/lib/domain/verb';
import { getReportInput } from '../schemas';

/** The newest contract report of an endpoint; null when it was never tested. Throws `forbidden`. */
export const getReport = tenantVerb('models.view', getReportInput, async (ctx, { endpointName }) => {
  const [report = null] = await ctx.ports.contractReports.newest([endpointName]);
  return report;
});
