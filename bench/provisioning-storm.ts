import { setTimeout as delay } from 'node:timers/promises';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { portalClient } from '@/lib/aws/core/clients';
import { tenantContextForSystem } from '@/lib/deps';
import type { TenantContext } from '@/lib/domain/context';
import { listVariants } from '@/lib/domain/workbench/verbs/list-variants';
import { requestWorkbench } from '@/lib/domain/workbench/verbs/request-workbench';
import { isAnnexError } from '@/lib/errors';
import { accountsOf } from '@/local/aws/control-tower/accounts';
import { startTestDatabase } from '@/local/testing/database';
import { startProductAws } from '@/local/testing/product-aws';
import { queues, queueUrlOf } from '@/local/testing/queues';
import { WorkerProcess } from '@/worker/testing/worker-process';
import { report } from './harness';

// Workbenches for many tenants at once, `npx tsx bench/provisioning-storm.ts 1000`, while three of ten calls of AWS are throttled and the
// worker is killed every few seconds: each tenant gets one account, no more and no fewer. Before and after it, a tenth as many requests
// in quiet: reads of AWS per request. Before, no other tenant is there. After, all of the storm are, and nine times as many without a workbench.
const most = 1.1;
const asked = Number(process.argv[2] ?? 1000);
const quietly = Math.max(10, Math.round(asked / 10));
const killEveryMs = 5000;
const throttled = { rate: 0.3, message: 'ThrottlingException: Rate exceeded' };
/** A start of the stand-in and the worker, and what two cores do at the least in a second. */
const longestMs = 300_000 + asked * 3000;

const database = await startTestDatabase([], {});
const aws = await startProductAws({ stepMs: 100 });
process.env.DATABASE_URL = database.portalUrl;
// As usual: a sweep finds what was lost, and does not drive the work.
const environment = { ...aws.environment, DATABASE_URL: database.portalUrl, ANNEX_SWEEP_SECONDS: '15' };
/** Of the stores and services that setting up a workbench asks. The spending of tenants is measured by others. */
const read =
  /^dynamodb:(GetItem|Query)$|^(servicecatalog|cloudformation):(Describe|List|Search|Scan)|^sagemaker:(ListDomains|DescribeDomain)$|^s3:ListBucket$/;
const requested: string[] = [];
let wrong = 0;

try {
  const alone = await quietRound('alone');
  await storm();
  await newTenants('idle', asked * 9);
  const among = await quietRound('among');
  await checkAll();
  report({
    bench: 'provisioning-storm reads',
    ratio: among.perRequest / alone.perRequest,
    most,
    figures: { alone: alone.perRequest, among: among.perRequest, requests: quietly, others: asked * 10 },
  });
  for (const action of new Set([...alone.byAction.keys(), ...among.byAction.keys()])) {
    console.log(`  ${action}: ${alone.byAction.get(action) ?? 0}, ${among.byAction.get(action) ?? 0}`);
  }
} finally {
  await database.stop();
  await aws.stop();
}
if (wrong > 0) process.exitCode = 1;

async function storm(): Promise<void> {
  const ids = await newTenants('storm', asked);
  await aws.fault('request', '*', throttled);
  const startedAt = performance.now();
  const seconds = () => Math.round((performance.now() - startedAt) / 1000);
  const over = new AbortController();
  let kills = 0;
  const killing = (async () => {
    while (!over.signal.aborted) {
      const worker = await WorkerProcess.start(environment);
      await delay(killEveryMs, undefined, { signal: over.signal }).catch(() => undefined);
      await worker.end('SIGKILL');
      kills += 1;
    }
  })();
  const working = (async () => {
    const tries = await requestAll(ids);
    console.log(`storm: ${asked} requests took ${tries} tries and ${seconds()} s`);
    await untilReady(ids, () => `after ${seconds()} s and ${kills} kills`);
    over.abort();
  })();
  await Promise.all([working, killing]);
  await aws.clearFaults();
  console.log(`storm: ${asked} workbenches ready after ${seconds()} s and ${kills} kills`);
}

/** Reads of AWS per request of some at once, while nothing fails. */
async function quietRound(name: string) {
  const worker = await WorkerProcess.start(environment);
  await untilNothingWaits();
  const ids = await newTenants(name, quietly);
  const since = new Date().toISOString();
  await requestAll(ids);
  await untilReady(ids, () => name);
  await untilNothingWaits();
  const byAction = new Map<string, number>();
  for (const { action } of await callsSince(since)) {
    if (read.test(action)) byAction.set(action, (byAction.get(action) ?? 0) + 1);
  }
  await worker.end('SIGTERM');
  const reads = [...byAction.values()].reduce((sum, count) => sum + count, 0);
  return { byAction, perRequest: reads / quietly };
}

async function callsSince(since: string): Promise<readonly { at: string; action: string }[]> {
  const answer = await fetch(`${aws.origin}/_annex/calls`);
  const calls = (await answer.json()) as { at: string; action: string }[];
  // The list is bounded; its oldest call shows that nothing of this round was dropped.
  if ((calls[0]?.at ?? since) > since && calls.length >= 25_000) throw new Error('too many calls to count');
  return calls.filter(({ at }) => at >= since);
}

async function newTenants(kind: string, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, n) => `${kind}-${String(n + 1).padStart(5, '0')}`);
  await database.as('admin', (admin) =>
    admin.query('INSERT INTO tenant (id, name) SELECT id, id FROM unnest($1::text[]) AS each (id)', [ids]),
  );
  return ids;
}

/** Asks for a workbench in each tenant, all at once, each again while Annex says so. Returns how many tries it took. */
async function requestAll(ids: readonly string[]): Promise<number> {
  requested.push(...ids);
  const tries = await Promise.all(
    ids.map(async (tenantId) => {
      for (let count = 1; ; count += 1) {
        try {
          const ctx = await scientistOf(tenantId);
          const [variant] = await listVariants(ctx, undefined);
          await requestWorkbench(ctx, { variantId: variant?.id ?? '' });
          return count;
        } catch (error) {
          if (!isAnnexError(error) || !error.transient || count === 100) throw error;
          await delay(500 + Math.random() * 1000);
        }
      }
    }),
  );
  return tries.reduce((sum, count) => sum + count, 0);
}

async function scientistOf(tenantId: string): Promise<TenantContext> {
  const ctx = await tenantContextForSystem(tenantId, 'bench');
  return { ...ctx, actor: { id: `sub-${tenantId}`, name: `ada@${tenantId}.example`, roles: ['scientist'] } };
}

/** Prints now and then how many are ready. Throws with the rest when it takes too long. */
async function untilReady(ids: readonly string[], where: () => string): Promise<void> {
  const startedAt = performance.now();
  for (let looks = 0; ; looks += 1) {
    const rows = await recorded();
    const missing = ids.filter((id) => !rows.has(`${id} workbench.advance done`));
    if (missing.length === 0) return;
    if (performance.now() - startedAt > longestMs) {
      throw new Error(`${missing.length} of ${ids.length} are not ready ${where()}: ${missing.slice(0, 5)}`);
    }
    if (looks % 20 === 0) console.log(`  ${ids.length - missing.length} of ${ids.length} ready ${where()}`);
    await delay(500);
  }
}

/** How many audit rows of setting up workbenches there are, by tenant, action and result. */
async function recorded(): Promise<ReadonlyMap<string, number>> {
  const { rows } = await database.as('admin', (admin) =>
    admin.query<{ what: string; count: number }>(
      `SELECT concat_ws(' ', tenant_id, action, result) AS what, count(*)::integer AS count FROM audit_event
       WHERE action LIKE 'workbench.%' GROUP BY 1`,
    ),
  );
  return new Map(rows.map(({ what, count }) => [what, count]));
}

async function messages(queue: string): Promise<number> {
  const { Attributes = {} } = await portalClient(SQSClient).send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrlOf(aws.origin, queue), AttributeNames: ['All'] }),
  );
  const counts = Object.entries(Attributes).filter(([name]) => name.startsWith('ApproximateNumberOf'));
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

/** Until no job and no event is left, not even one that is delayed or hidden. */
async function untilNothingWaits(): Promise<void> {
  for (const startedAt = performance.now(); performance.now() - startedAt < longestMs; await delay(500)) {
    if ((await messages(queues.jobs)) + (await messages(queues.events)) === 0) return;
  }
  throw new Error(
    `${await messages(queues.jobs)} jobs and ${await messages(queues.events)} events still wait`,
  );
}

async function checkAll(): Promise<void> {
  const rows = await recorded();
  const accounts = await accountsOf(aws.standIn);
  const byTenant = new Map(accounts.map(({ tenantId, accountId }) => [tenantId, accountId]));
  expect('accounts', accounts.length, requested.length);
  expect('tenants with an account', byTenant.size, requested.length);
  expect(
    'audit rows of set-ups',
    [...rows.values()].reduce((sum, count) => sum + count, 0),
    requested.length * 2,
  );
  let ready = 0;
  for (const tenantId of requested) {
    const { tenant, ports } = await scientistOf(tenantId);
    const live = await ports.workbenches.live();
    const accountId = byTenant.get(tenantId);
    const isRight = live?.state === 'ready' && live.attempt === 1 && live.accountId === accountId;
    if (isRight && tenant.accountId === accountId) ready += 1;
    else console.log(`  wrong: ${tenantId} ${accountId} ${tenant.accountId} ${JSON.stringify(live)}`);
  }
  expect('workbenches ready at the first attempt', ready, requested.length);
  expect('dead jobs', await messages(queues.jobsDeadLetters), 0);
  expect('dead events', await messages(queues.eventsDeadLetters), 0);
}

function expect(what: string, count: number, right: number): void {
  console.log(`${what}: ${count}${count === right ? '' : ` WRONG, not ${right}`}`);
  if (count !== right) wrong += 1;
}
