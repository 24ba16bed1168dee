import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TenantQuery } from '@/lib/domain/tenants/ports';
import { startTestDatabase } from '@/local/testing/database';
import type { TestDatabase } from '@/local/testing/postgres';
import { closeDatabase, openDatabase, pingDatabase } from '../core/client';
import { withControl } from '../core/control-scope';
import { withTenant } from '../core/tenant-scope';
import { closeUnused, tenantDirectory } from './tenant-directory';

let postgres: TestDatabase;
const directory = tenantDirectory();
const byName = { sort: 'name', direction: 'asc' } as const;

beforeAll(async () => {
  postgres = await startTestDatabase(['foo', 'bar', 'baz']);
});
afterAll(() => postgres?.stop());

describe('the tenant directory', () => {
  it('finds a tenant by id, and none by an id that is nobody’s', async () => {
    expect(await directory.get('foo')).toMatchObject({
      id: 'foo',
      name: 'FOO',
      state: 'active',
      accountId: null,
    });
    expect(await directory.get('nobody')).toBeNull();
  });

  it('lists by name, in any case of letters, page by page, with the total', async () => {
    await withControl((tx) =>
      tx.tenant.createMany({ data: ['t1', 't2'].map((id) => ({ id, name: 'BAR' })) }),
    );
    const read = async (cursor: string | null) => {
      const page = await directory.list({ ...byName, limit: 2, ...(cursor === null ? {} : { cursor }) });
      return { ...page, ids: page.tenants.map(({ id }) => id).join() };
    };
    const first = await read(null);
    const second = await read(first.next);
    const third = await read(second.next);
    expect(first).toMatchObject({ ids: 'bar,t1', first: 1, total: 5, previous: null });
    expect(second).toMatchObject({ ids: 't2,baz', first: 3, total: 5 });
    expect(third).toMatchObject({ ids: 'foo', first: 5, total: 5, next: null });
    expect(await read(third.previous)).toMatchObject({ ids: 't2,baz', first: 3, next: second.next });
    expect(await read(second.previous)).toMatchObject({ ids: 'bar,t1', first: 1, previous: null });
    await expect(read('x')).rejects.toMatchObject({ code: 'invalid' });
  });

  describe('of many', () => {
    const day = (n: number) => new Date(Date.UTC(2020, 0, n));
    const rows = [
      { id: 'zz-alpha', name: 'Müller & Söhne', createdAt: day(1) },
      { id: 'zz-beta', name: 'müller_100%', createdAt: day(2), state: 'suspended' },
      { id: 'zz-gamma', name: 'Other', createdAt: day(2) },
      { id: 'zz-delta', name: 'Zz-top', createdAt: day(3), state: 'closed' },
    ];
    beforeAll(() => withControl((tx) => tx.tenant.createMany({ data: rows })));
    const ids = async (query: Partial<TenantQuery>) => {
      const page = await directory.list({ ...byName, limit: 50, ...query });
      expect(page.total).toBe(page.tenants.length);
      return page.tenants.map(({ id }) => id).join();
    };

    it.each([
      ['MÜLLER', 'zz-alpha,zz-beta'],
      ['müller_', 'zz-beta'],
      ['müller%', ''],
      ['m', 'zz-alpha,zz-beta'],
      ['ü', ''],
      // An id, or a name.
      ['zz-', 'zz-alpha,zz-beta,zz-gamma,zz-delta'],
      ['ZZ-T', 'zz-delta'],
      ['zz-alpha', 'zz-alpha'],
      ["'; drop table tenant; --", ''],
    ])('finds those whose name or id begins with %j', async (search, found) => {
      expect(await ids({ search })).toBe(found);
    });

    it('filters by state, beside a search', async () => {
      expect(await ids({ search: 'zz', state: 'suspended' })).toBe('zz-beta');
      expect(await ids({ search: 'zz', state: 'closed' })).toBe('zz-delta');
      expect(await ids({ search: 'zz', state: 'declined' })).toBe('');
    });

    it('filters by plan, and tells the plan of each', async () => {
      await withControl(async (tx) => {
        await tx.$executeRaw`INSERT INTO plan (id, name) VALUES ('team', 'Team')`;
        await tx.tenant.updateMany({
          where: { id: { in: ['zz-beta', 'zz-gamma'] } },
          data: { planId: 'team' },
        });
      });
      expect(await ids({ plan: 'team' })).toBe('zz-beta,zz-gamma');
      expect(await ids({ plan: 'team', search: 'müller', state: 'suspended' })).toBe('zz-beta');
      expect(await ids({ plan: 'nothing' })).toBe('');
      const { tenants } = await directory.list({ ...byName, search: 'zz', limit: 50 });
      expect(tenants.map(({ plan }) => plan.name)).toEqual(['Standard', 'Team', 'Team', 'Standard']);
      expect(tenants[1]?.plan).toEqual({ id: 'team', name: 'Team' });
    });

    it.each([
      ['name', 'asc', 'zz-alpha,zz-beta,zz-gamma,zz-delta'],
      ['name', 'desc', 'zz-delta,zz-gamma,zz-beta,zz-alpha'],
      ['since', 'asc', 'zz-alpha,zz-beta,zz-gamma,zz-delta'],
      ['since', 'desc', 'zz-delta,zz-gamma,zz-beta,zz-alpha'],
    ] as const)('sorts by %s %s, and leads from page to page and back', async (sort, direction, order) => {
      const query = { sort, direction, search: 'zz', limit: 1 };
      const on: string[] = [];
      let page = await directory.list(query);
      for (;;) {
        expect([page.first, page.total]).toEqual([on.length + 1, 4]);
        on.push(page.tenants[0]?.id ?? '');
        if (!page.next) break;
        page = await directory.list({ ...query, cursor: page.next });
      }
      expect(on.join()).toBe(order);
      const back = [on.at(-1)];
      while (page.previous) {
        page = await directory.list({ ...query, cursor: page.previous });
        expect(page.first).toBe(4 - back.length);
        back.push(page.tenants[0]?.id);
      }
      expect(back.reverse().join()).toBe(order);
    });

    it('refuses a page of another list', async () => {
      const { next } = await directory.list({ ...byName, search: 'zz', limit: 1 });
      const cursor = next ?? '';
      for (const other of [
        { search: 'z' },
        { direction: 'desc' as const },
        { state: 'active' as const },
        { plan: 'standard' },
      ]) {
        const query = { ...byName, search: 'zz', limit: 1, cursor, ...other };
        await expect(directory.list(query)).rejects.toMatchObject({ code: 'invalid' });
      }
    });
  });

  it('records an account once and refuses another one, or one that is another tenant’s', async () => {
    await directory.recordAccount('foo', '111111111111');
    await directory.recordAccount('foo', '111111111111');
    expect(await directory.findByAccount('111111111111')).toMatchObject({ id: 'foo' });
    expect(await directory.findByAccount('222222222222')).toBeNull();
    await expect(directory.recordAccount('foo', '222222222222')).rejects.toMatchObject({ code: 'conflict' });
    await expect(directory.recordAccount('bar', '111111111111')).rejects.toMatchObject({ code: 'conflict' });
    await expect(directory.recordAccount('nobody', '333333333333')).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('counts tenants, and tells the newest and those of some ids', async () => {
    await directory.recordAccount('foo', '111111111111');
    const before = await directory.counts();
    expect(before.withAccount).toBe(1);
    const createdAt = new Date('2100-01-01');
    await withControl((tx) =>
      tx.tenant.createMany({
        data: [
          { id: 'new-1', name: 'N', createdAt, state: 'suspended' },
          { id: 'new-2', name: 'N', createdAt },
        ],
      }),
    );
    expect(await directory.counts()).toEqual({
      total: before.total + 2,
      active: before.active + 1,
      withAccount: 1,
      suspended: before.suspended + 1,
    });
    expect((await directory.newest(2)).map(({ id, state }) => `${id} ${state}`)).toEqual([
      'new-2 active',
      'new-1 suspended',
    ]);
    await withControl((tx) =>
      tx.tenant.createMany({
        data: [
          { id: 'asks-2', name: 'A', createdAt: new Date('2100-01-03'), state: 'requested' },
          { id: 'asks-1', name: 'A', createdAt: new Date('2100-01-02'), state: 'requested' },
        ],
      }),
    );
    expect((await directory.requested(5)).map(({ id }) => id)).toEqual(['asks-1', 'asks-2']);
    expect((await directory.newest(1)).map(({ id }) => id)).toEqual(['new-2']);
    expect(await directory.counts()).toMatchObject({
      active: before.active + 1,
      suspended: before.suspended + 1,
    });
    const some = await directory.some(['foo', 'nobody', 'new-1']);
    expect(some.map(({ id }) => id).sort()).toEqual(['foo', 'new-1']);
    expect(await directory.some([])).toEqual([]);
  });

  it('moves a tenant from one state to another, once, with the audit event', async () => {
    await withControl((tx) => tx.tenant.create({ data: { id: 'mover', name: 'M' } }));
    const event = {
      action: 'tenants.suspend',
      subject: 'x',
      actorId: 'a',
      actorName: 'a',
      requestId: 'r',
    } as const;
    const suspend = () => directory.move('mover', { from: 'active', to: 'suspended' }, event);
    const results = await Promise.allSettled([suspend(), suspend()]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await directory.get('mover')).toMatchObject({ state: 'suspended' });
    await expect(suspend()).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('is suspended now'),
    });
    await expect(directory.move('nobody', { from: 'active', to: 'suspended' }, event)).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await withControl((tx) => tx.auditEvent.count({ where: { tenantId: 'mover' } }))).toBe(1);
  });

  it('closes a tenant without an account, and no other', async () => {
    await withControl((tx) => tx.tenant.create({ data: { id: 'unused', name: 'U' } }));
    await closeUnused('unused');
    await closeUnused('unused');
    expect(await directory.get('unused')).toMatchObject({ state: 'closed' });
    await directory.recordAccount('foo', '111111111111');
    await expect(closeUnused('foo')).rejects.toMatchObject({ code: 'conflict' });
  });

  it('takes no id that is no slug', async () => {
    for (const id of ['x', 'Foo', '-foo', 'foo-', 'fo--o', 'a'.repeat(41), '../etc']) {
      await expect(
        withControl((tx) => tx.tenant.create({ data: { id, name: 'n' } })),
        id,
      ).rejects.toThrow();
    }
  });
});

describe('failures', () => {
  it('of time, of connection and of a password that is being changed are transient', async () => {
    await expect(
      withTenant('foo', (tx) => tx.$queryRaw`SELECT pg_sleep(5)`, { timeoutMs: 200 }),
    ).rejects.toMatchObject({
      code: 'dependency_failed',
      transient: true,
    });
    await pingDatabase();
    await openDatabase('postgresql://annex_portal:x@127.0.0.1:1/annex');
    await expect(directory.get('foo')).rejects.toMatchObject({ code: 'dependency_failed' });
    await closeDatabase();
    await openDatabase(postgres.portalUrl.replace(/:[^:@/]+@/, ':wrong@'));
    await expect(directory.get('foo')).rejects.toMatchObject({ code: 'dependency_failed', transient: true });
    await openDatabase(postgres.portalUrl);
  });
});
