import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEvent } from '@/lib/domain/audit/ports';
import { failed, finished, newOnboarding } from '@/lib/domain/onboarding/steps';
import { startTestDatabase } from '@/local/testing/database';
import type { TestDatabase } from '@/local/testing/postgres';
import { withControl } from '../core/control-scope';
import { withTenant } from '../core/tenant-scope';
import { onboardingRecord, onboardings } from './onboardings';

let postgres: TestDatabase;
const all = onboardings();
const at = new Date('2026-03-01T10:00:00.123Z');

beforeAll(async () => {
  postgres = await startTestDatabase(['foo']);
});
afterAll(() => postgres?.stop());

const event: AuditEvent = {
  action: 'tenants.onboard',
  subject: 'tenant/x',
  actorId: 'a',
  actorName: 'admin@xyz.example',
  requestId: 'r',
};
const wanted = (tenantId: string) =>
  newOnboarding(
    {
      tenantId,
      ownerEmail: `owner@${tenantId}.example`,
      ownerId: null,
      variantId: null,
      askedBy: { id: 'a', name: 'admin@xyz.example' },
    },
    at,
  );
const create = (tenantId: string, name = `Name of ${tenantId}`, planId = 'standard') =>
  all.create({ name, planId }, wanted(tenantId), event);

describe('onboardings', () => {
  it('add the tenant, the onboarding and the audit event at once', async () => {
    await create('acme');
    expect(await all.get('acme')).toEqual(wanted('acme'));
    expect(await withTenant('acme', (tx) => tx.auditEvent.count())).toBe(1);
    expect(await all.get('foo')).toBeNull();
    await expect(create('planless', 'Planless', 'nothing')).rejects.toMatchObject({ code: 'not_found' });
    expect(await all.get('planless')).toBeNull();
  });

  it('refuse an id that was ever in use and a name that an open tenant has, by field, and add nothing', async () => {
    await create('one', 'The One');
    await expect(create('one', 'Another')).rejects.toMatchObject({
      code: 'conflict',
      fields: { tenantId: expect.stringContaining('is taken') },
    });
    await expect(create('two', 'the one')).rejects.toMatchObject({ fields: { name: expect.any(String) } });
    expect(await withControl((tx) => tx.tenant.findUnique({ where: { id: 'two' } }))).toBeNull();
    await withControl((tx) => tx.tenant.update({ where: { id: 'one' }, data: { state: 'closed' } }));
    await create('two', 'the one');
    const results = await Promise.allSettled(['left', 'right'].map((id) => create(id, 'Same Name')));
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('are changed by the worker of the tenant, one write at a time', async () => {
    await create('kim');
    const record = onboardingRecord('kim');
    const first = await record.load();
    if (!first) throw new Error('no onboarding');
    const written = await record.update({ ...finished(first, 'role', at), ownerId: 'sub-1' });
    expect(await record.load()).toEqual({ ...written, revision: 2 });
    await expect(record.update(first)).rejects.toMatchObject({ code: 'conflict' });
    const broken = failed(written, 'policy', 'No policy.', at);
    await all.update(broken, event);
    expect(await record.load()).toMatchObject({ state: 'failed', ownerId: 'sub-1', revision: 3 });
  });

  it('are seen and changed by their own tenant alone', async () => {
    await create('mine');
    const foreign = onboardingRecord('foo');
    expect(await foreign.load()).toBeNull();
    await expect(foreign.update(wanted('mine'))).rejects.toMatchObject({ code: 'conflict' });
    const forged = withTenant(
      'foo',
      (tx) => tx.$executeRaw`
      INSERT INTO onboarding (tenant_id, owner_email, state, steps, asked_by_id, asked_by, asked_at, updated_at)
      VALUES ('foo', 'x', 'running', '[]', 'x', 'x', now(), now())`,
    );
    await expect(forged).rejects.toThrow();
  });

  it('that are not over are listed, longest unchanged first', async () => {
    await withControl((tx) => tx.$executeRaw`UPDATE onboarding SET state = 'done'`);
    for (const [index, id] of ['p1', 'p2', 'p3'].entries()) {
      await create(id);
      await all.update({ ...wanted(id), updatedAt: new Date(at.getTime() - index * 1000) }, event);
    }
    const first = await all.open({ limit: 2 });
    expect(first.onboardings.map(({ tenantId }) => tenantId)).toEqual(['p3', 'p2']);
    const second = await all.open({ limit: 2, after: first.next ?? '' });
    expect(second).toMatchObject({ onboardings: [{ tenantId: 'p1' }], next: null });
  });
});
