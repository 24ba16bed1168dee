import { expect, it } from 'vitest';
import { fakeStandIn } from '../testing/fake-stand-in';
import { createManagedAccountEvent } from './events';

const outcome = {
  recordId: 'rec-1',
  accountName: 'annex-foo',
  accountId: '444455556666',
  failure: null,
  requestedAt: '2026-03-01T10:00:00.123Z',
  completedAt: '2026-03-01T10:04:05.678Z',
};

it('is the lifecycle event of the AWS Control Tower user guide', () => {
  const uuid = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(createManagedAccountEvent(fakeStandIn().standIn, outcome)).toEqual({
    version: '0',
    id: uuid,
    'detail-type': 'AWS Service Event via CloudTrail',
    source: 'aws.controltower',
    account: '111122223333',
    time: '2026-03-01T10:04:05Z',
    region: 'us-east-1',
    resources: [],
    detail: {
      eventVersion: '1.05',
      userIdentity: { accountId: '111122223333', invokedBy: 'AWS Internal' },
      eventTime: '2026-03-01T10:04:05Z',
      eventSource: 'controltower.amazonaws.com',
      eventName: 'CreateManagedAccount',
      awsRegion: 'us-east-1',
      sourceIPAddress: 'AWS Internal',
      userAgent: 'AWS Internal',
      eventID: uuid,
      readOnly: false,
      eventType: 'AwsServiceEvent',
      serviceEventDetails: {
        createManagedAccountStatus: {
          organizationalUnit: {
            organizationalUnitName: 'ML workbenches',
            organizationalUnitId: 'ou-annx-ml000001',
          },
          account: { accountName: 'annex-foo', accountId: '444455556666' },
          state: 'SUCCEEDED',
          message: 'AWS Control Tower successfully created a managed account.',
          requestedTimestamp: '2026-03-01T10:00:00+0000',
          completedTimestamp: '2026-03-01T10:04:05+0000',
        },
      },
    },
  });
});

it('names no account when none came to be', () => {
  const event = createManagedAccountEvent(fakeStandIn().standIn, {
    ...outcome,
    accountId: null,
    failure: 'Out of accounts.',
  });
  expect(event).toMatchObject({
    detail: {
      serviceEventDetails: {
        createManagedAccountStatus: {
          state: 'FAILED',
          message: 'Out of accounts.',
          account: { accountName: 'annex-foo' },
        },
      },
    },
  });
  expect(JSON.stringify(event)).not.toContain('accountId":null');
});
