import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect } from '@playwright/test';
import { journeyStack } from '../stack';
import { runningStack } from '../tenants';
import type { FurnishedTenant } from './furnish';

/** Jobs of `own` that name what belongs to `other`: each kind with a payload, and one that has no place for a tenant. */
const strayJobs = (own: FurnishedTenant, other: FurnishedTenant) => {
  const person = { id: 'x', name: 'x', roles: ['scientist'] };
  const asked = { at: new Date().toISOString(), by: person };
  const tenantId = own.id;
  return [
    { kind: 'workbench.advance', tenantId, requestId: other.workbenchId },
    { kind: 'extract.advance', tenantId, requestId: other.extractId },
    { kind: 'models.roll-back', tenantId, version: other.version, asked },
    { kind: 'costs.measure', tenantId, tenant: other.id, payload: { tenantId: other.id } },
    { kind: 'scores.compare', tenantId, tenant: other.id, payload: { tenantId: other.id } },
  ];
};

/** What the worker did with a message. */
interface Handled {
  readonly kind: string;
  /** The tenants that the worker names in its lines about the message. */
  readonly tenants: readonly string[];
}

/** Puts jobs of `own` with the ids of `other` into the queue, and waits until the worker has done with each. */
export async function sendStrayJobs(
  own: FurnishedTenant,
  other: FurnishedTenant,
): Promise<readonly Handled[]> {
  const { environment } = await runningStack();
  const sqs = new SQSClient({
    region: environment.AWS_REGION ?? '',
    endpoint: environment.AWS_ENDPOINT_URL ?? '',
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? '',
    },
  });
  const QueueUrl = environment.ANNEX_JOBS_QUEUE_URL ?? '';
  return Promise.all(
    strayJobs(own, other).map(async (job) => {
      const MessageBody = JSON.stringify({ version: 1, job });
      const { MessageId = '' } = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
      const settled = async () =>
        (await linesAbout(MessageId)).filter(({ msg }) => /^job (done|failed)$/.test(msg)).length;
      await expect.poll(settled, { timeout: 120_000 }).toBeGreaterThan(0);
      const lines = await linesAbout(MessageId);
      return { kind: job.kind, tenants: [...new Set(lines.flatMap(({ tenant }) => tenant ?? []))] };
    }),
  );
}

interface Line {
  readonly msg: string;
  readonly tenant?: string;
}

/** What the worker's log says of a message, and of the request that has its id. */
async function linesAbout(id: string): Promise<readonly Line[]> {
  const log = await readFile(join(journeyStack.stateDir, 'logs', 'worker.log'), 'utf8');
  return log
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}') && line.includes(id))
    .map((line) => JSON.parse(line) as Line);
}
