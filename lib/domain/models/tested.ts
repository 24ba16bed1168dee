import type { TenantContext } from '../context';
import { contractTest } from './contract-test';
import { serves } from './deployment';
import type { ContractReport, DeployedEndpoint } from './ports';

/** How long a report vouches for an endpoint that nobody changed, ms. */
const freshMs = 15 * 60_000;

/** Runs the contract test now, keeps its report and leaves an audit row. Throws as `contractTest` does. */
export async function testedNow(ctx: TenantContext, endpointName: string): Promise<ContractReport> {
  const { endpoints, contractReports, audit } = ctx.ports;
  const report = await contractTest(endpoints, endpointName, { now: ctx.now });
  await contractReports.keep(report, ctx.actor.name);
  await audit.append({
    action: 'models.test',
    subject: `endpoint/${endpointName}`,
    actorId: ctx.actor.id,
    actorName: ctx.actor.name,
    requestId: ctx.requestId,
    detail: { passed: report.passed },
    idempotencyKey: `models.test/${endpointName}/${report.testedAt.toISOString()}`,
  });
  return report;
}

/** True when `report` still tells of `endpoint` as it is at `now`: passed, in service, young, and not changed since. */
export function vouches(report: ContractReport, endpoint: DeployedEndpoint | null, now: Date): boolean {
  return isUnchanged(report, endpoint) && now.getTime() - report.testedAt.getTime() <= freshMs;
}

/** True when what was tested is what stands behind the name now, and nobody touched it since. */
export function isUnchanged(report: ContractReport, endpoint: DeployedEndpoint | null): boolean {
  return (
    report.passed &&
    endpoint?.status === 'InService' &&
    endpoint.changedAt.getTime() <= report.testedAt.getTime() &&
    serves(endpoint, report.deployment)
  );
}

/** What failed first, for people. */
export function firstFailure({ checks }: ContractReport): string {
  const failed = checks.find(({ outcome }) => outcome === 'failed');
  return failed ? `${failed.title}: ${failed.finding}` : 'A check failed.';
}
