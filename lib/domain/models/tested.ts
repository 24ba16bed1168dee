import { auditEvent } from '../audit/record';
import type { TenantContext } from '../context';
import { contractTest } from './contract-test';
import { serves } from './deployment';
import type { ContractReport, DeployedEndpoint } from './ports';

/** How long a report stays valid for an unchanged endpoint, ms. */
const freshMs = 15 * 60_000;

/** Runs the contract test, keeps its report and writes an audit row. Throws as `contractTest` does. */
export async function testedNow(ctx: TenantContext, endpointName: string): Promise<ContractReport> {
  const { endpoints, contractReports } = ctx.ports;
  const report = await contractTest(endpoints, endpointName, { now: ctx.now });
  await contractReports.keep(
    report,
    ctx.actor.name,
    auditEvent(ctx, {
      action: 'models.test',
      subject: `endpoint/${endpointName}`,
      detail: { passed: report.passed },
      key: `${endpointName}/${report.testedAt.toISOString()}`,
    }),
  );
  return report;
}

/** Whether `report` is still valid for `endpoint` at `now`: passed, in service, recent, and unchanged since. */
export function vouches(report: ContractReport, endpoint: DeployedEndpoint | null, now: Date): boolean {
  return isUnchanged(report, endpoint) && now.getTime() - report.testedAt.getTime() <= freshMs;
}

/** Whether the endpoint serves what was tested and was not changed since. */
export function isUnchanged(report: ContractReport, endpoint: DeployedEndpoint | null): boolean {
  return (
    report.passed &&
    endpoint?.status === 'InService' &&
    endpoint.changedAt.getTime() <= report.testedAt.getTime() &&
    serves(endpoint, report.deployment)
  );
}

/** The first failure, for people. */
export function firstFailure({ checks }: ContractReport): string {
  const failed = checks.find(({ outcome }) => outcome === 'failed');
  return failed ? `${failed.title}: ${failed.finding}` : 'A check failed.';
}
