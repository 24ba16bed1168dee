import { ListRecordHistoryCommand, ServiceCatalogClient } from '@aws-sdk/client-service-catalog';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { portalClient } from '@/lib/aws/core/clients';
import { aws } from '@/lib/aws/core/errors';
import { closeDatabase } from '@/lib/db/core/client';
import { controlContextForSystem, tenantContextForSystem } from '@/lib/deps';
import type { Role } from '@/lib/domain/actor';
import type { TenantContext } from '@/lib/domain/context';
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

const ids = ['throttled', 'trust', 'external', 'stuck', 'skewed', 'again', 'launched', 'untrusted'];

beforeAll(async () => {
  [postgres, stack] = await Promise.all([createTestDatabase(), startProductAws({ stepMs: 100 })]);
  process.env.DATABASE_URL = postgres.portalUrl;
  await postgres.as('admin', async (admin) => {
    for (const id of ids) await admin.query('insert into tenant (id, name) values ($1, $1)', [id]);
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
 * What `run` gives. A client of the SDK adjusts to a clock that is off, but not to one that was mended: its next call fails once, and the
 * person is asked to try again.
 */
async function patiently<T>(run: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await run();
    } catch (error) {
      const said = error instanceof Error ? error.message : '';
      if (tries > 10 || !/its clock and that of Annex differ.*Try again in a minute/.test(said)) throw error;
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

/** How many accounts were ever requested for the tenant. */
async function vended(tenantId: string): Promise<number> {
  const { RecordDetails = [] } = await patiently(() =>
    aws('counting', () =>
      portalClient(ServiceCatalogClient).send(new ListRecordHistoryCommand({ PageSize: 100 })),
    ),
  );
  return RecordDetails.filter(
    ({ ProvisionedProductName, RecordType }) =>
      RecordType === 'PROVISION_PRODUCT' && ProvisionedProductName === `annex-${tenantId}-workbench`,
  ).length;
}

/** What the audit has of the workbench's set-up. */
async function recorded(tenantId: string): Promise<readonly string[]> {
  const { ports } = await as('owner', tenantId);
  const { entries } = await ports.auditTrail.list({ limit: 100 });
  return entries
    .map(({ action, result }) => `${action} ${result}`)
    .filter((text) => text.startsWith('workbench.'))
    .toSorted();
}

const throttle = (...subjects: string[]) =>
  Promise.all(
    subjects.map((subject) =>
      stack.fault('request', subject, { rate: 0.4, message: 'ThrottlingException: Rate exceeded' }),
    ),
  );

interface Trouble {
  readonly tenantId: string;
  readonly make: () => Promise<unknown>;
  /** Where the set-up stands meanwhile; null: it comes to its end all the same. */
  readonly stands: RegExp | null;
}

const troubles: readonly Trouble[] = [
  {
    tenantId: 'throttled',
    make: () =>
      throttle(
        'servicecatalog.ProvisionProduct',
        'servicecatalog.DescribeProvisionedProduct',
        'servicecatalog.DescribeRecord',
        'cloudformation.DescribeStackInstance',
        'sts.AssumeRole',
        'sagemaker.ListDomains',
        'dynamodb.GetItem',
        'sqs.ReceiveMessage',
        'sqs.SendMessage',
      ),
    stands: null,
  },
  { tenantId: 'trust', make: () => stack.fault('role.trust', 'trust'), stands: /^done,running,pending$/ },
  {
    tenantId: 'external',
    make: () => stack.fault('role.external-id', 'external', { message: 'annex-somebody-else' }),
    stands: /^done,running,pending$/,
  },
  { tenantId: 'stuck', make: () => stack.fault('domain.stuck', 'stuck'), stands: /^done,done,running$/ },
  { tenantId: 'skewed', make: () => stack.fault('clock', '*', { message: '1800' }), stands: null },
  {
    tenantId: 'again',
    make: () => stack.fault('queue.redeliver', 'annex-jobs', { times: 6 }),
    stands: null,
  },
];

describe('setting up a workbench', () => {
  it.each(troubles)(
    'comes to one account without hands, with trouble: $tenantId',
    async ({ tenantId, make, stands }) => {
      await make();
      await request(tenantId);
      if (stands) {
        const steps = async () => (await live(tenantId)).steps.map(({ state }) => state).join();
        await vi.waitFor(async () => expect(await steps()).toMatch(stands), patience);
        await new Promise((resolve) => setTimeout(resolve, 1500));
        expect(await steps()).toMatch(stands);
        await stack.clearFaults();
      }
      await untilReady(tenantId);
      await stack.clearFaults();
      expect(await vended(tenantId)).toBe(1);
      await vi.waitFor(
        async () =>
          expect(await recorded(tenantId)).toEqual(['workbench.advance done', 'workbench.request asked']),
        patience,
      );
    },
    120_000,
  );
});

describe('launching Studio, and suspending', () => {
  it('says that AWS denies the role, and works once the trust is mended', async () => {
    await request('untrusted');
    await untilReady('untrusted');
    await stack.fault('role.trust', 'untrusted');
    const launch = async () =>
      patiently(async () => launchStudio(await as('scientist', 'untrusted'), undefined));
    await expect(launch()).rejects.toMatchObject({
      code: 'dependency_denied',
      message: expect.stringMatching(
        /AWS denied access while assuming the organisation’s AWS role\..*administrator/,
      ),
    });
    await stack.clearFaults();
    expect((await launch()).url).toContain('http');
  }, 120_000);

  it.each([
    [
      'throttling',
      () => throttle('sagemaker.DescribeUserProfile', 'sagemaker.CreatePresignedDomainUrl', 'sts.AssumeRole'),
    ],
    ['a clock that is off', () => stack.fault('clock', '*', { message: '-1800' })],
  ])(
    'launches and suspends at once in spite of %s',
    async (_, make) => {
      await request('launched');
      await untilReady('launched');
      await make();
      const launch = async () =>
        patiently(async () => launchStudio(await as('scientist', 'launched'), undefined));
      for (let n = 0; n < 3; n += 1) expect((await launch()).url).toContain('http');
      await suspendTenant(admin(), { tenantId: 'launched', reason: 'a test' });
      await expect(launch()).rejects.toMatchObject({ code: 'forbidden' });
      await resumeTenant(admin(), { tenantId: 'launched' });
      expect((await launch()).url).toContain('http');
    },
    120_000,
  );
});
