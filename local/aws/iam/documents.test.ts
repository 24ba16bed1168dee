import { expect, test } from 'vitest';
import type { Caller } from '../core/service';
import { policyOf, resourcePolicyOf, trustOf } from './documents';
import { decide, decideResource } from './evaluate';
import { trusts } from './sts';

const account = '444455556666';
const roleArn = `arn:aws:iam::${account}:role/function`;
const caller: Caller = { accountId: account, arn: roleArn, roleArn, tags: {} };
const document = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
const allow = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' };
const get = { caller, action: 's3:GetObject', resource: 'arn:aws:s3:::b/k' };

test('a policy as people write it decides as IAM does', () => {
  expect(decide([policyOf(document(allow))], get)).toBe('allow');
  expect(decide([policyOf({ Version: '2012-10-17', Statement: allow })], get)).toBe('allow');
  const insecure = { ...allow, Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': false } } };
  expect(decide([policyOf(document(allow, insecure))], get)).toBe('allow');
  const secure = { ...insecure, Condition: { Bool: { 'aws:SecureTransport': 'true' } } };
  expect(decide([policyOf(document(allow, secure))], get)).toBe('deny');
});

test.each<readonly [unknown, string]>([
  [`arn:aws:iam::${account}:root`, 'allow'],
  [account, 'allow'],
  [roleArn, 'allow'],
  ['arn:aws:iam::777788889999:root', 'none'],
])('a resource policy names %s: %s', (AWS, decision) => {
  expect(decideResource(resourcePolicyOf(document({ ...allow, Principal: { AWS } })), get)).toBe(decision);
});

test('a service is nobody who calls by itself', () => {
  const Principal = { Service: 'lambda.amazonaws.com' };
  expect(decideResource(resourcePolicyOf(document({ ...allow, Principal })), get)).toBe('none');
});

const assume = { Effect: 'Allow', Action: 'sts:AssumeRole' };
const from = { roleArn: 'arn:aws:iam::111122223333:role/annex-portal' };

test('a role trusts whom its document names, on its conditions', () => {
  const Condition = { StringEquals: { 'sts:ExternalId': 'shared' } };
  const Principal = { AWS: 'arn:aws:iam::111122223333:root' };
  const trust = trustOf(document({ ...assume, Principal, Condition }), account);
  const role = { arn: roleArn, trust, policies: [] };
  expect(trusts(role, from, { externalId: 'shared', tags: {} })).toBe(true);
  expect(trusts(role, from, { externalId: 'other', tags: {} })).toBe(false);
  expect(trusts(role, { roleArn }, { externalId: 'shared', tags: {} })).toBe(false);
});

test.each<readonly [string, () => unknown, RegExp]>([
  ['without a version', () => policyOf({ Statement: [allow] }), /Version of a policy must be 2012-10-17/],
  ['with NotAction', () => policyOf(document({ ...allow, NotAction: 'x' })), /NotAction .* not supported/],
  ['without an action', () => policyOf(document({ Effect: 'Allow', Resource: '*' })), /Action must be/],
  [
    'with an operator that is not here',
    () => policyOf(document({ ...allow, Condition: { DateLessThan: { 'aws:CurrentTime': 'x' } } })),
    /DateLessThan is not supported/,
  ],
  ['without a principal', () => resourcePolicyOf(document(allow)), /principal null/],
  [
    'of a role with a condition that is not here',
    () =>
      trustOf(
        document({ ...assume, Principal: '*', Condition: { StringEquals: { 'aws:SourceArn': 'x' } } }),
        account,
      ),
    /condition StringEquals of aws:SourceArn/,
  ],
  [
    'of a role that denies',
    () => trustOf(document({ ...assume, Effect: 'Deny' }), account),
    /only have Effect Allow/,
  ],
])('a document %s is refused', (_, read, sentence) => expect(read).toThrow(sentence));
