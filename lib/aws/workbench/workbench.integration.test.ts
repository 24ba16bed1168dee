import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { DescribeProvisionedProductCommand, ServiceCatalogClient } from '@aws-sdk/client-service-catalog';
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { WorkbenchRequest } from '@/lib/domain/workbench/ports';
import { failed, newRequest, retried } from '@/lib/domain/workbench/steps';
import { advanceWorkbench } from '@/lib/domain/workbench/verbs/advance-workbench';
import { launchStudio } from '@/lib/domain/workbench/verbs/launch-studio';
import { listVariants } from '@/lib/domain/workbench/verbs/list-variants';
import { requestWorkbench } from '@/lib/domain/workbench/verbs/request-workbench';
import { retryStep } from '@/lib/domain/workbench/verbs/retry-step';
import { type ProductAws, startProductAws } from '@/local/testing/product-aws';
import { studioFetch } from '@/local/testing/studio-fetch';
import { WiredWorld } from '@/local/testing/wired-world';
import { tenantClient } from '../core/clients';
import { aws } from '../core/errors';
import { tenantBucket } from '../core/tenant-bucket';
import { openWorkbenchIndex, workbenchStandings } from './open-workbench-index';
import { studio } from './studio';
import { workbenchCatalog } from './workbench-catalog';
import { workbenchProvisioner } from './workbench-provisioner';
import { workbenchStore } from './workbench-store';

let stack: ProductAws;
const world = new WiredWorld('foo', 'bar', 'acct', 'base', 'dom', 'gone');

beforeAll(async () => {
  stack = await startProductAws();
});
afterAll(() => stack.stop());

const patience = { timeout: 60_000, interval: 30 };

/** Asks for the tenant's workbench and looks at it until it has come to its end. */
async function ended(tenantId: string): Promise<WorkbenchRequest> {
  return vi.waitFor(async () => {
    const request = await advanceWorkbench(world.as('system', tenantId), {});
    if (!request || request.state === 'provisioning')
      throw new Error(`still ${JSON.stringify(request?.steps)}`);
    return request;
  }, patience);
}

async function request(tenantId: string): Promise<WorkbenchRequest> {
  const ctx = world.as('scientist', tenantId);
  const [variant] = await listVariants(ctx, undefined);
  return requestWorkbench(ctx, { variantId: variant?.id ?? '' });
}

const draft = (requestId: string) =>
  newRequest(
    {
      requestId,
      variant: { id: 'prod-1', artifactId: 'pa-1', name: 'One' },
      parameters: { Size: 'small' },
      requestedBy: { id: 'sub-1', name: 'ada' },
    },
    new Date('2026-03-01T10:00:00.123Z'),
  );
const documents = (tenantId: string) =>
  DynamoDBDocumentClient.from(tenantClient(DynamoDBClient, { kind: 'pooled', tenantId }));
const table = () => stack.environment.ANNEX_WORKBENCH_TABLE;

describe('workbenchStore', () => {
  it('makes one live request of many at the same time', async () => {
    const store = workbenchStore('store-1');
    expect(await store.live()).toBeNull();
    const all = await Promise.all(
      Array.from({ length: 8 }, (_, i) => workbenchStore('store-1').createLive(draft(`r${i}`))),
    );
    expect(new Set(all.map(({ requestId }) => requestId)).size).toBe(1);
    expect(await store.live()).toEqual(all[0]);
    const items = await documents('store-1').send(
      new QueryCommand({
        TableName: table(),
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': 'TENANT#store-1' },
      }),
    );
    expect(items.Items).toHaveLength(2);
  });

  it('heals itself when a crash came between the pointer and the request', async () => {
    const store = workbenchStore('store-2');
    const written = await store.createLive(draft('r1'));
    await documents('store-2').send(
      new DeleteCommand({ TableName: table(), Key: { pk: 'TENANT#store-2', sk: 'WORKBENCH#r1' } }),
    );
    expect(await store.get('r1')).toEqual(written);
    expect(await store.createLive(draft('r2'))).toEqual(written);
    expect((await store.update(written)).revision).toBe(2);
  });

  it('gives back what was written, and takes a write on the newest revision only', async () => {
    const store = workbenchStore('store-3');
    const first = await store.createLive(draft('r1'));
    expect(first).toEqual(draft('r1'));
    const second = await store.update({ ...first, state: 'failed', updatedAt: new Date(5) });
    expect(second).toMatchObject({ revision: 2, state: 'failed' });
    await expect(store.update(first)).rejects.toMatchObject({ code: 'conflict' });
    await expect(store.update({ ...first, requestId: 'r9' })).rejects.toMatchObject({ code: 'conflict' });
    expect(await store.live()).toEqual(second);
    expect(await store.get('r9')).toBeNull();
  });

  it('shows the reconciler what is open, the longest untouched first, by pages', async () => {
    const index = openWorkbenchIndex();
    const openIds = async () => {
      const found: string[] = [];
      let after: string | undefined;
      do {
        const page = await index.open({ after, limit: 1 });
        found.push(...page.requests.map(({ tenantId, requestId }) => `${tenantId}/${requestId}`));
        after = page.next ?? undefined;
      } while (after !== undefined);
      return found;
    };
    const late = await workbenchStore('store-4').createLive({
      ...draft('late'),
      updatedAt: new Date('2026-04-01'),
    });
    await workbenchStore('store-5').createLive({ ...draft('early'), updatedAt: new Date('2026-02-01') });
    const open = await openIds();
    expect(open.indexOf('store-5/early')).toBeLessThan(open.indexOf('store-4/late'));
    expect(open).toContain('store-4/late');
    await workbenchStore('store-4').update({ ...late, state: 'ready' });
    expect(await openIds()).not.toContain('store-4/late');
    await expect(index.open({ after: 'nonsense', limit: 1 })).rejects.toMatchObject({ code: 'invalid' });
  });

  it('shows the control plane how workbenches stand, by state, and nothing that people chose', async () => {
    const tenants = async (which: Parameters<ReturnType<typeof workbenchStandings>['list']>[0]) => {
      const { standings, more } = await workbenchStandings().list(which);
      return { ids: standings.map(({ tenantId }) => tenantId), more };
    };
    // Later than whatever other tests leave.
    const at = (day: number) => new Date(Date.UTC(2100, 0, day));
    for (const [index, id] of ['store-6', 'store-7', 'store-8'].entries()) {
      const made = await workbenchStore(id).createLive({
        ...draft(`standing-${id}`),
        updatedAt: at(index + 1),
      });
      await workbenchStore(id).update(failed(made, 'account', `No account for ${id}.`, at(index + 1)));
    }
    const latest = { state: 'failed', latestFirst: true, limit: 2 } as const;
    expect(await tenants(latest)).toEqual({ ids: ['store-8', 'store-7'], more: true });
    expect(await tenants({ ...latest, limit: 1000 })).toMatchObject({ more: false });
    expect((await tenants({ state: 'provisioning', latestFirst: true, limit: 1000 })).ids).not.toContain(
      'store-8',
    );
    const { standings } = await workbenchStandings().list({ ...latest, limit: 1 });
    expect(Object.keys(standings[0] ?? {}).sort()).toEqual(['state', 'steps', 'tenantId', 'updatedAt']);
    expect(standings[0]?.steps[0]).toMatchObject({ state: 'failed', reason: 'No account for store-8.' });
    expect(standings[0]?.updatedAt).toEqual(at(3));

    const again = await workbenchStore('store-8').live();
    if (!again) throw new Error('store-8 has no workbench');
    await workbenchStore('store-8').update(retried(again, at(4)));
    expect((await tenants(latest)).ids).toEqual(['store-7', 'store-6']);
    const longest = await workbenchStandings().list({
      state: 'provisioning',
      latestFirst: false,
      limit: 1000,
    });
    expect(longest.standings.at(-1)?.tenantId).toBe('store-8');
  });
});

describe('a workbench over the wire', () => {
  it('is made, opened once, and stays one', async () => {
    const ctx = world.as('scientist', 'foo');
    const variants = await listVariants(ctx, undefined);
    expect(variants.length).toBeGreaterThan(1);
    const keys = variants.flatMap(({ parameters }) => parameters.map(({ key }) => key));
    expect(keys).not.toContain('AccountEmail');
    expect(keys).toContain('InstanceType');

    const [first, second] = await Promise.all([request('foo'), request('foo')]);
    expect(first.requestId).toBe(second.requestId);
    const ready = await ended('foo');
    expect(ready).toMatchObject({ state: 'ready', accountId: expect.stringMatching(/^\d{12}$/) });
    const { steps } = ready;
    const standing = await workbenchStandings().of('foo');
    expect(standing).toEqual({ tenantId: 'foo', state: 'ready', steps, updatedAt: ready.updatedAt });
    expect(await workbenchStandings().of('nobody')).toBeNull();
    expect((await workbenchCatalog().usual()).domain).toEqual({ ms: expect.any(Number), runs: 1 });
    expect(world.tenant('foo').accountId).toBe(ready.accountId);

    const { url } = await launchStudio(ctx, undefined);
    const again = await launchStudio(ctx, undefined);
    expect(again.url).not.toBe(url);
    const opened = await studioFetch(url);
    expect(opened.status).toBeLessThan(400);
    const [, seconds] = /Max-Age=(\d+)/.exec(opened.headers.get('set-cookie') ?? '') ?? [];
    expect(Number(seconds)).toBeGreaterThan(3500);
    expect(Number(seconds)).toBeLessThanOrEqual(3600);
    expect((await studioFetch(url)).status).toBeGreaterThanOrEqual(400);
  });

  it.each([
    ['acct', 'account.vend', 'account'],
    ['base', 'baseline.fail', 'baseline'],
    ['dom', 'domain.fail', 'domain'],
  ] as const)(
    'of %s fails at %s with the reason, and goes on when retried',
    async (tenantId, point, step) => {
      await stack.fault(point, tenantId);
      await request(tenantId);
      const failed = await ended(tenantId);
      expect(failed.state).toBe('failed');
      expect(failed.steps.find(({ name }) => name === step)).toMatchObject({
        state: 'failed',
        reason: expect.stringContaining('Asked for by a test.'),
      });
      await retryStep(world.as('scientist', tenantId), { requestId: failed.requestId, attempt: 1 });
      expect(await ended(tenantId)).toMatchObject({ state: 'ready', attempt: 2 });
    },
  );

  it('waits out AWS’s throttling', async () => {
    await request('gone');
    // As many as the SDK tries by itself.
    await stack.fault('request', 'servicecatalog.DescribeProvisionedProduct', {
      times: 3,
      message: 'ThrottlingException: Rate exceeded',
    });
    await expect(workbenchProvisioner('gone').account('t')).rejects.toMatchObject({ code: 'throttled' });
    await ended('gone');
  });
});

describe('a tenant’s adapters with what is another’s', () => {
  const foreign = async () => {
    await request('foo');
    const { accountId, domainId } = await ended('foo');
    if (accountId === null || domainId === null) throw new Error('foo has no workbench');
    return { accountId, domainId, profile: 'mallory' };
  };

  it('get no item of the other’s partition', async () => {
    await foreign();
    const bar = documents('bar');
    const Key = { pk: 'TENANT#foo', sk: 'WORKBENCH_LIVE' };
    for (const command of [
      new GetCommand({ TableName: table(), Key }),
      new PutCommand({ TableName: table(), Item: Key }),
      new DeleteCommand({ TableName: table(), Key }),
    ]) {
      await expect(aws('stealing', () => bar.send(command as GetCommand))).rejects.toMatchObject({
        code: 'dependency_denied',
      });
    }
    const { requestId } = await request('foo');
    expect(await workbenchStore('bar').get(requestId)).toBeNull();
    expect(await workbenchStore('bar').live()).toBeNull();
  });

  it('do not enter the other’s account', async () => {
    const target = await foreign();
    const denied = { code: 'dependency_denied' };
    await expect(workbenchProvisioner('bar').domain(target.accountId)).rejects.toMatchObject(denied);
    await expect(studio('bar').ensureUserProfile(target)).rejects.toMatchObject(denied);
    await expect(studio('bar').presignedUrl({ ...target, landing: null })).rejects.toMatchObject(denied);
    expect((await workbenchProvisioner('bar').baseline(target.accountId, null)).state).not.toBe('done');
    const s3 = tenantClient(S3Client, { kind: 'silo', tenantId: 'bar', accountId: target.accountId });
    const Bucket = tenantBucket('foo', target.accountId);
    await expect(aws('stealing', () => s3.send(new ListObjectsV2Command({ Bucket })))).rejects.toMatchObject(
      denied,
    );
  });

  it('do not reach the other’s bucket and domain from an account of their own', async () => {
    const target = await foreign();
    await request('dom');
    const own = await ended('dom');
    const scope = { kind: 'silo', tenantId: 'dom', accountId: own.accountId ?? '' } as const;
    const Bucket = tenantBucket('foo', target.accountId);
    const reading = aws('stealing', () =>
      tenantClient(S3Client, scope).send(new ListObjectsV2Command({ Bucket })),
    );
    await expect(reading).rejects.toMatchObject({ code: 'dependency_denied' });
    const opening = studio('dom').presignedUrl({
      ...target,
      accountId: own.accountId ?? '',
      landing: null,
    });
    await expect(opening).rejects.toMatchObject({
      code: expect.stringMatching(/not_found|dependency_denied/),
    });
  });

  it('see nothing of the other’s account in Service Catalog', async () => {
    await foreign();
    expect(await workbenchProvisioner('bar').account('any')).toEqual({ state: 'absent' });
    const bar = tenantClient(ServiceCatalogClient, { kind: 'pooled', tenantId: 'bar' });
    const product = new DescribeProvisionedProductCommand({ Name: 'annex-foo-workbench' });
    await expect(aws('spying', () => bar.send(product))).rejects.toMatchObject({ code: 'dependency_denied' });
  });
});
