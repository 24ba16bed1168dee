import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeEndpointCommand, ListEndpointsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { GetServiceQuotaCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import type { Observation } from '@/lib/domain/doctor/ports';
import { env } from '@/lib/env';
import type { Evidence } from './evidence';
import { fine, refused, safeName, safeWords, wrong } from './observed';
import { isMissing } from './portal-links';
import { sessionClient } from './sessions';

/** The endpoint of the active version. Nothing is sent to the model. */
export async function endpointLink(evidence: Evidence, EndpointName: string): Promise<Observation> {
  const call = {
    operation: 'sagemaker:DescribeEndpoint',
    resource: `arn:aws:sagemaker:${env().AWS_REGION}:${evidence.accountId}:endpoint/${EndpointName}`,
  };
  try {
    const client = sessionClient(SageMakerClient, await evidence.tenantSession());
    const { EndpointStatus, FailureReason } = await client.send(
      new DescribeEndpointCommand({ EndpointName }),
    );
    const status = safeName(EndpointStatus);
    // While it is updated, and after an update that was rolled back, it serves what it served before.
    if (/^(InService|Updating|SystemUpdating|RollingBack)$/.test(status))
      return fine(`The endpoint ${EndpointName} is ${status}.`, call);
    const reason = FailureReason ? ` ${safeWords(FailureReason)}` : '';
    const fault = status === 'Failed' ? 'endpoint-failed' : 'endpoint-not-serving';
    return wrong(fault, `The endpoint ${EndpointName} is ${status}.${reason}`, [call]);
  } catch (error) {
    // SageMaker has no code for it.
    const gone = isMissing(error) || /could not find|does not exist/i.test(String(Object(error).message));
    if (gone) return wrong('endpoint-missing', `There is no endpoint ${EndpointName}.`, [call]);
    return refused(error, call);
  }
}

/** Whether the metrics of the account can be read. One metric: CloudWatch bills each. */
export async function metricsLink(evidence: Evidence): Promise<Observation> {
  const call = { operation: 'cloudwatch:GetMetricData', resource: '*' };
  const end = new Date();
  try {
    const { MetricDataResults: [result] = [] } = await sessionClient(
      CloudWatchClient,
      await evidence.tenantSession(),
    ).send(
      new GetMetricDataCommand({
        StartTime: new Date(end.getTime() - 5 * 60_000),
        EndTime: end,
        MetricDataQueries: [
          {
            Id: 'own',
            MetricStat: {
              Metric: { Namespace: 'AWS/SageMaker', MetricName: 'Invocations' },
              Period: 300,
              Stat: 'Sum',
            },
          },
        ],
      }),
    );
    if (result?.StatusCode === 'Forbidden')
      return {
        ...wrong('denied', 'CloudWatch refuses to read the metrics of this account.', [call]),
        denied: call,
      };
    return fine('CloudWatch answers for this account.', call);
  } catch (error) {
    return refused(error, call);
  }
}

/** Number of instances across active endpoints, in Service Quotas. */
const quotaCode = 'L-7A3DF611';
/** Endpoints that are counted; an account that has more than that is asked about no further. */
const mostEndpoints = 50;

/** Whether another instance for an endpoint would be within the account's quota. */
export async function quotasLink(evidence: Evidence): Promise<Observation> {
  const quota = {
    operation: 'servicequotas:GetServiceQuota',
    resource: `arn:aws:servicequotas:${env().AWS_REGION}:${evidence.accountId}:sagemaker/${quotaCode}`,
  };
  const list = { operation: 'sagemaker:ListEndpoints', resource: `account ${evidence.accountId}` };
  const session = await evidence.tenantSession();
  const [limit, used] = await Promise.allSettled([
    sessionClient(ServiceQuotasClient, session).send(
      new GetServiceQuotaCommand({ ServiceCode: 'sagemaker', QuotaCode: quotaCode }),
    ),
    instancesInUse(sessionClient(SageMakerClient, session)),
  ]);
  if (limit.status === 'rejected') return refused(limit.reason, quota);
  if (used.status === 'rejected') return refused(used.reason, list, [quota, list]);
  const most = limit.value.Quota?.Value ?? 0;
  const words = `${used.value} of ${most} instances across active endpoints are in use.`;
  return used.value < most ? fine(words, quota, list) : wrong('quota-exhausted', words, [quota, list]);
}

async function instancesInUse(client: SageMakerClient): Promise<number> {
  const { Endpoints = [] } = await client.send(new ListEndpointsCommand({ MaxResults: mostEndpoints }));
  const counts = await Promise.all(
    Endpoints.map(async ({ EndpointName }) => {
      const { ProductionVariants = [] } = await client
        .send(new DescribeEndpointCommand({ EndpointName }))
        // It was deleted in the meantime.
        .catch(
          (error: unknown) =>
            (isMissing(error) || Object(error).name === 'ValidationException'
              ? {}
              : Promise.reject(error)) as { ProductionVariants?: [] },
        );
      return ProductionVariants.reduce((sum, { CurrentInstanceCount = 0 }) => sum + CurrentInstanceCount, 0);
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
