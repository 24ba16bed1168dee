import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { freePort } from '@/local/free-port';
import { externalId, siloRoleArn, world } from '@/local/world';
import { readPortalCredentials } from '../iam/portal-credentials';
import { type RunningAws, startAws } from '../server';
import { provisionInput } from './fake-client';

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The stand-ins of a test, over the wire, with clients that sign with the portal's key. */
export interface TestWorld {
  readonly origin: string;
  readonly portalKeys: Keys;
  readonly catalog: ServiceCatalogClient;
  readonly stacks: CloudFormationClient;
  settings(keys?: Keys): { region: string; endpoint: string; credentials: Keys };
  /** Keys of the tenant role in that account. */
  tenantKeys(tenantId: string, accountId: string): Promise<Keys>;
  fault(point: string, subject: string, message?: string): Promise<void>;
  provision(token: string, tenantId: string): Promise<string>;
  /** Waits until the record has ended; its status and account. */
  ended(
    recordId: string,
  ): Promise<{ readonly status: string; readonly reason: string; readonly accountId: string }>;
  /** Waits until the instance is no longer on its way; its detailed status. */
  baseline(accountId: string): Promise<string>;
  /** Waits until the domain is no longer on its way. */
  domain(tenantId: string, accountId: string): Promise<{ readonly id: string; readonly status: string }>;
  /** Bodies of the account events so far; it takes them out of the queue. */
  events(): Promise<readonly string[]>;
  /** Stops and starts on the same state. */
  restart(stepMs?: number): Promise<void>;
  close(): Promise<void>;
}

/** Polls until `look` gives something. Rejects after a minute. */
export async function until<T>(what: string, look: () => Promise<T | null | undefined | false>): Promise<T> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

const quiet = { info() {}, warn() {}, error() {} };

/** Starts the stand-ins on a free port with state of their own. `stepMs`: length of one asynchronous step. */
export async function startTestWorld(stepMs = 20): Promise<TestWorld> {
  const dir = await mkdtemp(join(tmpdir(), 'annex-aws-'));
  const port = await freePort();
  let running: RunningAws = await startAws({ dir, port, stepMs, log: quiet });
  const portalKeys: Keys = await readPortalCredentials(dir);
  const settings = (keys: Keys = portalKeys) => ({
    region: world.region,
    endpoint: running.origin,
    credentials: keys,
  });
  const catalog = new ServiceCatalogClient(settings());
  const stacks = new CloudFormationClient(settings());
  const queues = new SQSClient(settings());
  const sts = new STSClient(settings());
  const seen: string[] = [];

  async function tenantKeys(tenantId: string, accountId: string): Promise<Keys> {
    const { Credentials: given } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: siloRoleArn(accountId),
        RoleSessionName: tenantId,
        ExternalId: externalId(tenantId),
        Tags: [{ Key: 'TenantId', Value: tenantId }],
      }),
    );
    return {
      accessKeyId: given?.AccessKeyId ?? '',
      secretAccessKey: given?.SecretAccessKey ?? '',
      sessionToken: given?.SessionToken ?? '',
    };
  }

  return {
    get origin() {
      return running.origin;
    },
    portalKeys,
    catalog,
    stacks,
    settings,
    tenantKeys,
    async fault(point, subject, message = 'asked for') {
      const body = JSON.stringify({ point, subject, message });
      const answer = await fetch(`${running.origin}/_annex/faults`, { method: 'POST', body });
      if (!answer.ok) throw new Error(`The fault was not taken: ${answer.status}`);
    },
    async provision(token, tenantId) {
      const { RecordDetail } = await catalog.send(
        new ProvisionProductCommand(provisionInput(token, tenantId)),
      );
      return RecordDetail?.RecordId ?? '';
    },
    ended: (recordId) =>
      until(`record ${recordId}`, async () => {
        const { RecordDetail, RecordOutputs = [] } = await catalog.send(
          new DescribeRecordCommand({ Id: recordId }),
        );
        const status = RecordDetail?.Status ?? '';
        if (status !== 'SUCCEEDED' && status !== 'FAILED') return null;
        const accountId = RecordOutputs.find(({ OutputKey }) => OutputKey === 'AccountId')?.OutputValue ?? '';
        return { status, reason: RecordDetail?.RecordErrors?.[0]?.Description ?? '', accountId };
      }),
    baseline: (accountId) =>
      until(`the baseline in ${accountId}`, async () => {
        const asked = {
          StackSetName: world.stackSet,
          StackInstanceAccount: accountId,
          StackInstanceRegion: world.region,
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
    async domain(tenantId, accountId) {
      const sagemaker = new SageMakerClient(settings(await tenantKeys(tenantId, accountId)));
      return until(`the domain in ${accountId}`, async () => {
        const { Domains = [] } = await sagemaker.send(new ListDomainsCommand({}));
        const [domain] = Domains;
        if (!domain?.DomainId || domain.Status === 'Pending') return null;
        return { id: domain.DomainId, status: String(domain.Status) };
      });
    },
    async events() {
      const { QueueUrl } = await queues.send(new GetQueueUrlCommand({ QueueName: world.eventsQueue }));
      const { Messages = [] } = await queues.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      for (const { Body = '', ReceiptHandle } of Messages) {
        seen.push(Body);
        await queues.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
      return seen;
    },
    async restart(newStepMs = stepMs) {
      await running.stop();
      running = await startAws({ dir, port, stepMs: newStepMs, log: quiet });
    },
    async close() {
      for (const client of [catalog, stacks, queues, sts]) client.destroy();
      await running.stop();
      await rm(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
