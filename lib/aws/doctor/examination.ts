import type { Examination, LinkName, Observation, Place, Target } from '@/lib/domain/doctor/ports';
import { env } from '@/lib/env';
import { externalId } from '../core/credentials';
import { tenantBucket } from '../core/tenant-bucket';
import { type Evidence, gather, once } from './evidence';
import { endpointLink, metricsLink, quotasLink } from './model-links';
import { extractJob, stackInstance } from './portal-links';
import { portalRole, trustLink } from './trust-links';
import { bucketLink, domainLink, domainOf, executionRole } from './workbench-links';

/**
 * One examination of `target`. It asks AWS how things are, and reads nothing that is in them: no object, no model's answer, and no link
 * that opens anything. `pingReplica` throws when the replica does not answer.
 */
export function examination(target: Target, pingReplica: () => Promise<unknown>): Examination {
  const evidence = gather(target.tenantId, target.accountId);
  let portalRoleArn: string | null = null;
  const looks = looksAt(target, evidence, pingReplica);
  return {
    target,
    place: () => placeOf(target, portalRoleArn),
    async look(link) {
      const seen = await looks[link]();
      portalRoleArn ??= (await evidence.identity().catch(() => null))?.roleArn ?? null;
      return seen;
    },
  };
}

function looksAt(
  target: Target,
  evidence: Evidence,
  pingReplica: () => Promise<unknown>,
): Readonly<Record<LinkName, () => Promise<Observation>>> {
  const domain = once(() => domainOf(evidence));
  return {
    'portal-role': () => portalRole(evidence),
    trust: () => trustLink(evidence, 'trust'),
    'external-id': () => trustLink(evidence, 'external-id'),
    'session-tag': () => trustLink(evidence, 'session-tag'),
    'stack-instance': () => stackInstance(target),
    domain: () => domainLink(evidence, domain),
    'execution-role': () => executionRole(evidence, domain),
    bucket: () => bucketLink(evidence),
    'extract-job': () => extractJob(pingReplica),
    endpoint: () => endpointLink(evidence, target.endpointName ?? ''),
    metrics: () => metricsLink(evidence),
    quotas: () => quotasLink(evidence),
  };
}

function placeOf({ tenantId, accountId }: Target, portalRoleArn: string | null): Place {
  const settings = env();
  return {
    region: settings.AWS_REGION,
    portalRoleArn,
    pooledRoleArn: settings.ANNEX_TENANT_ROLE_ARN,
    accountRole: settings.ANNEX_TENANT_ACCOUNT_ROLE,
    externalId: externalId(tenantId),
    stackSet: settings.ANNEX_STACK_SET,
    extractJob: settings.ANNEX_EXTRACT_JOB,
    bucket: accountId === null ? null : tenantBucket(tenantId, accountId),
  };
}
