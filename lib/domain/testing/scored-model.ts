import { AnnexError } from '@/lib/errors';
import { churnFeatures } from '../churn/features';
import type { ChurnFeatures } from '../crm/ports';
import type { DeployedEndpoint, Deployment, EndpointAnswer, ModelVersion } from '../models/ports';
import type { FeatureRow } from '../scoring/ports';

/** The score that an honest model gives in these tests; it depends only on the customer's own features. */
export const honest = ([recency = 0, frequency = 0]: readonly number[]): number =>
  ((recency * 7 + frequency * 3) % 1000) / 1000;

export const answering = (lines: readonly (number | string)[], status = 200): EndpointAnswer => ({
  status,
  contentType: 'text/csv',
  body: new TextEncoder().encode(lines.join('\n')),
  ms: 1,
});

/** Features as in a request; missing ones are 0. */
export const lineOf = (given: Partial<ChurnFeatures>): string =>
  churnFeatures.map(({ key }) => given[key] ?? 0).join(',');

export function customersOf(count: number, change = 0): FeatureRow[] {
  return Array.from({ length: count }, (_, n) => ({
    customerId: `c${String(n).padStart(6, '0')}`,
    features: lineOf({
      recencyDays: (n * 31 + change) % 400,
      frequency: 1 + (n % 5),
      monetaryMean: 20,
      tenureDays: 400,
      gapMeanDays: 10,
    }),
  }));
}

export const deploymentOf = (configName: string): Deployment => ({
  configName,
  configCreatedAt: new Date(0),
  variants: [{ name: 'AllTraffic', image: 'xgboost@sha256:1' }],
});

/** The endpoint of a version, as it was when tested. */
export const endpointOf = ({ endpointName, report }: ModelVersion): DeployedEndpoint => ({
  name: endpointName,
  status: 'InService',
  changedAt: new Date(0),
  failureReason: null,
  variants: [],
  deployment: report.deployment ?? deploymentOf('unknown'),
  pendingConfigName: null,
});

/** A version with only what scoring uses. */
export function modelOf(version: number): ModelVersion {
  return {
    version,
    endpointName: `churn-${version}`,
    contentType: 'text/csv',
    report: {
      endpointName: `churn-${version}`,
      testedAt: new Date(0),
      deployment: deploymentOf(`churn-${version}-1`),
      passed: true,
      contentTypes: ['text/csv'],
      checks: [],
      latencyMs: { rows1: 1, rows100: 1 },
    },
    registeredBy: 'ada',
    registeredAt: new Date(0),
  };
}

/** The adapter's error for an endpoint that does not respond. */
export const silence = () => new AnnexError('dependency_failed', 'The endpoint did not answer in time.');
