import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withControl } from '@/lib/db/core/control-scope';
import { recordUser } from '@/lib/db/tenants/users';
import type { AuditEvent } from '@/lib/domain/audit/ports';
import type { PersonChange } from '@/lib/domain/people/ports';
import { startTestDatabase } from '@/local/testing/database';
import type { TestDatabase } from '@/local/testing/postgres';
import { withTenant } from '../core/tenant-scope';
import { tenantPeople } from './tenant-people';

let postgres: TestDatabase;
const foo = tenantPeople('foo');
const bar = tenantPeople('bar');

beforeAll(async () => {
  postgres = await startTestDatabase(['foo', 'bar', 'many', 'few']);
});
afterAll(() => postgres?.stop());

const event = (subject: string): AuditEvent => ({
  action: 'people.invite',
  subject,
  actorId: 'o',
  actorName: 'olga@foo.example',
  requestId: 'r',
});
const invited = (id: string, roles: readonly ('owner' | 'member')[] = ['member']) => ({
  id,
  email: `${id}@foo.example`,
  roles,
  invitedBy: 'olga@foo.example',
});
const add = (people: typeof foo, { email, ...person }: ReturnType<typeof invited>) =>
  people.add(email, async () => ({ person, event: event(`user/${person.id}`) }));
const change = (id: string, what: PersonChange, people = foo) =>
  people.change(id, async () => ({ change: what, event: event(`user/${id}`) }));
const rowOf = (sub: string) => withControl((tx) => tx.appUser.findUnique({ where: { sub } }));
const seen = (sub: string, tenantId = 'foo', roles = ['owner']) =>
  recordUser({ sub, email: `${sub}@foo.example`, roles, tenantId, sellerId: null });
const audited = (tenantId: string) => withTenant(tenantId, (tx) => tx.auditEvent.count());

describe('people of a tenant', () => {
  it('are added once, with the audit event, and keep their invitation at the first sign-in', async () => {
    const before = await audited('foo');
    await add(foo, invited('ada'));
    await add(foo, invited('ada'));
    expect(await audited('foo')).toBe(before + 1);
    expect(await foo.get('ada')).toMatchObject({ roles: ['member'], lastSeenAt: null, disabledAt: null });
    const at = new Date('2026-03-01T10:00:00Z');
    await change('ada', { kind: 'invitation sent', at });
    await seen('ada', 'foo', ['member']);
    expect(await rowOf('ada')).toMatchObject({ invitationSentAt: at, invitedBy: 'olga@foo.example' });
    expect((await foo.get('ada'))?.lastSeenAt).toBeInstanceOf(Date);
  });

  it('are changed with their sessions ended, and removed', async () => {
    await add(foo, invited('bob'));
    await change('bob', { kind: 'roles', roles: ['owner'] });
    const changed = await rowOf('bob');
    expect(changed).toMatchObject({ roles: ['owner'], sessionsValidAfter: expect.any(Date) });
    await change('bob', { kind: 'disabled', disabled: true });
    expect((await rowOf('bob'))?.disabledAt).toBeInstanceOf(Date);
    await change('bob', { kind: 'disabled', disabled: false });
    expect((await rowOf('bob'))?.disabledAt).toBeNull();
    await change('bob', { kind: 'removed' });
    expect(await foo.get('bob')).toBeNull();
    await expect(change('bob', { kind: 'removed' })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('stay as they were when the change fails, and so does the audit', async () => {
    await add(foo, invited('carl'));
    const before = await audited('foo');
    await expect(
      foo.change('carl', async () => {
        throw new Error('the pool is away');
      }),
    ).rejects.toThrow('the pool is away');
    expect(await audited('foo')).toBe(before);
    expect(await foo.get('carl')).toMatchObject({ roles: ['member'] });
  });

  it('never lose two owners at once', async () => {
    for (const sub of ['olga', 'otto']) await seen(sub, 'bar');
    const demote = (id: string) =>
      bar.change(id, async (_, otherOwners) => {
        if (otherOwners === 0) throw new Error('last owner');
        return { change: { kind: 'roles', roles: ['member'] }, event: event(`user/${id}`) };
      });
    const results = await Promise.allSettled([demote('olga'), demote('otto')]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('are added one at a time, so that a limit holds', async () => {
    const few = tenantPeople('few');
    const addUpTo = (most: number, id: string) =>
      few.add(`${id}@foo.example`, async ({ count, isThere }) => {
        if (!isThere && count >= most) throw new Error('too many');
        return { person: invited(id), event: event(`user/${id}`) };
      });
    const results = await Promise.allSettled(['p1', 'p2', 'p3', 'p4'].map((id) => addUpTo(2, id)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(await few.count()).toBe(2);
    const [there] = (await few.list({ limit: 1 })).people;
    expect(await addUpTo(1, there?.id ?? '')).toBe(there?.id);
    expect(await few.count()).toBe(2);
  });

  it('are of this tenant alone', async () => {
    await add(bar, { ...invited('eve'), email: 'eve@bar.example' });
    expect(await foo.get('eve')).toBeNull();
    await expect(change('eve', { kind: 'removed' })).rejects.toMatchObject({ code: 'not_found' });
    const forged = (tx: Parameters<Parameters<typeof withTenant>[1]>[0]) =>
      tx.appUser.create({ data: { sub: 'forged', email: 'x', roles: ['owner'], tenantId: 'bar' } });
    await expect(withTenant('foo', forged)).rejects.toThrow();
    const moved = withTenant(
      'foo',
      (tx) => tx.$executeRaw`UPDATE app_user SET tenant_id = 'bar' WHERE sub = 'ada'`,
    );
    await expect(moved).rejects.toThrow();
    expect(await withTenant('foo', (tx) => tx.appUser.deleteMany({ where: { sub: 'eve' } }))).toEqual({
      count: 0,
    });
    expect(await bar.get('eve')).not.toBeNull();
  });
});

it('lists people by address, page by page, with the total', async () => {
  const many = tenantPeople('many');
  for (const id of ['m3', 'm1', 'm2', 'm5', 'm4']) await add(many, invited(id));
  const read = async (cursor: string | null) => {
    const page = await many.list({ limit: 2, ...(cursor === null ? {} : { cursor }) });
    return { ...page, ids: page.people.map(({ id }) => id).join() };
  };
  const first = await read(null);
  const second = await read(first.next);
  const third = await read(second.next);
  expect(first).toMatchObject({ ids: 'm1,m2', first: 1, total: 5, previous: null });
  expect(second).toMatchObject({ ids: 'm3,m4', first: 3 });
  expect(third).toMatchObject({ ids: 'm5', first: 5, next: null });
  expect(await read(third.previous)).toMatchObject({ ids: 'm3,m4', first: 3 });
  await expect(read('x')).rejects.toMatchObject({ code: 'invalid' });
  expect(await many.count()).toBe(5);
});
