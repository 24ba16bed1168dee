import { beforeEach, describe, expect, it } from 'vitest';
import { type Credentials, rememberCredentials, type Scope } from './credentials';

const minute = 60_000;
const foo: Scope = { kind: 'pooled', tenantId: 'foo' };
let now = 0;
let assumed: Scope[] = [];

beforeEach(() => {
  now = 0;
  assumed = [];
});

async function assume(scope: Scope): Promise<Credentials> {
  assumed.push(scope);
  return {
    accessKeyId: `key-${assumed.length}`,
    secretAccessKey: 's',
    sessionToken: 't',
    expiration: new Date(now + 60 * minute),
  };
}

const remembered = (capacity = 10) => rememberCredentials(assume, { capacity, now: () => now });

describe('rememberCredentials', () => {
  it('asks once, also for several at the same time, until shortly before the end', async () => {
    const credentials = remembered();
    const both = await Promise.all([credentials(foo), credentials(foo)]);
    expect(both[0]).toBe(both[1]);
    now = 54 * minute;
    expect((await credentials(foo)).accessKeyId).toBe('key-1');
    now = 55 * minute;
    expect((await credentials(foo)).accessKeyId).toBe('key-2');
    expect(assumed).toHaveLength(2);
  });

  it('never gives one scope what is another’s', async () => {
    const credentials = remembered();
    const scopes: Scope[] = [
      foo,
      { kind: 'pooled', tenantId: 'bar' },
      { kind: 'silo', tenantId: 'foo', accountId: '1' },
      { kind: 'silo', tenantId: 'bar', accountId: '1' },
      { kind: 'silo', tenantId: 'foo', accountId: '2' },
    ];
    const keys = await Promise.all(scopes.map(async (scope) => (await credentials(scope)).accessKeyId));
    expect(new Set(keys).size).toBe(scopes.length);
    expect(assumed).toEqual(scopes);
  });

  it('does not remember a failure', async () => {
    let fails = true;
    const credentials = rememberCredentials(
      (scope) => (fails ? Promise.reject(new Error('denied')) : assume(scope)),
      { capacity: 10, now: () => now },
    );
    await expect(credentials(foo)).rejects.toThrow('denied');
    fails = false;
    expect((await credentials(foo)).accessKeyId).toBe('key-1');
  });

  it('forgets the tenant that was not served for the longest time', async () => {
    const credentials = remembered(2);
    const of = (tenantId: string) => credentials({ kind: 'pooled', tenantId });
    await of('a');
    await of('b');
    await of('a');
    await of('c');
    expect(assumed).toHaveLength(3);
    await of('a');
    expect(assumed).toHaveLength(3);
    await of('b');
    expect(assumed).toHaveLength(4);
  });
});
