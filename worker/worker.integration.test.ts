import { ListRecordHistoryCommand, ServiceCatalogClient } from '@aws-sdk/client-service-catalog';
import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { portalClient } from '@/lib/aws/core/clients';
import { closeDatabase } from '@/lib/db/core/client';
import { tenantContextForSystem } from '@/lib/deps';
import type { TenantContext } from '@/lib/domain/context';
import type { WorkbenchRequest } from '@/lib/domain/workbench/ports';
import { listVariants } from '@/lib/domain/workbench/verbs/list-variants';
import { requestWorkbench } from '@/lib/domain/workbench/verbs/request-workbench';
import { createTestDatabase } from '@/local/testing/database';
import type { TestDatabase } from '@/local/testing/postgres';
import { type ProductAws, startProductAws } from '@/local/testing/product-aws';
import { queues, queueUrlOf } from '@/local/testing/queues';
import { WorkerProcess } from './testing/worker-process';

const tenants = ['plain', 'killed', 'lost', 'twice', 'late'];
let stack: ProductAws;
let postgres: TestDatabase;
let environment: Record<string, string>;
const workers: WorkerProcess[] = [];

beforeAll(async () => {
  [postgres, stack] = await Promise.all([createTestDatabase(), startProductAws({ stepMs: 250 })]);
  environment = { ...stack.environment, DATABASE_URL: postgres.portalUrl };
  process.env.DATABASE_URL = postgres.portalUrl;
  await postgres.as('admin', async (admin) => {
    for (const id of tenants) await admin.query('insert into tenant (id, name) values ($1, $1)', [id]);
  });
});
afterEach(() => Promise.all(workers.splice(0).map((worker) => worker.end('SIGTERM'))));
afterAll(async () => {
  await closeDatabase();
  await Promise.all([stack?.stop(), postgres?.stop()]);
});

const patience = { timeout: 90_000, interval: 50 };

async function start(): Promise<WorkerProcess> {
  const worker = await WorkerProcess.start(environment);
  workers.push(worker);
  return worker;
}

async function scientistOf(tenantId: string): Promise<TenantContext> {
  const ctx = await tenantContextForSystem(tenantId, 'test');
  return { ...ctx, actor: { id: 'sub', name: 'ada@foo.example', roles: ['scientist'] } };
}

async function request(tenantId: string): Promise<TenantContext> {
  const ctx = await scientistOf(tenantId);
  const [variant] = await listVariants(ctx, undefined);
  await requestWorkbench(ctx, { variantId: variant?.id ?? '' });
  return ctx;
}

async function live({ ports }: TenantContext): Promise<WorkbenchRequest> {
  const found = await ports.workbenches.live();
  if (!found) throw new Error('there is no live request');
  return found;
}

const untilReady = (ctx: TenantContext) =>
  vi.waitFor(async () => expect(await live(ctx)).toMatchObject({ state: 'ready' }), patience);

/** How many accounts were ever requested for the tenant. */
async function vended(tenantId: string): Promise<number> {
  const { RecordDetails = [] } = await portalClient(ServiceCatalogClient).send(
    new ListRecordHistoryCommand({ PageSize: 100 }),
  );
  return RecordDetails.filter(
    ({ ProvisionedProductName, RecordType }) =>
      RecordType === 'PROVISION_PRODUCT' && ProvisionedProductName?.startsWith(`annex-${tenantId}-`),
  ).length;
}

const queueUrl = (name: string) => queueUrlOf(stack.origin, name);
const sqs = () => portalClient(SQSClient);

function put(queue: string, body: string) {
  return sqs().send(new SendMessageCommand({ QueueUrl: queueUrl(queue), MessageBody: body }));
}

async function count(
  queue: string,
  name: 'ApproximateNumberOfMessages' | 'ApproximateNumberOfMessagesNotVisible',
): Promise<number> {
  const answer = await sqs().send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl(queue), AttributeNames: [name] }),
  );
  return Number(answer.Attributes?.[name]);
}
const visible = (queue: string) => count(queue, 'ApproximateNumberOfMessages');
const notVisible = (queue: string) => count(queue, 'ApproximateNumberOfMessagesNotVisible');

function steps({ steps: all }: WorkbenchRequest): string {
  return all.map(({ state }) => state).join();
}

describe('the worker', () => {
  it('completes a request and says which tenant it works for', async () => {
    const worker = await start();
    const ctx = await request('plain');
    await untilReady(ctx);
    expect(await vended('plain')).toBe(1);
    const tenant = await tenantContextForSystem('plain', 'test');
    expect(tenant.tenant.accountId).toBe((await live(ctx)).accountId);
    expect(worker.said()).toContain('"tenant":"plain"');
  });

  it.each(['SIGTERM', 'disconnect'] as const)('ends with 0 on %s and keeps nothing in hand', async (how) => {
    const worker = await start();
    const jobs = Array.from({ length: 12 }, () =>
      put(queues.jobs, '{"version":1,"job":{"kind":"workbench.advance","tenantId":"plain"}}'),
    );
    await Promise.all(jobs);
    await vi.waitFor(async () => expect(await visible(queues.jobs)).toBe(0), patience);
    expect(await worker.end(how)).toBe(0);
    expect(await notVisible(queues.jobs)).toBe(0);
  });

  it('finishes once when it is killed at every step', async () => {
    const ctx = await request('killed');
    const seen = new Set<string>();
    while ((await live(ctx)).state !== 'ready') {
      const worker = await start();
      await vi.waitFor(async () => {
        const now = steps(await live(ctx));
        expect(seen).not.toContain(now);
        seen.add(now);
      }, patience);
      await worker.end('SIGKILL');
    }
    expect([...seen].length).toBeGreaterThanOrEqual(3);
    expect(await vended('killed')).toBe(1);
    expect((await live(ctx)).attempt).toBe(1);
  }, 120_000);

  it.each([
    ['lost', 'account.event.lost'],
    ['twice', 'account.event.duplicate'],
    ['late', 'account.event.late'],
  ])('comes to the right end when the account event is %s', async (tenantId, point) => {
    await stack.fault(point, tenantId);
    await start();
    const ctx = await request(tenantId);
    await untilReady(ctx);
    expect(await vended(tenantId)).toBe(1);
  });

  it.each([
    [queues.jobs, queues.jobsDeadLetters, 'no job at all', /not a valid job/],
    [
      queues.jobs,
      queues.jobsDeadLetters,
      '{"version":1,"job":{"kind":"churn.refit","tenantId":"nobody"}}',
      /not_found/,
    ],
    [queues.events, queues.eventsDeadLetters, '{"poison":true}', /not a valid event/],
  ])('puts poison of %s into %s with the reason: %s', async (queue, deadLetters, body, reason) => {
    await start();
    await put(queue, body);
    const buried = await vi.waitFor(async () => {
      const { Messages } = await sqs().send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl(deadLetters),
          MaxNumberOfMessages: 10,
          MessageAttributeNames: ['All'],
          VisibilityTimeout: 0,
        }),
      );
      const found = Messages?.find(({ Body }) => Body === body);
      expect(found).toBeDefined();
      return found;
    }, patience);
    const written = (name: string) => buried?.MessageAttributes?.[name]?.StringValue ?? '';
    expect(written('AnnexReason')).toMatch(reason);
    expect(written('AnnexReceives')).toBe('1');
    expect(Date.parse(written('AnnexSentAt'))).toBeLessThanOrEqual(
      Date.parse(written('AnnexFirstReceivedAt')),
    );
  });
});
