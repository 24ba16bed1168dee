import type { TenantContext } from '@/lib/domain/context';
import { tenantVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';
import { checkEndpointLimit, endpointLimit } from '../endpoint-limit';
import { makeActive } from '../make-active';
import type { ContractReport, ModelVersion } from '../ports';
import { activateEndpointInput } from '../schemas';
import { firstFailure, testedNow, vouches } from '../tested';

const nothingDone = 'The endpoint was not activated.';

/**
 * Registers an endpoint that meets the churn interface as a new version, and makes it the source of scores. A report of the last
 * 15 minutes suffices if the endpoint is unchanged; otherwise the endpoint is tested first. Repeating an interrupted call does
 * not register the same report twice. Returns the version. Throws `forbidden`, `conflict` when the endpoint does not pass or
 * the plan allows no further one, and
 * what `testEndpoint` throws; then nothing changes.
 */
export const activateEndpoint = tenantVerb(
  'models.activate',
  activateEndpointInput,
  async (ctx, { endpointName }): Promise<ModelVersion> => {
    await checkEndpointLimit(ctx, endpointName, nothingDone);
    const report = await passingReport(ctx, endpointName);
    const [contentType] = report.contentTypes;
    if (!report.passed || contentType === undefined) {
      throw new AnnexError(
        'conflict',
        `${endpointName} failed the contract test and was not activated. ${firstFailure(report)}`,
      );
    }
    const registered = {
      endpointName,
      contentType,
      report,
      registeredBy: ctx.actor.name,
      registeredAt: ctx.now(),
    };
    const limit = await endpointLimit(ctx, endpointName, nothingDone);
    const model = await ctx.ports.models.register(registered, limit);
    await makeActive(ctx, model);
    return model;
  },
);

async function passingReport(ctx: TenantContext, endpointName: string): Promise<ContractReport> {
  const { endpoints, contractReports } = ctx.ports;
  const [kept] = await contractReports.newest([endpointName]);
  if (kept && vouches(kept, await endpoints.deployed(endpointName), ctx.now())) return kept;
  return testedNow(ctx, endpointName);
}
