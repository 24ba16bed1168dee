import { describe, expect, it } from 'vitest';
import type { Job, JobKind } from '../domain/jobs';
import { decodeAccountEvent } from './account-event';
import { decodeJob, encodeJob } from './job-envelope';

const samples: { readonly [K in JobKind]: Extract<Job, { kind: K }>[] } = {
  'workbench.advance': [
    { kind: 'workbench.advance', tenantId: 'foo', requestId: '01J' },
    { kind: 'workbench.advance', tenantId: 'foo' },
  ],
  'subscriptions.advance': [{ kind: 'subscriptions.advance', tenantId: 'foo', subscriptionId: '01J' }],
  'extract.advance': [{ kind: 'extract.advance', tenantId: 'foo', requestId: '01KK3V3Q5RZ3Z3Z3Z3Z3Z3Z3Z3' }],
  'tenants.onboard': [{ kind: 'tenants.onboard', tenantId: 'foo' }],
  'tenants.close': [{ kind: 'tenants.close', tenantId: 'foo' }],
  'tenants.quiet': [
    { kind: 'tenants.quiet', tenantId: 'foo', asked: '2026-03-01T10:00:00.000Z' },
    {
      kind: 'tenants.quiet',
      tenantId: 'foo',
      asked: '2026-03-01T10:00:00.000Z',
      until: '2026-03-01T22:00:00.000Z',
    },
  ],
  'churn.refit': [{ kind: 'churn.refit', tenantId: 'foo' }],
  'models.roll-back': [
    {
      kind: 'models.roll-back',
      tenantId: 'foo',
      version: 1,
      asked: { at: '2026-03-01T10:00:00.000Z', by: { id: 'sub', name: 'ada@foo.example' } },
    },
  ],
  'scores.refresh': [{ kind: 'scores.refresh', tenantId: 'foo' }],
  'scores.look': [{ kind: 'scores.look', tenantId: 'foo' }],
  'scores.compare': [{ kind: 'scores.compare', tenantId: 'foo' }],
  'costs.measure': [{ kind: 'costs.measure', tenantId: 'foo' }],
};

describe('job envelope', () => {
  it.each(Object.values(samples).flat())('carries %j there and back', (job) => {
    const body = encodeJob(job);
    expect(JSON.parse(body)).toEqual({ version: 1, job });
    const { kind, tenantId, ...payload } = job;
    expect(decodeJob(body)).toEqual({ job: { kind, tenantId, payload } });
  });

  it.each([
    { kind: 'extract.advance', tenantId: 'foo' },
    { kind: 'extract.advance', tenantId: 'foo', requestId: '../x' },
    { kind: 'models.roll-back', tenantId: 'foo', version: 1, asked: { at: 'now', by: {} } },
  ])('refuses %j, whose payload is not that of its kind', (job) => {
    expect(decodeJob(JSON.stringify({ version: 1, job }))).toEqual({ fault: expect.any(String) });
  });

  it.each(['', '{', 'null', '{}', '{"version":2,"job":{"kind":"churn.refit","tenantId":"foo"}}'])(
    'says what is wrong with %s',
    (body) => expect(decodeJob(body)).toEqual({ fault: expect.any(String) }),
  );

  it('knows no job of another kind or without a tenant', () => {
    for (const job of [
      { kind: 'rm', tenantId: 'foo' },
      { kind: 'churn.refit' },
      { kind: 'churn.refit', tenantId: '' },
    ]) {
      expect(decodeJob(JSON.stringify({ version: 1, job }))).toHaveProperty('fault');
    }
  });
});

describe('account event', () => {
  const event = (status: object, more: object = {}) =>
    JSON.stringify({
      version: '0',
      source: 'aws.controltower',
      'detail-type': 'AWS Service Event via CloudTrail',
      account: '111122223333',
      detail: {
        eventVersion: '1.05',
        eventName: 'CreateManagedAccount',
        serviceEventDetails: { createManagedAccountStatus: status },
        ...more,
      },
    });
  const account = { accountName: 'annex-foo', accountId: '123456789012' };

  it('reads the account and its result, whatever else the event holds', () => {
    const body = event({
      organizationalUnit: {},
      account: { ...account, more: 1 },
      state: 'SUCCEEDED',
      message: 'x',
    });
    expect(decodeAccountEvent(body)).toEqual({ event: { ...account, state: 'SUCCEEDED' } });
  });

  it('takes a failure without an account', () => {
    const body = event({ account: { accountName: 'annex-foo' }, state: 'FAILED' });
    expect(decodeAccountEvent(body)).toEqual({
      event: { accountName: 'annex-foo', accountId: null, state: 'FAILED' },
    });
  });

  it('distinguishes other events from broken ones', () => {
    expect(decodeAccountEvent(event({}, { eventName: 'UpdateManagedAccount' }))).toHaveProperty('other');
    expect(decodeAccountEvent(JSON.stringify({ source: 'aws.health', detail: {} }))).toHaveProperty('other');
    expect(decodeAccountEvent(event({ account, state: 'PERHAPS' }))).toHaveProperty('fault');
    expect(
      decodeAccountEvent(event({ account: { ...account, accountId: 'x' }, state: 'FAILED' })),
    ).toHaveProperty('fault');
    expect(decodeAccountEvent('[]')).toHaveProperty('fault');
    expect(decodeAccountEvent('nope')).toEqual({ fault: 'not JSON' });
  });
});
