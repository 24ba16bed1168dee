import { expect, it } from 'vitest';
import type { AuditEntry } from '@/lib/domain/audit/ports';
import { lineOf } from './lines';

const entry: AuditEntry = {
  id: 'e1',
  at: new Date('2026-01-31T12:00:00Z'),
  tenantId: 'foo',
  actorName: 'ada@foo.example',
  roles: ['owner', 'retired'],
  action: 'models.activate',
  subject: 'model/3',
  result: 'done',
  detail: { version: 3, endpoint: 'churn', passed: true, reason: null },
  before: { version: null },
  after: { version: 3 },
  requestId: 'r1',
};

it('says in words who did what, and what changed before what else is known', () => {
  expect(lineOf(entry)).toEqual({
    id: 'e1',
    at: '2026-01-31T12:00:00.000Z',
    action: 'Activated a model',
    who: 'ada@foo.example',
    roles: 'Owner, retired',
    tenant: 'foo',
    subject: 'model/3',
    result: 'done',
    facts: [
      { name: 'Version', value: '– → 3' },
      { name: 'Endpoint', value: 'churn' },
      { name: 'Passed', value: 'yes' },
      { name: 'Reason', value: '–' },
      { name: 'Action', value: 'models.activate' },
      { name: 'Request', value: 'r1' },
      { name: 'Event', value: 'e1' },
    ],
  });
});

it('shows an action that Annex no longer knows as it was recorded', () => {
  const line = lineOf({
    ...entry,
    action: 'old.action',
    roles: [],
    detail: { newOrders: 2 },
    before: null,
    after: null,
  });
  expect(line).toMatchObject({ action: 'old.action', roles: '' });
  expect(line.facts[0]).toEqual({ name: 'New orders', value: '2' });
});
