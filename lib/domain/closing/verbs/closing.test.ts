import { describe, expect, it } from 'vitest';
import { usdPerHour } from '@/lib/domain/running/prices';
import { ClosingWorld } from '@/lib/domain/testing/closing-world';
import { AnnexError } from '@/lib/errors';
import { closeTenant } from './close-tenant';
import { deleteNow } from './delete-now';
import { getClosing } from './get-closing';
import { keepTenant } from './keep-tenant';
import { retryClosing } from './retry-closing';

const wanted = { tenantId: 'foo', confirmation: 'foo', reason: 'They moved on.' };
const close = (world: ClosingWorld) => closeTenant(world.asControl('admin'), wanted);

/** A tenant whose days of grace are over, before the worker looks. */
async function due(world: ClosingWorld): Promise<ClosingWorld> {
  await close(world);
  await world.settle();
  await world.sweepAfter(30.1);
  return world;
}

describe('closing a tenant', () => {
  it('refuses its people at once, tells its owners, and keeps everything for the days of grace', async () => {
    const world = new ClosingWorld();
    await close(world);
    expect(world.tenant.state).toBe('closing');
    await world.settle();
    expect(world.states).toMatch(/^notice done, pause done, grace running, count pending/);
    expect(world.mails.map(({ to }) => to)).toEqual(['olga@foo.example']);
    expect(world.mails[0]?.text).toContain('until 2026-03-31 (UTC)');
    expect(world.deleted).toEqual([]);
    expect(await world.sweepAfter(29)).toBe(0);
  });

  it('deletes everything afterwards, and seals what it did', async () => {
    const world = await due(new ClosingWorld());
    await world.settle();
    expect(world.stored?.state).toBe('done');
    expect(world.tenant).toMatchObject({ state: 'closed', accountId: '111111111111' });
    expect(Object.values(world.things)).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(world.fake.users.size).toBe(0);
    expect(world.fake.stored.size).toBe(0);
    const certificate = JSON.parse(world.stored?.certificate?.text ?? '');
    expect(certificate).toMatchObject({
      tenant: { id: 'foo', name: 'Foo', awsAccount: '111111111111' },
      askedBy: 'Annex',
      deleted: { people: 2, customers: 7, endpoints: 2, profiles: 3, objects: 5, requests: 4 },
      notDeletedByItself: [],
    });
    const last = world.audit.at(-1);
    expect(last).toMatchObject({
      action: 'tenants.close',
      after: { state: 'closed' },
      detail: { sha256: world.stored?.certificate?.sha256, certificate: world.stored?.certificate?.text },
    });
    expect(world.stored?.certificate?.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('counts before it deletes, and each thing once, wherever the worker is killed', async () => {
    for (const when of ['before', 'after'] as const) {
      for (let at = 1; at < 70; at += 1) {
        const world = await due(new ClosingWorld());
        world.killer = { calls: 0, at, when };
        await world.settle();
        expect(world.stored?.state, `killed ${when} ${at}`).toBe('done');
        expect(world.stored?.counts, `killed ${when} ${at}`).toMatchObject({
          endpoints: 2,
          customers: 7,
          people: 2,
        });
        expect(
          world.audit.filter(({ after }) => after?.state === 'closed'),
          `killed ${when} ${at}`,
        ).toHaveLength(1);
      }
    }
  });

  it('needs no account, and closes none then', async () => {
    const world = new ClosingWorld();
    world.tenant = { ...world.tenant, accountId: null };
    await due(world);
    await world.settle();
    expect(world.stored?.state).toBe('done');
    expect(world.things).toMatchObject({ endpoints: 2, account: 1, rows: 0 });
  });

  it('lists what AWS refuses to delete, and goes on', async () => {
    const world = await due(new ClosingWorld());
    const reason = 'AWS denied access.';
    world.refused.push(
      { what: 'the endpoint legacy', reason, runs: { kind: 'endpoint', name: 'legacy' } },
      { what: 'the endpoint unheard', reason, runs: { kind: 'endpoint', name: 'unheard' } },
      { what: 'the object a', reason, runs: null },
    );
    await world.settle();
    expect(world.stored).toMatchObject({
      state: 'done',
      left: [
        { what: 'the endpoint legacy', reason, usdPerHour: 2 * (usdPerHour('ml.m5.large') ?? Number.NaN) },
        { what: 'the endpoint unheard', reason, usdPerHour: null },
        { what: 'the object a', reason, usdPerHour: 0 },
      ],
    });
    expect(world.stored?.certificate?.text).toContain('the endpoint legacy');
  });

  it('goes on where the account’s role is refused, because the account goes', async () => {
    const world = await due(new ClosingWorld());
    world.estateFault = new AnnexError('dependency_denied', 'AWS denied access.');
    await world.settle();
    expect(world.stored?.state).toBe('failed');
    expect(world.states).toMatch(/account failed$/);
    expect(world.stored?.left).toEqual([
      { what: 'What account 111111111111 holds', reason: 'AWS denied access.', usdPerHour: null },
    ]);
    expect(world.stored?.counts).toMatchObject({ customers: 7, endpoints: null, bytes: null });
    world.estateFault = null;
    await retryClosing(world.asControl('admin'), { tenantId: 'foo', attempt: 1 });
    await retryClosing(world.asControl('admin'), { tenantId: 'foo', attempt: 1 });
    await world.settle();
    expect(world.stored).toMatchObject({ state: 'done', attempt: 2 });
  });

  it('stops with the reason of CloudFormation, and goes on after a retry', async () => {
    const world = await due(new ClosingWorld());
    world.baselineFault = 'The bucket you tried to delete is not empty.';
    await world.settle();
    expect(world.stored?.steps.find(({ name }) => name === 'baseline')).toMatchObject({
      state: 'failed',
      reason: 'The bucket you tried to delete is not empty.',
    });
    expect(world.things).toMatchObject({ rows: 7, account: 1 });
    expect(world.audit.at(-1)).toMatchObject({ action: 'tenants.advance-closing', result: 'failed' });
    world.baselineFault = null;
    await retryClosing(world.asControl('admin'), { tenantId: 'foo', attempt: 1 });
    await world.settle();
    expect(world.stored?.state).toBe('done');
  });

  it('is taken back while everything is there, and the tenant stays suspended', async () => {
    const world = new ClosingWorld();
    await close(world);
    await world.settle();
    await keepTenant(world.asControl('admin'), { tenantId: 'foo' });
    expect(world.tenant.state).toBe('suspended');
    expect(await world.sweepAfter(40)).toBe(0);
    expect(world.deleted).toEqual([]);
    await close(world);
    await world.settle();
    expect(world.states).toMatch(/grace running/);
  });

  it('cannot be taken back once the days of grace are over', async () => {
    const world = await due(new ClosingWorld());
    await expect(keepTenant(world.asControl('admin'), { tenantId: 'foo' })).rejects.toMatchObject({
      code: 'conflict',
    });
    await world.settle();
    await expect(keepTenant(world.asControl('admin'), { tenantId: 'foo' })).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('deletes now, if somebody says so and types the id', async () => {
    const world = new ClosingWorld();
    await close(world);
    await world.settle();
    const wrong = { tenantId: 'foo', confirmation: 'bar' };
    await expect(deleteNow(world.asControl('admin'), wrong)).rejects.toMatchObject({
      code: 'invalid',
      fields: { confirmation: expect.any(String) },
    });
    await deleteNow(world.asControl('admin'), { tenantId: 'foo', confirmation: 'foo' });
    await world.settle();
    expect(world.stored?.state).toBe('done');
    await expect(
      deleteNow(world.asControl('admin'), { tenantId: 'foo', confirmation: 'foo' }),
    ).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is refused for a tenant that is being set up, or is closed already', async () => {
    const world = new ClosingWorld();
    world.onboarding = 'running';
    await expect(close(world)).rejects.toMatchObject({ code: 'conflict' });
    world.onboarding = 'done';
    await close(world);
    await expect(close(world)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is for administrators alone, with the id typed and a reason', async () => {
    const world = new ClosingWorld();
    for (const role of ['owner', 'scientist', 'seller', 'system'] as const)
      await expect(closeTenant(world.asControl(role), wanted)).rejects.toMatchObject({ code: 'forbidden' });
    for (const [wrong, field] of [
      [{ confirmation: 'fooo' }, 'confirmation'],
      [{ reason: ' ' }, 'reason'],
    ] as const)
      await expect(closeTenant(world.asControl('admin'), { ...wanted, ...wrong })).rejects.toMatchObject({
        code: 'invalid',
        fields: { [field]: expect.any(String) },
      });
    expect(world.tenant.state).toBe('active');
    expect(await getClosing(world.asControl('admin'), { tenantId: 'foo' })).toEqual({
      closing: null,
      graceDays: 30,
    });
  });
});
