import { describe, expect, it } from 'vitest';
import { decodeMarketplaceEvent } from './marketplace-event';

const parties = { agreement: { id: 'agmt-1', status: 'ACTIVE' }, acceptor: { accountId: '222222222222' } };
const licensed = {
  ...parties,
  product: { id: 'prod-1', code: 'abc' },
  license: { arn: 'arn:aws:license-manager::111111111111:license:l-1' },
};
const event = (type: string, detail: object, more: object = {}) =>
  JSON.stringify({
    version: '0',
    id: 'x',
    'detail-type': type,
    source: 'aws.agreement-marketplace',
    time: '2026-08-20T14:24:23Z',
    detail,
    ...more,
  });
const at = new Date('2026-08-20T14:24:23Z');
const base = { agreementId: 'agmt-1', accountId: '222222222222', at };

describe('an event of AWS Marketplace', () => {
  it.each([
    ['Purchase Agreement Created - Proposer', parties, { kind: 'created', ...base }],
    ['Purchase Agreement Amended - Manufacturer', parties, { kind: 'amended', ...base }],
    [
      'Purchase Agreement Ended - Manufacturer',
      { ...parties, agreement: { id: 'agmt-1', status: 'RENEWED' } },
      { kind: 'ended', ...base, status: 'RENEWED' },
    ],
    [
      'License Updated - Manufacturer',
      licensed,
      { kind: 'licensed', ...base, productCode: 'abc', licenseArn: licensed.license.arn },
    ],
    [
      'License Deprovisioned - Manufacturer',
      licensed,
      { kind: 'deprovisioned', ...base, productCode: 'abc', licenseArn: licensed.license.arn },
    ],
  ])('is read: %s', (type, detail, read) => {
    expect(decodeMarketplaceEvent(event(type, detail))).toEqual({ event: read });
  });

  it('of another kind is named and left', () => {
    expect(decodeMarketplaceEvent(event('Purchase Agreement Ending - Manufacturer', parties))).toEqual({
      other: 'aws.agreement-marketplace Purchase Agreement Ending - Manufacturer',
    });
    expect(decodeMarketplaceEvent(event('License Updated', licensed, { source: 'aws.s3' }))).toEqual({
      other: 'aws.s3 License Updated',
    });
  });

  it('from before licences, through SNS, is named and left', () => {
    const body = JSON.stringify({ Type: 'Notification', TopicArn: 'arn:aws:sns:x', Message: '{}' });
    expect(decodeMarketplaceEvent(body)).toEqual({ other: 'a notification of Amazon SNS' });
  });

  it.each([
    ['no JSON', 'x'],
    ['no account', event('Purchase Agreement Created', { agreement: { id: 'a' }, acceptor: {} })],
    ['no licence', event('License Updated', parties)],
    ['no time', event('License Updated', licensed, { time: undefined })],
    ['an account that is none', event('License Updated', { ...licensed, acceptor: { accountId: "1' --" } })],
  ])('with %s is refused with the field', (_, body) => {
    expect(decodeMarketplaceEvent(body)).toEqual({ fault: expect.stringMatching(/\w/) });
  });
});
