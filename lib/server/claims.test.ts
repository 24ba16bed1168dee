import { expect, it } from 'vitest';
import { identityOf } from './claims';

const claims = { sub: 's', email: 'a@b.example', token_use: 'id', iat: 10, exp: 3610 };

it('takes roles from groups, and never one that no group gives', () => {
  const groups = ['member', 'system', 'us-east-1_pool_Google', 'scientist'];
  expect(identityOf({ ...claims, 'cognito:groups': groups }).roles).toEqual(['scientist', 'member']);
  expect(identityOf(claims).roles).toEqual([]);
});

it('takes the seller from its claim, if it can be one', () => {
  const sellerOf = (id: string) => identityOf({ ...claims, 'custom:seller_id': id }).sellerId;
  expect(sellerOf('models-2')).toBe('models-2');
  for (const none of ['', 'A', 'a--b', '-a', 'a b', "a'", 'x'.repeat(41)])
    expect(sellerOf(none), none).toBeNull();
});

it('takes the tenant from its claim alone', () => {
  expect(identityOf({ ...claims, 'custom:tenant_id': 'foo' })).toEqual({
    sub: 's',
    email: 'a@b.example',
    tenantId: 'foo',
    sellerId: null,
    roles: [],
    issuedAt: 10,
    expiresAt: 910,
  });
  expect(identityOf({ ...claims, tenant_id: 'foo' }).tenantId).toBeNull();
});

it('believes a token for 15 minutes, however long the pool lets it live', () => {
  expect(identityOf(claims).expiresAt).toBe(10 + 15 * 60);
  expect(identityOf({ ...claims, exp: 310 }).expiresAt).toBe(310);
});

it('refuses an access token', () => {
  expect(() => identityOf({ ...claims, token_use: 'access' })).toThrow();
});

it('takes no tenant from a claim that no database can store, and never a similar one', () => {
  for (const tenant of ['foo\0', '\0', 'fo\ud800o'])
    expect(identityOf({ ...claims, 'custom:tenant_id': tenant }).tenantId, JSON.stringify(tenant)).toBeNull();
  expect(identityOf({ ...claims, email: 'a\0b\udfff@b.example' }).email).toBe('a\ufffdb\ufffd@b.example');
  expect(() => identityOf({ ...claims, sub: 's\0' })).toThrow();
});
