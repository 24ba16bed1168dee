import { AnnexError } from '@/lib/errors';
import { churnFeatures } from '../churn/features';
import type { ChurnFeatures } from '../crm/ports';
import type { DeployedEndpoint, Deployment, EndpointAnswer, ModelVersion } from '../models/ports';
import type { FeatureRow } from '../scoring/ports';

/** What an honest model says of a customer in these tests: it depends on nothing but the customer's own features. */
export const honest = ([recency = 0, frequency = 0]: readonly number[]): number =>
  ((recency * 7 + frequency * 3) % 1000) / 1000;

export const answering = (lines: readonly (number | string)[], status = 200): EndpointAnswer => ({
  status,
  contentType: 'text/csv',
  body: new TextEncoder().encode(lines.join('\n')),
  ms: 1,
});

/** Features as a request has them; those that are not given are 0. */
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

/** The endpoint of a registration, as it was when it was tested. */
export const endpointOf = ({ endpointName, report }: ModelVersion): DeployedEndpoint => ({
  name: endpointName,
  status: 'InService',
  changedAt: new Date(0),
  failureReason: null,
  variants: [],
  deployment: report.deployment ?? deploymentOf('unknown'),
  pendingConfigName: null,
});

/** A registration with only what scoring looks at. */
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

/** As the adapter says that an endpoint did not answer. */
export const silence = () => new AnnexError('dependency_failed', 'The endpoint did not answer in time.');
