import { expect, it } from 'vitest';
import { readTrustPolicy, trustFault, trustsService } from './trust-policy';

const portalRoleArn = 'arn:aws:iam::111122223333:role/annex-portal';
const asked = { portalRoleArn, externalId: 'annex-foo', tenantId: 'foo' };
const read = (...Statement: object[]) =>
  readTrustPolicy(encodeURIComponent(JSON.stringify({ Version: '2012-10-17', Statement }))) ?? [];
const fault = (...statements: object[]) => trustFault(read(...statements), asked);

const Principal = { AWS: portalRoleArn };
const tag = { 'aws:RequestTag/TenantId': 'foo' };
const assume = {
  Effect: 'Allow',
  Principal,
  Action: 'sts:AssumeRole',
  Condition: { StringEquals: { 'sts:ExternalId': 'annex-foo', ...tag } },
};
const tagging = { Effect: 'Allow', Principal, Action: 'sts:TagSession', Condition: { StringEquals: tag } };
const conditions = (StringEquals: object, more = {}) => ({ ...assume, Condition: { StringEquals }, ...more });

it('finds nothing wrong with the baseline’s policy, however it is written', () => {
  expect(fault(assume, tagging)).toBeNull();
  expect(fault({ ...assume, Action: ['sts:AssumeRole', 'sts:TagSession'] })).toBeNull();
  expect(fault({ ...assume, Action: 'sts:*', Principal: { AWS: ['111122223333', 'x'] } })).toBeNull();
  expect(fault({ ...assume, Action: 'STS:*' })).toBeNull();
  expect(
    fault(
      conditions(
        { 'STS:externalid': ['x', 'annex-foo'] },
        { Condition: { StringLike: { 'sts:ExternalId': 'annex-f*', ...tag } } },
      ),
      tagging,
    ),
  ).toBeNull();
});

it.each([
  ['no statement', [], 'not-trusted'],
  [
    'another principal',
    [{ ...assume, Principal: { AWS: 'arn:aws:iam::111122223333:role/other' } }, tagging],
    'not-trusted',
  ],
  [
    'a service alone',
    [{ ...assume, Principal: { Service: 'sagemaker.amazonaws.com' } }, tagging],
    'not-trusted',
  ],
  ['a denial alone', [{ ...assume, Effect: 'Deny' }, tagging], 'not-trusted'],
  [
    'another external id',
    [conditions({ 'sts:ExternalId': 'annex-bar', ...tag }), tagging],
    'external-id-wrong',
  ],
  ['no external id', [conditions(tag), tagging], 'external-id-not-required'],
  ['a second statement without external id', [assume, conditions(tag), tagging], 'external-id-not-required'],
  ['no sts:TagSession', [assume], 'tag-refused'],
  [
    'sts:TagSession for another tenant',
    [assume, { ...tagging, Condition: { StringEquals: { 'aws:RequestTag/TenantId': 'bar' } } }],
    'tag-refused',
  ],
  [
    'another tenant’s tag',
    [conditions({ 'sts:ExternalId': 'annex-foo', 'aws:RequestTag/TenantId': 'bar' }), tagging],
    'tag-refused',
  ],
  ['no tag', [conditions({ 'sts:ExternalId': 'annex-foo' }), tagging], 'tag-not-required'],
])('finds %s', (_, statements, expected) => expect(fault(...(statements as object[]))).toBe(expected));

it('tells whether a service may assume the role', () => {
  const service = {
    Effect: 'Allow',
    Principal: { Service: ['sagemaker.amazonaws.com'] },
    Action: 'sts:AssumeRole',
  };
  expect(trustsService(read(assume, service), 'sagemaker.amazonaws.com')).toBe(true);
  expect(trustsService(read(assume, { ...service, Effect: 'Deny' }), 'sagemaker.amazonaws.com')).toBe(false);
  expect(trustsService(read(assume), 'sagemaker.amazonaws.com')).toBe(false);
});

it('reads nothing of what is no policy', () => {
  for (const text of ['', '%', 'null', '{"Statement":"x"}', '{"Statement":[{"Effect":1}]}']) {
    expect(readTrustPolicy(text)).toBeNull();
  }
});
