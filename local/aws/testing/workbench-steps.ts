import { CloudFormationClient, DescribeStackInstanceCommand } from '@aws-sdk/client-cloudformation';
import { ListDomainsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import {
  DescribeRecordCommand,
  ProvisionProductCommand,
  ServiceCatalogClient,
} from '@aws-sdk/client-service-catalog';
import {
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { awsNames } from '@/local/aws-names';
import { provisionInput } from './fake-client';
import { clientConfig, type TestAws, tenantKeys } from './test-aws';
import { until } from './until';

/** Steps on the way to a workbench, taken as the portal over the wire to `aws`. They go on over its restarts. */
export function workbenchSteps(aws: TestAws) {
  const settings = { ...clientConfig(aws, aws.portal), maxAttempts: 3 };
  const catalog = new ServiceCatalogClient(settings);
  const stacks = new CloudFormationClient(settings);
  const queues = new SQSClient(settings);
  const seen: string[] = [];

  return {
    catalog,
    stacks,
    async provision(token: string, tenantId: string): Promise<string> {
      const { RecordDetail } = await catalog.send(
        new ProvisionProductCommand(provisionInput(token, tenantId)),
      );
      return RecordDetail?.RecordId ?? '';
    },
    /** Waits until the record has ended; its status and account. */
    ended: (recordId: string) =>
      until(`record ${recordId}`, async () => {
        const { RecordDetail, RecordOutputs = [] } = await catalog.send(
          new DescribeRecordCommand({ Id: recordId }),
        );
        const status = RecordDetail?.Status ?? '';
        if (status !== 'SUCCEEDED' && status !== 'FAILED') return null;
        const accountId = RecordOutputs.find(({ OutputKey }) => OutputKey === 'AccountId')?.OutputValue ?? '';
        return { status, reason: RecordDetail?.RecordErrors?.[0]?.Description ?? '', accountId };
      }),
    /** Waits until the instance is no longer on its way; its detailed status. */
    baseline: (accountId: string) =>
      until(`the baseline in ${accountId}`, async () => {
        const asked = {
          StackSetName: awsNames.stackSet,
          StackInstanceAccount: accountId,
          StackInstanceRegion: awsNames.region,
        };
        const { StackInstance } = await stacks
          .send(new DescribeStackInstanceCommand(asked))
          .catch((error: Error) => {
            // The deployment begins a moment after the account is there.
            if (error.name === 'StackInstanceNotFoundException') return { StackInstance: undefined };
            throw error;
          });
        const status = StackInstance?.StackInstanceStatus?.DetailedStatus;
        return status === 'PENDING' || status === 'RUNNING' ? null : status;
      }),
    /** Waits until the domain is no longer on its way. */
    async domain(tenantId: string, accountId: string) {
      const keys = await tenantKeys(aws, tenantId, accountId);
      const sagemaker = new SageMakerClient({ ...settings, credentials: keys });
      return until(`the domain in ${accountId}`, async () => {
        const { Domains = [] } = await sagemaker.send(new ListDomainsCommand({}));
        const [domain] = Domains;
        if (!domain?.DomainId || domain.Status === 'Pending') return null;
        return { id: domain.DomainId, status: String(domain.Status) };
      });
    },
    /** Bodies of the account events so far; it takes them out of the queue. */
    async events(): Promise<readonly string[]> {
      const { QueueUrl } = await queues.send(new GetQueueUrlCommand({ QueueName: awsNames.eventsQueue }));
      const { Messages = [] } = await queues.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      for (const { Body = '', ReceiptHandle } of Messages) {
        seen.push(Body);
        await queues.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
      return seen;
    },
  };
}
