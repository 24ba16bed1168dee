import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestDatabase } from '@/local/testing/database';
import type { TestDatabase } from '@/local/testing/postgres';
import { type ProductAws, startProductAws } from '@/local/testing/product-aws';
import { withTenant } from './db/core/tenant-scope';
import { closeReplica, openReplica } from './db/extracts/replica';
import { controlContextForSystem, tenantContextForSystem } from './deps';
import type { Role } from './domain/actor';
import type { ControlContext, TenantContext } from './domain/context';
import type { DoctorRun, LinkName } from './domain/doctor/ports';
import { diagnoseTenant } from './domain/doctor/verbs/diagnose-tenant';
import { getDiagnosis } from './domain/doctor/verbs/get-diagnosis';
import { getDoctor } from './domain/doctor/verbs/get-doctor';
import { listHealth } from './domain/doctor/verbs/list-health';
import { runDoctor } from './domain/doctor/verbs/run-doctor';
import type { WorkbenchRequest } from './domain/workbench/ports';
import { advanceWorkbench } from './domain/workbench/verbs/advance-workbench';
import { listVariants } from './domain/workbench/verbs/list-variants';
import { requestWorkbench } from './domain/workbench/verbs/request-workbench';

let aws: ProductAws;
let postgres: TestDatabase;
let accountId: string;

const endpoint = 'churn';

beforeAll(async () => {
  [aws, postgres] = await Promise.all([
    startProductAws({ stepMs: 20 }),
    startTestDatabase(['foo', 'bar', 'new', 'slow', 'base', 'shut']),
  ]);
  await openReplica(postgres.portalUrl);
  accountId = (await ended('foo')).accountId ?? '';
  await aws.hostModel(accountId, endpoint);
  await withTenant('foo', async (tx) => {
    const common = { tenantId: 'foo', version: 1, endpointName: endpoint, contentType: 'text/csv' };
    const by = { registeredBy: 'sub', registeredAt: new Date() };
    await tx.modelVersion.create({ data: { ...common, ...by, testedAt: new Date(), report: report() } });
    await tx.modelActivation.create({
      data: { tenantId: 'foo', version: 1, number: 1, activatedBy: 'sub', activatedAt: new Date() },
    });
  });
}, 120_000);
afterAll(async () => {
  await closeReplica();
  await postgres?.stop();
  await aws?.stop();
});
afterEach(() => aws.clearFaults());

const report = () => ({
  endpointName: endpoint,
  testedAt: new Date().toISOString(),
  deployment: null,
  passed: true,
  contentTypes: ['text/csv'],
  checks: [],
  latencyMs: { rows1: 1, rows100: 1 },
});

async function inTenant(role: Role, tenantId: string): Promise<TenantContext> {
  const context = await tenantContextForSystem(tenantId, 'test');
  return { ...context, actor: { id: `sub-${role}`, name: `${role}@${tenantId}.example`, roles: [role] } };
}

function across(role: Role): ControlContext {
  return {
    ...controlContextForSystem('test'),
    actor: { id: `sub-${role}`, name: `${role}@xyz.example`, roles: [role] },
  };
}

async function asked(tenantId: string): Promise<void> {
  const ctx = await inTenant('scientist', tenantId);
  const [variant] = await listVariants(ctx, undefined);
  await requestWorkbench(ctx, { variantId: variant?.id ?? '' });
}

async function ended(tenantId: string): Promise<WorkbenchRequest> {
  await asked(tenantId);
  return vi.waitFor(
    async () => {
      const request = await advanceWorkbench(await tenantContextForSystem(tenantId, 'test'), {});
      if (!request || request.state === 'provisioning') throw new Error('still on its way');
      return request;
    },
    { timeout: 60_000, interval: 50 },
  );
}

const diagnosed = (tenantId: string, link?: LinkName) => diagnoseTenant(across('admin'), { tenantId, link });
const failed = ({ links }: DoctorRun) =>
  links.filter(({ state }) => state === 'failed').map(({ name }) => name);
const linkOf = ({ links }: DoctorRun, name: LinkName) => {
  const found = links.find((link) => link.name === name);
  if (!found) throw new Error(`no link ${name}`);
  return found;
};

it('finds every link of a healthy workbench ok, and says what it called', async () => {
  const run = await diagnosed('foo');
  expect(
    run.links.map(({ name, state, found }) => `${name} ${state} ${state === 'ok' ? '' : found}`.trim()),
  ).toEqual([
    'portal-role ok',
    'trust ok',
    'external-id ok',
    'session-tag ok',
    'stack-instance ok',
    'domain ok',
    'execution-role ok',
    'bucket ok',
    'extract-job ok',
    'endpoint ok',
    'metrics ok',
    'quotas ok',
  ]);
  expect(run.links.every(({ calls }) => calls.length > 0)).toBe(true);
  expect(JSON.stringify(run)).not.toMatch(/SecretAccessKey|X-Amz-Signature|ASIA[A-Z0-9]{16}/);
});

interface Broken {
  readonly link: LinkName;
  readonly fault: string;
  readonly make: () => Promise<unknown>;
  readonly says: RegExp;
}

const lasting = { times: null } as const;
const broken: readonly Broken[] = [
  {
    link: 'portal-role',
    fault: 'a clock that is off',
    make: () =>
      aws.fault('request', 'sts.GetCallerIdentity', {
        ...lasting,
        message: 'SignatureDoesNotMatch: Signature expired',
      }),
    says: /clock/,
  },
  {
    link: 'trust',
    fault: 'a trust that does not name the portal',
    make: () => aws.fault('role.trust', 'foo'),
    says: /sts:AssumeRole/,
  },
  { link: 'trust', fault: 'a deleted role', make: () => aws.fault('role.missing', 'foo'), says: /StackSets/ },
  {
    link: 'external-id',
    fault: 'another external id',
    make: () => aws.fault('role.external-id', 'foo', { message: 'annex-somebody-else' }),
    says: /annex-foo/,
  },
  {
    link: 'session-tag',
    fault: 'a trust that allows no tags',
    make: () => aws.fault('role.tag-session', 'foo'),
    says: /sts:TagSession/,
  },
  {
    link: 'stack-instance',
    fault: 'a deleted instance',
    make: () => aws.fault('stack.missing', 'foo'),
    says: /stack instance/,
  },
  {
    link: 'stack-instance',
    fault: 'a failed update',
    make: () => aws.fault('stack.failed', 'foo', { message: 'No more roles.' }),
    says: /No more roles/,
  },
  { link: 'stack-instance', fault: 'drift', make: () => aws.fault('stack.drifted', 'foo'), says: /drift/ },
  {
    link: 'domain',
    fault: 'a deleted domain',
    make: () => aws.fault('domain.missing', 'foo'),
    says: /deleted/,
  },
  {
    link: 'domain',
    fault: 'a failed domain',
    make: () => aws.fault('domain.status', 'foo', { message: 'Failed: No capacity.' }),
    says: /No capacity/,
  },
  {
    link: 'domain',
    fault: 'a domain that stays Pending',
    make: () => aws.fault('domain.status', 'foo', { message: 'Pending' }),
    says: /Pending/,
  },
  {
    link: 'execution-role',
    fault: 'an execution role that is not there',
    make: () => aws.fault('domain.role', 'foo', { message: 'gone' }),
    says: /annex-tenant/,
  },
  {
    link: 'execution-role',
    fault: 'a role that shuts SageMaker out',
    make: () => aws.fault('role.sagemaker', 'foo'),
    says: /sagemaker\.amazonaws\.com/,
  },
  {
    link: 'bucket',
    fault: 'a deleted bucket',
    make: () => aws.fault('bucket.missing', `annex-foo-${accountId}`),
    says: /deleted/,
  },
  {
    link: 'bucket',
    fault: 'a denied bucket',
    make: () => aws.fault('denied', 's3:ListBucket', { tenant: 'foo' }),
    says: /s3:ListBucket/,
  },
  {
    link: 'bucket',
    fault: 'a key of another account',
    make: () =>
      aws.fault('bucket.key', `annex-foo-${accountId}`, {
        message: 'arn:aws:kms:us-east-1:999988887777:key/k',
      }),
    says: /999988887777/,
  },
  {
    link: 'extract-job',
    fault: 'a deleted job',
    make: () => aws.fault('job.missing', 'annex-extract'),
    says: /infra\/glue/,
  },
  {
    link: 'extract-job',
    fault: 'a replica that is away',
    make: () => openReplica('postgres://nobody:x@localhost:1/none'),
    says: /DATABASE_REPLICA_URL/,
  },
  {
    link: 'endpoint',
    fault: 'a deleted endpoint',
    make: () =>
      aws.fault('request', 'sagemaker.DescribeEndpoint', {
        ...lasting,
        tenant: 'foo',
        message: 'ValidationException: Could not find endpoint "churn".',
      }),
    says: /deleted/,
  },
  {
    link: 'endpoint',
    fault: 'a failed endpoint',
    make: () => aws.fault('endpoint.status', endpoint, { message: 'Failed: It does not answer.' }),
    says: /has failed/,
  },
  {
    link: 'metrics',
    fault: 'denied metrics',
    make: () => aws.fault('denied', 'cloudwatch:GetMetricData', { tenant: 'foo' }),
    says: /cloudwatch:GetMetricData/,
  },
  {
    link: 'metrics',
    fault: 'throttled metrics',
    make: () =>
      aws.fault('request', 'monitoring.GetMetricData', {
        ...lasting,
        tenant: 'foo',
        message: 'ThrottlingException: Rate exceeded',
      }),
    says: /again in a minute/,
  },
  {
    link: 'quotas',
    fault: 'a quota that is used up',
    make: () => aws.fault('quota.value', 'foo', { message: '1' }),
    says: /Service Quotas/,
  },
];

describe('with one thing broken', () => {
  it.each(broken)(
    'names $link and no other for $fault, and none when it is mended',
    async ({ link, make, says }) => {
      await make();
      const run = await diagnosed('foo');
      expect(failed(run)).toEqual([link]);
      const { found, fix, answer } = linkOf(run, link);
      expect(`${found} ${JSON.stringify(answer)} ${fix?.words} ${fix?.console} ${fix?.policy}`).toMatch(says);
      await aws.clearFaults();
      await openReplica(postgres.portalUrl);
      expect(failed(await diagnosed('foo'))).toEqual([]);
    },
  );

  it('does not look at what hangs on a link that fails', async () => {
    await aws.fault('role.trust', 'foo');
    const run = await diagnosed('foo');
    expect(linkOf(run, 'endpoint')).toMatchObject({ state: 'not-reached', because: 'trust', calls: [] });
    expect(linkOf(run, 'stack-instance').state).toBe('ok');
    expect(linkOf(run, 'extract-job').state).toBe('ok');
  });

  it('sees a trust that was broken after Annex had its session', async () => {
    const ctx = await inTenant('scientist', 'foo');
    expect(await ctx.ports.endpoints.describe(endpoint)).not.toBeNull();
    await aws.fault('role.trust', 'foo');
    expect(failed(await diagnosed('foo', 'trust'))).toEqual(['trust']);
  });

  it('looks at one link again with those that it hangs on, and keeps the others', async () => {
    await aws.fault('quota.value', 'foo', { message: '0' });
    const before = await diagnosed('foo');
    await aws.clearFaults();
    const again = await diagnosed('foo', 'quotas');
    expect(again.links.map(({ name }) => name)).toEqual([
      'portal-role',
      'trust',
      'external-id',
      'session-tag',
      'quotas',
    ]);
    const last = await getDiagnosis(across('admin'), { tenantId: 'foo' });
    expect(last?.links).toHaveLength(12);
    expect(failed(last as DoctorRun)).toEqual([]);
    expect(linkOf(last as DoctorRun, 'metrics').at).toEqual(linkOf(before, 'metrics').at);
  });
});

describe('a tenant without a whole workbench', () => {
  it('has links that are not reached, and nothing that fails', async () => {
    const run = await diagnosed('new');
    expect(failed(run)).toEqual([]);
    expect(run.links.filter(({ state }) => state === 'ok').map(({ name }) => name)).toEqual([
      'portal-role',
      'extract-job',
    ]);
    expect(linkOf(run, 'domain')).toMatchObject({ found: 'No workbench yet.', because: null });
  });

  it('waits while it is set up, and names the step that stands for long', async () => {
    await aws.fault('domain.stuck', 'slow');
    await asked('slow');
    await vi.waitFor(
      async () => {
        const request = await advanceWorkbench(await tenantContextForSystem('slow', 'test'), {});
        if (request?.steps[1]?.state !== 'done') throw new Error('the baseline is on its way');
      },
      { timeout: 30_000, interval: 50 },
    );
    await vi.waitFor(async () => expect(failed(await diagnosed('slow'))).toEqual(['domain']), {
      timeout: 30_000,
      interval: 200,
    });
    await aws.clearFaults();
    await vi.waitFor(
      async () => {
        const request = await advanceWorkbench(await tenantContextForSystem('slow', 'test'), {});
        expect(request?.state).toBe('ready');
      },
      { timeout: 30_000, interval: 50 },
    );
    expect(failed(await diagnosed('slow'))).toEqual([]);
  });

  it('has the baseline named where that failed, and not what it would have made', async () => {
    await aws.fault('baseline.fail', 'base', { message: 'BucketAlreadyExists' });
    expect((await ended('base')).state).toBe('failed');
    const run = await diagnosed('base');
    expect(failed(run)).toEqual(['stack-instance']);
    expect(linkOf(run, 'trust')).toMatchObject({ state: 'not-reached', because: 'stack-instance' });
    expect(linkOf(run, 'stack-instance').found).toContain('BucketAlreadyExists');
  });
});

describe('who sees what', () => {
  it('shows a tenant’s people what is theirs to mend, and of the rest whether it works', async () => {
    await aws.fault('role.trust', 'foo');
    const run = await runDoctor(await inTenant('scientist', 'foo'), {});
    expect(linkOf(run, 'trust')).toMatchObject({ state: 'failed', calls: [], answer: null, fix: null });
    expect(JSON.stringify(run)).not.toContain('annex-portal');
    await aws.clearFaults();
    await aws.fault('quota.value', 'foo', { message: '0' });
    const own = await runDoctor(await inTenant('owner', 'foo'), {});
    expect(linkOf(own, 'quotas').fix?.words).toContain('request a higher quota');
    expect(await getDoctor(await inTenant('scientist', 'foo'), undefined)).toEqual(own);
  });

  it('shows administrators no name that the tenant chose, and nothing that its model says', async () => {
    await aws.fault('endpoint.status', endpoint, { message: 'Failed: customer 4711 is too much for me.' });
    const run = await diagnosed('foo');
    expect(linkOf(run, 'endpoint').state).toBe('failed');
    expect(JSON.stringify(run)).not.toMatch(/4711|endpoint\/churn|→ churn/);
    const last = await getDoctor(await inTenant('owner', 'foo'), undefined);
    expect(linkOf(last as DoctorRun, 'endpoint').found).toContain('4711');
  });

  it('refuses members, sellers and administrators of nothing, and knows no other tenant', async () => {
    await expect(runDoctor(await inTenant('member', 'foo'), {})).rejects.toMatchObject({ code: 'forbidden' });
    for (const role of ['scientist', 'owner', 'member', 'seller'] as const)
      await expect(diagnoseTenant(across(role), { tenantId: 'foo' })).rejects.toMatchObject({
        code: 'forbidden',
      });
    await expect(diagnosed('nobody')).rejects.toMatchObject({ code: 'not_found' });
    expect(await getDoctor(await inTenant('scientist', 'bar'), undefined)).toBeNull();
  });

  it('tells the health of many tenants at once, and audits each run', async () => {
    await aws.fault('role.trust', 'foo');
    await diagnosed('foo');
    const health = await listHealth(across('admin'), { tenantIds: ['foo', 'bar', 'slow'] });
    expect(health.toSorted((a, b) => (a.tenantId < b.tenantId ? -1 : 1))).toEqual([
      { tenantId: 'foo', failing: 'trust', at: expect.any(Date) },
      { tenantId: 'slow', failing: null, at: expect.any(Date) },
    ]);
    const { entries } = await (await inTenant('owner', 'foo')).ports.auditTrail.list({ limit: 1 });
    expect(entries).toMatchObject([
      { action: 'tenants.diagnose', result: 'failed', detail: { link: 'all', failing: 'trust' } },
    ]);
  });

  it('runs once at a time for a tenant', async () => {
    const owner = await inTenant('owner', 'shut');
    const doctor = across('admin').ports.doctors.of('shut');
    const begun = await Promise.allSettled(Array.from({ length: 5 }, () => doctor.begin(owner.actor)));
    expect(begun.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(runDoctor(owner, {})).rejects.toMatchObject({ code: 'conflict' });
    await expect(diagnosed('shut')).rejects.toMatchObject({ code: 'conflict' });
    await doctor.release();
    expect(failed(await diagnosed('shut'))).toEqual([]);
  });
});
