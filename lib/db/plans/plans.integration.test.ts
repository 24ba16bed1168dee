import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEvent } from '@/lib/domain/audit/ports';
import type { NewPlanVersion } from '@/lib/domain/plans/ports';
import { standardLimits as standard } from '@/lib/domain/testing/standard-plan';
import { startTestDatabase } from '@/local/testing/database';
import { withControl } from '../core/control-scope';
import { withTenant } from '../core/tenant-scope';
import { planBook } from './plan-book';
import { tenantPlan } from './tenant-plan';

let database: Awaited<ReturnType<typeof startTestDatabase>>;
beforeAll(async () => {
  database = await startTestDatabase(['foo', 'bar', 'baz']);
});
afterAll(() => database?.stop());

const book = planBook();
const author = { id: 'sub-1', name: 'root@xyz.example' };
const event = (action: AuditEvent['action'], subject: string): AuditEvent => ({
  action,
  subject,
  actorId: author.id,
  actorName: author.name,
  requestId: 'r-1',
});
const create = (id: string, name = id, limits: Partial<NewPlanVersion['limits']> = {}) =>
  book.create(
    { id, name },
    { limits: { ...standard, ...limits }, note: null, author },
    event('plans.create', `plan/${id}`),
  );
const append = (planId: string, base: number, limits: Partial<NewPlanVersion['limits']> = {}) =>
  book.append({ planId, base, limits: { ...standard, ...limits }, note: 'Why', author }, () =>
    event('plans.change', `plan/${planId}`),
  );
const assign = (tenantId: string, from: string, to: string) =>
  book.assign(tenantId, { from, to }, event('plans.assign', `tenant/${tenantId}`));
const retire = (id: string) => book.retire(id, event('plans.retire', `plan/${id}`));
const auditOf = (subject: string) =>
  withControl((tx) =>
    tx.auditEvent.findMany({
      where: { subject },
      select: { tenantId: true, action: true },
      orderBy: { at: 'asc' },
    }),
  );

describe('plans', () => {
  it('give every tenant the standard plan, with no limit that was not there before', async () => {
    expect(await tenantPlan('foo').current()).toEqual({
      id: 'standard',
      name: 'Standard',
      version: 1,
      limits: standard,
    });
    expect(await book.get('standard')).toMatchObject({
      tenants: 3,
      newest: { version: 1, createdBy: 'Annex' },
    });
  });

  it('are read by the tenant that has them, in their newest version', async () => {
    await create('team', 'Team', {
      variants: ['prod-1'],
      people: 5,
      monthlyBudgetUsd: 200,
      budgetBrake: 'stop',
    });
    await assign('foo', 'standard', 'team');
    expect(await append('team', 1, { people: 6 })).toBe(2);
    expect(await tenantPlan('foo').current()).toMatchObject({
      id: 'team',
      version: 2,
      limits: { variants: null, people: 6 },
    });
    expect((await tenantPlan('bar').current()).id).toBe('standard');
    const inForce = await book.inForce(['foo', 'bar', 'nobody']);
    expect([...inForce].map(([id, plan]) => [id, plan.id, plan.version]).sort()).toEqual([
      ['bar', 'standard', 1],
      ['foo', 'team', 2],
    ]);
    expect(
      (await book.versions('team', 10)).map(({ version, note, limits }) => [version, note, limits.people]),
    ).toEqual([
      [2, 'Why', 6],
      [1, null, 5],
    ]);
    expect(await auditOf('tenant/foo')).toEqual([{ tenantId: 'foo', action: 'plans.assign' }]);
    expect(await auditOf('plan/team')).toEqual([
      { tenantId: null, action: 'plans.create' },
      { tenantId: null, action: 'plans.change' },
    ]);
  });

  it('are not seen by other tenants, nor are notes and authors by any', async () => {
    const seen = (tenant: string) =>
      withTenant(tenant, async (tx) => ({
        plans: await tx.$queryRaw`SELECT id FROM plan`,
        versions: await tx.$queryRaw`SELECT DISTINCT plan_id AS id FROM plan_version`,
      }));
    expect(await seen('foo')).toEqual({ plans: [{ id: 'team' }], versions: [{ id: 'team' }] });
    expect(await seen('bar')).toEqual({ plans: [{ id: 'standard' }], versions: [{ id: 'standard' }] });
    for (const statement of [
      'SELECT note FROM plan_version',
      'SELECT created_by FROM plan_version',
      `UPDATE plan SET retired_at = now()`,
      `INSERT INTO plan_version (plan_id, version, budget_brake, created_by) VALUES ('team', 9, 'warn', 'x')`,
      `UPDATE tenant SET plan_id = 'team'`,
    ]) {
      await expect(
        withTenant('foo', (tx) => tx.$executeRawUnsafe(statement)),
        statement,
      ).rejects.toThrow();
    }
  });

  it('keep their versions', async () => {
    for (const statement of [
      'UPDATE plan_version SET people = 1',
      'DELETE FROM plan_version',
      'DELETE FROM plan',
    ]) {
      await expect(
        withControl((tx) => tx.$executeRawUnsafe(statement)),
        statement,
      ).rejects.toThrow();
    }
    const asOwner = (statement: string) => database.as('admin', (client) => client.query(statement));
    await expect(asOwner('UPDATE plan_version SET people = 1')).rejects.toThrow('append-only');
    await expect(asOwner('TRUNCATE plan_version')).rejects.toThrow('append-only');
  });
});

describe('changes', () => {
  it('are refused after somebody else’s, one of two at once', async () => {
    await create('race', 'Race');
    const outcomes = await Promise.allSettled([append('race', 1), append('race', 1), append('race', 1)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    await expect(append('race', 1)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('version 2 is there'),
    });
    expect(await book.versions('race', 10)).toHaveLength(2);
    await expect(append('nothing', 1)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('refuse an id or a name that is taken', async () => {
    await expect(create('team', 'Other')).rejects.toMatchObject({
      code: 'conflict',
      fields: { id: expect.any(String) },
    });
    await expect(create('other', 'TEAM')).rejects.toMatchObject({ fields: { name: expect.any(String) } });
    const outcomes = await Promise.allSettled([create('twin-1', 'Twin'), create('twin-2', 'twin')]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('retirement', () => {
  it('waits until no tenant has the plan, and is not for the default', async () => {
    await expect(retire('team')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('the plan of one tenant'),
    });
    await expect(retire('standard')).rejects.toMatchObject({ code: 'conflict' });
    await create('old', 'Old');
    await retire('old');
    await expect(assign('bar', 'standard', 'old')).rejects.toMatchObject({ code: 'conflict' });
    await expect(append('old', 1)).rejects.toMatchObject({ code: 'conflict' });
    await expect(retire('old')).rejects.toMatchObject({ code: 'conflict' });
    await create('old-2', 'Old');
    expect((await book.list()).at(-1)).toMatchObject({ id: 'old', retiredAt: expect.any(Date) });
  });

  it('and an assignment at once: one of them', async () => {
    for (let round = 0; round < 5; round += 1) {
      const id = `brief-${round}`;
      await create(id, `Brief ${round}`);
      const [, retired] = await Promise.allSettled([assign('baz', 'standard', id), retire(id)]);
      const plan = await book.get(id);
      const { id: has } = await tenantPlan('baz').current();
      expect([plan?.retiredAt !== null, has === id]).toEqual(
        retired.status === 'fulfilled' ? [true, false] : [false, true],
      );
      if (has === id) await assign('baz', id, 'standard');
    }
  });

  it('tells that another plan was given meanwhile', async () => {
    await expect(assign('foo', 'standard', 'race')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('the plan Team now'),
    });
    await expect(assign('nobody', 'standard', 'race')).rejects.toMatchObject({ code: 'not_found' });
  });
});
