import { ListRecordHistoryCommand, ServiceCatalogClient } from '@aws-sdk/client-service-catalog';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { portalClient } from '@/lib/aws/core/clients';
import { aws } from '@/lib/aws/core/errors';
import { closeDatabase } from '@/lib/db/core/client';
import { controlContextForSystem, tenantContextForSystem } from '@/lib/deps';
import type { Role } from '@/lib/domain/actor';
import type { ClosingStepName } from '@/lib/domain/closing/ports';
import { closeTenant } from '@/lib/domain/closing/verbs/close-tenant';
import { deleteNow } from '@/lib/domain/closing/verbs/delete-now';
import { getClosing } from '@/lib/domain/closing/verbs/get-closing';
import type { TenantContext } from '@/lib/domain/context';
import { invitePerson } from '@/lib/domain/people/verbs/invite-person';
import { resumeTenant } from '@/lib/domain/tenants/verbs/resume-tenant';
import { suspendTenant } from '@/lib/domain/tenants/verbs/suspend-tenant';
import type { WorkbenchRequest } from '@/lib/domain/workbench/ports';
import { launchStudio } from '@/lib/domain/workbench/verbs/launch-studio';
import { listVariants } from '@/lib/domain/workbench/verbs/list-variants';
import { requestWorkbench } from '@/lib/domain/workbench/verbs/request-workbench';
import { createTestDatabase } from '@/local/testing/database';
import type { TestDatabase } from '@/local/testing/postgres';
import { type ProductAws, startProductAws } from '@/local/testing/product-aws';
import { WorkerProcess } from './testing/worker-process';

let stack: ProductAws;
let postgres: TestDatabase;
let worker: WorkerProcess;

beforeAll(async () => {
  [postgres, stack] = await Promise.all([
    createTestDatabase(),
    startProductAws({ stepMs: 100, hasPool: true }),
  ]);
  process.env.DATABASE_URL = postgres.portalUrl;
  await postgres.as('admin', async (admin) => {
    for (const { id } of troubles) await admin.query('insert into tenant (id, name) values ($1, $1)', [id]);
  });
  worker = await WorkerProcess.start({ ...stack.environment, DATABASE_URL: postgres.portalUrl });
});
afterEach(() => stack.clearFaults());
afterAll(async () => {
  await worker?.end('SIGTERM');
  await closeDatabase();
  await Promise.all([stack?.stop(), postgres?.stop()]);
});

const patience = { timeout: 90_000, interval: 100 };

async function as(role: Role, tenantId: string): Promise<TenantContext> {
  const ctx = await tenantContextForSystem(tenantId, 'test');
  return { ...ctx, actor: { id: `sub-${role}`, name: `${role}@foo.example`, roles: [role] } };
}

const admin = () => ({
  ...controlContextForSystem('test'),
  actor: { id: 'sub-admin', name: 'admin@xyz.example', roles: ['admin' as const] },
});

/**
 * What `run` gives, tried again while that is what a person is told to do: after throttling, and once after a clock was mended, since a
 * client of the SDK adjusts to a clock that is off.
 */
async function patiently<T>(run: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await run();
    } catch (error) {
      const said = error instanceof Error ? error.message : '';
      if (tries > 10 || !/Try again in a minute/.test(said)) throw error;
    }
  }
}

async function request(tenantId: string): Promise<void> {
  const ctx = await as('scientist', tenantId);
  await patiently(async () => {
    const [variant] = await listVariants(ctx, undefined);
    await requestWorkbench(ctx, { variantId: variant?.id ?? '' });
  });
}

async function live(tenantId: string): Promise<WorkbenchRequest> {
  const { ports } = await as('scientist', tenantId);
  const found = await patiently(() => ports.workbenches.live());
  if (!found) throw new Error('there is no live request');
  return found;
}

const untilReady = (tenantId: string) =>
  vi.waitFor(
    async () => expect(await live(tenantId)).toMatchObject({ state: 'ready', attempt: 1 }),
    patience,
  );

/** How many orders of that kind Service Catalog ever had for the tenant's account. */
async function recordsOf(
  tenantId: string,
  kind: 'PROVISION_PRODUCT' | 'TERMINATE_PROVISIONED_PRODUCT',
): Promise<number> {
  const { RecordDetails = [] } = await patiently(() =>
    aws('counting', () =>
      portalClient(ServiceCatalogClient).send(new ListRecordHistoryCommand({ PageSize: 100 })),
    ),
  );
  return RecordDetails.filter(
    ({ ProvisionedProductName, RecordType }) =>
      RecordType === kind && ProvisionedProductName === `annex-${tenantId}-workbench`,
  ).length;
}

/** What the audit has of actions that begin with `prefix`. */
async function recorded(tenantId: string, prefix: string): Promise<readonly string[]> {
  const { ports } = await as('owner', tenantId);
  const { entries } = await ports.auditTrail.list({ limit: 100 });
  return entries
    .map(({ action, result }) => `${action} ${result}`)
    .filter((text) => text.startsWith(prefix))
    .toSorted();
}

const throttle = (...subjects: string[]) =>
  Promise.all(
    subjects.map((subject) =>
      stack.fault('request', subject, { rate: 0.4, message: 'ThrottlingException: Rate exceeded' }),
    ),
  );

interface Trouble {
  readonly id: string;
  readonly make: () => Promise<unknown>;
  /** Where the set-up stands while it lasts; absent: it comes to its end all the same. */
  readonly setUp?: RegExp;
  /** What a person who launches Studio is told while it lasts; absent: Studio opens. */
  readonly launch?: RegExp;
  /** The step at which closing stands while it lasts; absent: the tenant is closed all the same. */
  readonly close?: ClosingStepName;
}

const denied = /AWS denied access while assuming the organisation’s AWS role\..*administrator/;

const troubles: readonly Trouble[] = [
  {
    id: 'throttled',
    make: () =>
      throttle(
        'servicecatalog.ProvisionProduct',
        'servicecatalog.DescribeProvisionedProduct',
        'servicecatalog.DescribeRecord',
        'servicecatalog.TerminateProvisionedProduct',
        'cloudformation.DescribeStackInstance',
        'cloudformation.DeleteStackInstances',
        'organizations.CloseAccount',
        'sts.AssumeRole',
        'sagemaker.ListDomains',
        'sagemaker.DescribeUserProfile',
        'sagemaker.CreatePresignedDomainUrl',
        'sagemaker.DeleteUserProfile',
        'dynamodb.GetItem',
        'sqs.ReceiveMessage',
        'sqs.SendMessage',
      ),
  },
  {
    id: 'trust',
    make: () => stack.fault('role.trust', 'trust'),
    setUp: /^done,running,pending$/,
    launch: denied,
  },
  {
    id: 'external',
    make: () => stack.fault('role.external-id', 'external', { message: 'annex-somebody-else' }),
    setUp: /^done,running,pending$/,
    launch: denied,
  },
  { id: 'stuck', make: () => stack.fault('domain.stuck', 'stuck'), setUp: /^done,done,running$/ },
  { id: 'ahead', make: () => stack.fault('clock', '*', { message: '1800' }) },
  { id: 'behind', make: () => stack.fault('clock', '*', { message: '-1800' }) },
  { id: 'again', make: () => stack.fault('queue.redeliver', 'annex-jobs', { times: 6 }) },
  { id: 'no-pool', make: () => stack.fault('cognito.down', '*', { times: 1_000_000 }), close: 'people' },
  {
    id: 'late-bill',
    make: () => stack.fault('cost-explorer.late', '*', { message: '72', times: 1_000_000 }),
  },
];

/** Waits until `look` shows `stands`, and that it still does after a while. */
async function untilItStands(look: () => Promise<string>, stands: RegExp): Promise<void> {
  await vi.waitFor(async () => expect(await look()).toMatch(stands), patience);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(await look()).toMatch(stands);
}

describe.each(troubles)('with trouble: $id', ({ id, make, setUp, launch, close }) => {
  const launched = async () => patiently(async () => launchStudio(await as('scientist', id), undefined));

  it('a workbench comes to one account without hands', async () => {
    const owner = { email: `owner@${id}.example`, role: 'owner' } as const;
    await invitePerson(await as('owner', id), owner);
    await make();
    await request(id);
    if (setUp) {
      await untilItStands(async () => (await live(id)).steps.map(({ state }) => state).join(), setUp);
      await stack.clearFaults();
    }
    await untilReady(id);
    await stack.clearFaults();
    expect(await recordsOf(id, 'PROVISION_PRODUCT')).toBe(1);
    await vi.waitFor(
      async () =>
        expect(await recorded(id, 'workbench.')).toEqual([
          'workbench.advance done',
          'workbench.request asked',
        ]),
      patience,
    );
  }, 120_000);

  it('Studio opens, or says why not, and opens once it is over', async () => {
    await make();
    if (launch) {
      await expect(launched()).rejects.toMatchObject({
        code: 'dependency_denied',
        message: expect.stringMatching(launch),
      });
    } else for (let n = 0; n < 3; n += 1) expect((await launched()).url).toContain('http');
    await stack.clearFaults();
    expect((await launched()).url).toContain('http');
  }, 120_000);

  it('a suspension holds at once, and ends at once', async () => {
    await make();
    await suspendTenant(admin(), { tenantId: id, reason: 'a test' });
    await expect(launched()).rejects.toMatchObject({ code: 'forbidden' });
    await resumeTenant(admin(), { tenantId: id });
    await stack.clearFaults();
    expect((await launched()).url).toContain('http');
  }, 120_000);

  it('the tenant is closed once, with everything', async () => {
    await make();
    const given = { tenantId: id, confirmation: id };
    await patiently(() => closeTenant(admin(), { ...given, reason: 'a test' }));
    await vi.waitFor(() => patiently(() => deleteNow(admin(), given)), patience);
    const closing = async () => (await getClosing(admin(), { tenantId: id })).closing;
    const step = async () => (await closing())?.steps.find(({ state }) => state === 'running')?.name ?? '';
    if (close) {
      await untilItStands(step, new RegExp(`^${close}$`));
      await stack.clearFaults();
    }
    await vi.waitFor(
      async () =>
        expect(await closing(), worker.said().slice(-2000)).toMatchObject({ state: 'done', attempt: 1 }),
      patience,
    );
    await stack.clearFaults();
    // Where AWS refuses the role, a session from before may still empty the account, which is closed all the same.
    if (!launch) expect((await closing())?.left).toEqual([]);
    expect(await recordsOf(id, 'TERMINATE_PROVISIONED_PRODUCT')).toBe(1);
    // Whoever reads the closed tenant's audit is an administrator.
    const { rows } = await postgres.as('admin', (client) =>
      client.query(
        `select result from audit_event where tenant_id = $1 and action = 'tenants.close' order by 1`,
        [id],
      ),
    );
    expect(rows.map(({ result }) => result)).toEqual(['asked', 'asked', 'done']);
  }, 120_000);
});
