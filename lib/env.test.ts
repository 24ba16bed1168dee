import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseEnv, variables } from './env';

const text = readFileSync('.env.example', 'utf8');

/** The settings of `.env.example`, with the operator's blanks filled in. */
function example(): Record<string, string> {
  const pairs = text.split('\n').flatMap((line) => {
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

  it('has every variable in .env.example, and no other', () => {
    const named = [...text.matchAll(/^(?:# )?([A-Z0-9_]+)=/gm)].map(([, name]) => name);
    // The images set NODE_ENV, the start script ANNEX_EMBEDDED; only Prisma's command line reads the last one.
    const elsewhere = ['NODE_ENV', 'ANNEX_EMBEDDED'];
    expect(named.toSorted()).toEqual(
      [...variables.filter((name) => !elsewhere.includes(name)), 'MIGRATION_DATABASE_URL'].toSorted(),
    );
  });

  it.each([
    'http://localhost:4566',
    'http://127.0.0.1:1',
    'http://0.0.0.0:1',
    'http://[::1]:1',
    'http://[::]:1',
    'http://[::ffff:127.0.0.1]:1',
    'http://aws.localhost',
  ])('refuses AWS and sign-in on loopback in production: %s', (url) => {
    for (const name of [
      'AWS_ENDPOINT_URL',
      'AWS_ENDPOINT_URL_S3',
      'AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME',
      'COGNITO_ISSUER',
      'COGNITO_DOMAIN',
      'ANNEX_JOBS_QUEUE_URL',
      'ANNEX_EVENTS_QUEUE_URL',
    ]) {
      expect(() => parseEnv({ ...example(), [name]: url })).toThrow(`${name} points to loopback`);
    }
    expect(parseEnv({ ...example(), AWS_ENDPOINT_URL: url, ANNEX_EMBEDDED: '1' }).AWS_ENDPOINT_URL).toBe(url);
    expect(parseEnv({ ...example(), AWS_ENDPOINT_URL: url, NODE_ENV: 'test' }).AWS_ENDPOINT_URL).toBe(url);
  });

  it('takes an endpoint that only looks like loopback', () => {
    const url = 'https://127.0.0.1.example.com';
    expect(parseEnv({ ...example(), AWS_ENDPOINT_URL: url }).AWS_ENDPOINT_URL).toBe(url);
  });

  describe.each(['DATABASE_URL', 'DATABASE_REPLICA_URL'] as const)('%s in production', (name) => {
    it.each([
      'postgresql://u:secret@db.example.com/annex',
      'postgresql://u:secret@db.example.com/annex?sslmode=require',
      'postgresql://u:secret@db.example.com/annex?sslmode=verify-full&sslmode=disable',
      'postgresql://u:secret@localhost/annex?host=db.example.com',
    ])('is refused without a verified certificate: %s', (url) => {
      expect(() => parseEnv({ ...example(), [name]: url })).toThrow(
        new RegExp(`^(?!.*secret)${name} .*Add sslmode=verify-full`),
      );
      expect(parseEnv({ ...example(), [name]: url, ANNEX_EMBEDDED: '1' })[name]).toBe(url);
      expect(parseEnv({ ...example(), [name]: url, NODE_ENV: 'test' })[name]).toBe(url);
    });

    it.each([
      'postgresql://u:secret@db.example.com/annex?application_name=x&sslmode=verify-full',
      'postgresql://u:secret@127.0.0.1:5432/annex',
    ])('is taken with one, or from this machine: %s', (url) => {
      expect(parseEnv({ ...example(), [name]: url })[name]).toBe(url);
    });
  });
});
