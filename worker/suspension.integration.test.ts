import {
  CreateAppCommand,
  CreateUserProfileCommand,
  DescribeUserProfileCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { tenantClient } from '@/lib/aws/core/clients';
import { closeDatabase } from '@/lib/db/core/client';
import { controlContextForSystem, tenantContextForSystem } from '@/lib/deps';
import type { ControlContext } from '@/lib/domain/context';
import { getSuspension } from '@/lib/domain/tenants/verbs/get-suspension';
import { resumeTenant } from '@/lib/domain/tenants/verbs/resume-tenant';
import { suspendTenant } from '@/lib/domain/tenants/verbs/suspend-tenant';
import { createTestDatabase } from '@/local/testing/database';
import type { TestDatabase } from '@/local/testing/postgres';
import { type ProductAws, startProductAws } from '@/local/testing/product-aws';
import { vendStudio } from '@/local/testing/vended-studio';
import { WorkerProcess } from './testing/worker-process';

const accounts = { plain: '222222222222', killed: '333333333333', throttled: '444444444444' } as const;
type TenantId = keyof typeof accounts;
const people = ['ada', 'eve', 'joe'] as const;

let stack: ProductAws;
let postgres: TestDatabase;
let environment: Record<string, string>;
const workers: WorkerProcess[] = [];
const patience = { timeout: 60_000, interval: 50 };

beforeAll(async () => {
  [postgres, stack] = await Promise.all([createTestDatabase(), startProductAws({ stepMs: 100 })]);
  environment = { ...stack.environment, DATABASE_URL: postgres.portalUrl };
  process.env.DATABASE_URL = postgres.portalUrl;
  await postgres.as('admin', async (admin) => {
    for (const [id, account] of Object.entries(accounts)) {
      await admin.query('insert into tenant (id, name, account_id) values ($1, $1, $2)', [id, account]);
    }
  });
  await Promise.all(Object.keys(accounts).map((id) => furnish(id as TenantId)));
});
afterEach(async () => {
  await stack.clearFaults();
  await Promise.all(workers.splice(0).map((worker) => worker.end('SIGTERM')));
});
afterAll(async () => {
  await closeDatabase();
  await Promise.all([stack?.stop(), postgres?.stop()]);
});

async function start(): Promise<WorkerProcess> {
  const worker = await WorkerProcess.start(environment);
  workers.push(worker);
  return worker;
}

const sagemaker = (tenantId: TenantId) =>
  tenantClient(SageMakerClient, { kind: 'silo', tenantId, accountId: accounts[tenantId] });

/** An account with a domain in which three people have JupyterLab open. */
async function furnish(tenantId: TenantId): Promise<void> {
  const accountId = accounts[tenantId];
  const DomainId = await vendStudio(stack, { tenantId, accountId }, () => sagemaker(tenantId));
  for (const UserProfileName of people) {
    const key = { DomainId, UserProfileName };
    await sagemaker(tenantId).send(new CreateUserProfileCommand(key));
    await vi.waitFor(async () => {
      const { Status } = await sagemaker(tenantId).send(new DescribeUserProfileCommand(key));
      expect(Status).toBe('InService');
    }, patience);
    const app = { ...key, AppType: 'JupyterLab', AppName: 'default' } as const;
    await sagemaker(tenantId).send(new CreateAppCommand(app));
  }
}

function admin(): ControlContext {
  const ctx = controlContextForSystem('test');
  return { ...ctx, actor: { id: 'sub-admin', name: 'admin@xyz.example', roles: ['admin'] } };
}

async function runningApps(tenantId: TenantId): Promise<number> {
  const { ports } = await tenantContextForSystem(tenantId, 'test');
  return (await ports.running.apps()).items.length;
}

/** How many rows the tenant's audit has of that action with that result. */
async function rows(tenantId: TenantId, action: 'running.stop' | 'tenants.quiet', result = 'asked') {
  const { ports } = await tenantContextForSystem(tenantId, 'test');
  const { entries } = await ports.auditTrail.list({ action, limit: 100 });
  return entries.filter((entry) => entry.result === result).length;
}

async function isQuiet(tenantId: TenantId): Promise<void> {
  await vi.waitFor(async () => {
    expect(await runningApps(tenantId), workers.at(-1)?.said()).toBe(0);
    expect(await rows(tenantId, 'tenants.quiet', 'done')).toBe(1);
  }, patience);
}

describe('a suspension', () => {
  it('stops what runs, says so, and ends with Resume', async () => {
    await start();
    await suspendTenant(admin(), { tenantId: 'plain', reason: 'Unpaid' });
    await isQuiet('plain');
    expect(await getSuspension(admin(), { tenantId: 'plain' })).toMatchObject({
      by: 'admin@xyz.example',
      reason: 'Unpaid',
      apps: 3,
      extracts: 0,
      quiet: { endpoints: 0, usdPerHour: 0 },
    });
    await resumeTenant(admin(), { tenantId: 'plain' });
    const { tenant } = await tenantContextForSystem('plain', 'test');
    expect(tenant.state).toBe('active');
    expect(await rows('plain', 'running.stop')).toBe(3);
  });

  it('loses and doubles nothing when the worker is killed in the middle', async () => {
    await suspendTenant(admin(), { tenantId: 'killed', reason: 'Unpaid' });
    for (const least of [1, 2]) {
      const worker = await start();
      await vi.waitFor(async () => {
        expect(await rows('killed', 'running.stop')).toBeGreaterThanOrEqual(least);
      }, patience);
      await worker.end('SIGKILL');
    }
    await start();
    await isQuiet('killed');
    expect(await rows('killed', 'running.stop')).toBe(3);
  }, 120_000);

  it('goes on by itself once AWS no longer throttles', async () => {
    await stack.fault('request', 'sagemaker.DeleteApp', {
      message: 'ThrottlingException: Rate exceeded',
      times: 12,
    });
    await start();
    await suspendTenant(admin(), { tenantId: 'throttled', reason: 'Unpaid' });
    await isQuiet('throttled');
    expect(await rows('throttled', 'running.stop')).toBe(3);
  }, 120_000);

  it('that did not come about stops nothing', async () => {
    const asked = new Date(Date.now() - 120_000).toISOString();
    const before = await rows('plain', 'running.stop');
    const worker = await start();
    const { ports } = await tenantContextForSystem('plain', 'test');
    await ports.jobs.send({ kind: 'tenants.quiet', asked });
    await vi.waitFor(() => expect(worker.said()).toContain('not suspended'), patience);
    expect(await rows('plain', 'running.stop')).toBe(before);
  });
});
