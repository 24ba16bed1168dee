import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseEnv } from './env';

/** The settings of `.env.example`, with what it leaves to the operator filled in. */
function example(): Record<string, string> {
  const lines = readFileSync('.env.example', 'utf8').split('\n');
  const pairs = lines.flatMap((line) => {
    const [, name = '', value = ''] = /^([A-Z0-9_]+)=(.*)$/.exec(line) ?? [];
    return name ? [[name, value || 'x'.repeat(32)] as const] : [];
  });
  return { ...Object.fromEntries(pairs), NODE_ENV: 'production' };
}

describe('parseEnv', () => {
  it('takes .env.example once it is filled in', () => {
    expect(parseEnv(example()).ANNEX_STACK_SET).toBe('annex-ml-baseline');
  });

  it('names every variable that is missing or wrong in one message', () => {
    const { DATABASE_URL: _url, AWS_REGION: _region, ...rest } = example();
    try {
      parseEnv({ ...rest, NEXTAUTH_SECRET: 'short', ANNEX_ACCOUNT_EMAIL: 'a@b.example' });
    } catch (error) {
      for (const name of ['DATABASE_URL', 'AWS_REGION', 'NEXTAUTH_SECRET', 'ANNEX_ACCOUNT_EMAIL']) {
        expect(String(error)).toContain(name);
      }
    }
    expect.assertions(4);
  });

  it.each(['http://localhost:4566', 'http://127.0.0.1:1', 'http://[::1]:1', 'http://aws.localhost'])(
    'refuses AWS on loopback in production: %s',
    (url) => {
      expect(() => parseEnv({ ...example(), AWS_ENDPOINT_URL: url })).toThrow(
        /AWS_ENDPOINT_URL is on loopback/,
      );
      expect(() => parseEnv({ ...example(), COGNITO_ISSUER: url })).toThrow(/COGNITO_ISSUER is on loopback/);
      expect(parseEnv({ ...example(), AWS_ENDPOINT_URL: url, ANNEX_EMBEDDED: '1' }).AWS_ENDPOINT_URL).toBe(
        url,
      );
      expect(parseEnv({ ...example(), AWS_ENDPOINT_URL: url, NODE_ENV: 'test' }).AWS_ENDPOINT_URL).toBe(url);
    },
  );
});
