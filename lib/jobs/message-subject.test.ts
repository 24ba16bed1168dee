import { expect, it } from 'vitest';
import { encodeJob } from './job-envelope';
import { subjectOfEvent, subjectOfJob } from './message-subject';

it('tells kind, tenant and ids of a job, and nothing that it nests', () => {
  expect(subjectOfJob(encodeJob({ kind: 'churn.refit', tenantId: 'foo' }))).toEqual({
    ...{ kind: 'churn.refit', tenantId: 'foo' },
    ids: {},
  });
  const asked = { at: '2026-01-01T00:00:00.000Z', by: { id: 'sub', name: 'ada@foo.example' } };
  expect(subjectOfJob(encodeJob({ kind: 'models.roll-back', tenantId: 'foo', version: 3, asked }))).toEqual({
    ...{ kind: 'models.roll-back', tenantId: 'foo' },
    ids: { version: '3' },
  });
});

it('tells the account of an event', () => {
  const status = {
    account: { accountName: 'annex-foo', accountId: '123456789012' },
    state: 'SUCCEEDED',
  };
  const body = JSON.stringify({
    source: 'aws.controltower',
    detail: {
      eventName: 'CreateManagedAccount',
      serviceEventDetails: { createManagedAccountStatus: status },
    },
  });
  expect(subjectOfEvent(body)).toEqual({
    ...{ kind: 'CreateManagedAccount', tenantId: null },
    ids: { accountName: 'annex-foo', accountId: '123456789012', state: 'SUCCEEDED' },
  });
});

it.each(['', 'no job', '{}', '{"version":1,"job":{"kind":"nope","tenantId":"foo"}}', '[1]', 'null'])(
  'knows nothing of %j',
  (body) => {
    expect(subjectOfJob(body)).toBeNull();
    expect(subjectOfEvent(body)).toBeNull();
  },
);
