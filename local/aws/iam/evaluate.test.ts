import { expect, test } from 'vitest';
import type { PolicyDocument, PolicyStatement } from '../core/iam-role';
import type { Caller } from '../core/service';
import { type AccessRequest, checkPolicy, decide, decideResource } from './evaluate';

const caller: Caller = {
  accountId: '222233334444',
  arn: 'arn:aws:sts::222233334444:assumed-role/annex-tenant/s',
  roleArn: 'arn:aws:iam::222233334444:role/annex-tenant',
  tags: { TenantId: 'foo' },
};
const variable = (name: string) => `\${${name}}`;

function ask(statements: Partial<PolicyStatement>[], request: Partial<AccessRequest> = {}) {
  const policy: PolicyDocument = {
    Version: '2012-10-17',
    Statement: statements.map((given) => ({ Effect: 'Allow', Action: '*', Resource: '*', ...given })),
  };
  checkPolicy(policy);
  return decide([policy], { caller, action: 's3:GetObject', resource: 'arn:aws:s3:::b/k', ...request });
}

test('refuses by default, and an explicit deny wins over any allow in any order', () => {
  expect(ask([])).toBe('none');
  expect(ask([{}])).toBe('allow');
  expect(ask([{}, { Effect: 'Deny', Action: 's3:Get*' }])).toBe('deny');
  expect(ask([{ Effect: 'Deny', Action: 's3:Get*' }, {}])).toBe('deny');
});

test.each([
  ['s3:GetObject', 'allow'],
  ['S3:getobject', 'allow'],
  ['s3:Get*', 'allow'],
  ['s3:GetObjec?', 'allow'],
  ['s3:GetObject?', 'none'],
  ['s3:*', 'allow'],
  ['*', 'allow'],
  ['s3:Get', 'none'],
  ['sqs:*', 'none'],
])('action %s: %s', (Action, decision) => expect(ask([{ Action }])).toBe(decision));

test.each([
  ['arn:aws:s3:::b/*', 'allow'],
  ['arn:aws:s3:::B/*', 'none'],
  ['arn:aws:s3:::b', 'none'],
  ['arn:aws:s3:::?/k', 'allow'],
  ['arn:aws:s3:::b.k', 'none'],
])('resource %s: %s', (Resource, decision) => expect(ask([{ Resource }])).toBe(decision));

test('puts policy variables in literally, and a variable without a value matches nothing', () => {
  const own = { Resource: `arn:aws:s3:::b/${variable('aws:PrincipalTag/TenantId')}/*` };
  expect(ask([own], { resource: 'arn:aws:s3:::b/foo/x' })).toBe('allow');
  expect(ask([own], { resource: 'arn:aws:s3:::b/bar/x' })).toBe('none');
  const star = { ...caller, tags: { TenantId: '*' } };
  expect(ask([own], { caller: star, resource: 'arn:aws:s3:::b/bar/x' })).toBe('none');
  expect(ask([own], { caller: { ...caller, tags: {} }, resource: 'arn:aws:s3:::b//x' })).toBe('none');
});

const leading = (keys: readonly string[] | undefined) => ({
  context: keys === undefined ? {} : { 'dynamodb:LeadingKeys': keys },
});
const onlyOwn = {
  'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [`T#${variable('aws:PrincipalTag/TenantId')}`] },
};

test('ForAllValues holds for every value, and for none: Null is what refuses a missing key', () => {
  expect(ask([{ Condition: onlyOwn }], leading(['T#foo', 'T#foo']))).toBe('allow');
  expect(ask([{ Condition: onlyOwn }], leading(['T#foo', 'T#bar']))).toBe('none');
  expect(ask([{ Condition: onlyOwn }], leading(undefined))).toBe('allow');
  const present = { ...onlyOwn, Null: { 'dynamodb:LeadingKeys': 'false' } };
  expect(ask([{ Condition: present }], leading(undefined))).toBe('none');
  expect(ask([{ Condition: present }], leading([]))).toBe('none');
  expect(ask([{ Condition: present }], leading(['T#foo']))).toBe('allow');
});

test('StringLike knows wildcards and StringEquals does not', () => {
  const context = { 'aws:ResourceAccount': '222233334444' };
  expect(ask([{ Condition: { StringLike: { 'aws:ResourceAccount': '2222*' } } }], { context })).toBe('allow');
  expect(ask([{ Condition: { StringEquals: { 'aws:ResourceAccount': '2222*' } } }], { context })).toBe(
    'none',
  );
  const own = { StringEquals: { 'aws:ResourceAccount': variable('aws:PrincipalAccount') } };
  expect(ask([{ Condition: own }], { context })).toBe('allow');
  expect(ask([{ Condition: own }], { context: { 'aws:ResourceAccount': '999900001111' } })).toBe('none');
  expect(ask([{ Condition: own }])).toBe('none');
});

test('every condition of a statement has to hold', () => {
  const Condition = { StringEquals: { a: '1', b: '2' } };
  expect(ask([{ Condition }], { context: { a: '1', b: '2' } })).toBe('allow');
  expect(ask([{ Condition }], { context: { a: '1', b: '3' } })).toBe('none');
});

test('a request cannot say who it is', () => {
  const Condition = { StringEquals: { 'aws:PrincipalTag/TenantId': 'bar' } };
  expect(ask([{ Condition }], { context: { 'aws:PrincipalTag/TenantId': 'bar' } })).toBe('none');
});

test('refuses a policy with an operator that it could only ignore', () => {
  expect(() => ask([{ Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }])).toThrow(/IpAddress/);
  expect(() => ask([{ Condition: { 'ForNoValue:StringEquals': { a: 'b' } } }])).toThrow(/ForNoValue/);
});

test('a resource policy names its principals', () => {
  const policy = (Principal: '*' | { AWS: string }) => ({
    Version: '2012-10-17' as const,
    Statement: [{ Effect: 'Allow' as const, Action: '*', Resource: '*', Principal }],
  });
  const request = { caller, action: 's3:GetObject', resource: 'arn:aws:s3:::b/k' };
  expect(decideResource(policy('*'), request)).toBe('allow');
  expect(decideResource(policy({ AWS: caller.roleArn }), request)).toBe('allow');
  expect(decideResource(policy({ AWS: 'arn:aws:iam::1:role/other' }), request)).toBe('none');
});
