import { expect, it } from 'vitest';
import type { AuditEntry, AuditQuery } from '@/lib/domain/audit/ports';
import { WorkbenchWorld } from '@/lib/domain/testing/workbench-world';
import { getStudioSession } from './get-studio-session';

const launch = (detail: AuditEntry['detail']): AuditEntry => ({
  id: '1',
  at: new Date('2026-03-01T09:30:00Z'),
  tenantId: 'foo',
  actorName: 'ada@foo.example',
  roles: ['scientist'],
  action: 'studio.launch',
  subject: 'workbench/1',
  result: 'done',
  detail,
  before: null,
  after: null,
  requestId: 'r',
});

function session(entries: readonly AuditEntry[], asked: AuditQuery[] = [], clock = 0) {
  const world = new WorkbenchWorld();
  world.clock += clock;
  const ctx = world.as('scientist');
  const auditTrail = {
    list: async (query: AuditQuery) => {
      asked.push(query);
      return { entries, next: null, previous: null };
    },
  };
  return getStudioSession({ ...ctx, ports: { ...ctx.ports, auditTrail } }, undefined);
}

it('is the one that the person began last, while it can be open', async () => {
  const asked: AuditQuery[] = [];
  expect(await session([launch({ seconds: 3600 })], asked)).toEqual({
    startedAt: new Date('2026-03-01T09:30:00Z'),
    endsAt: new Date('2026-03-01T10:30:00Z'),
  });
  expect(asked).toEqual([{ action: 'studio.launch', actor: 'ada@foo.example', limit: 1 }]);
  expect(await session([launch({ seconds: 3600 })], [], 30 * 60_000)).toBeNull();
});

it('is unknown without a launch, or from before its length was recorded', async () => {
  expect(await session([])).toBeNull();
  expect(await session([launch({})])).toBeNull();
});

it('is for those who may launch Studio', async () => {
  const ctx = new WorkbenchWorld().as('member');
  await expect(getStudioSession(ctx, undefined)).rejects.toMatchObject({ code: 'forbidden' });
});
