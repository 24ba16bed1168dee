import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tenantCredentials } from '@/lib/aws/core/credentials';
import { type Behaviour, type ProductAws, startProductAws } from '@/local/testing/product-aws';
import { runCommand } from '../testing/built';

const account = '222222222222';
let stack: ProductAws;

beforeAll(async () => {
  stack = await startProductAws();
  await stack.vend('foo', account);
});
afterAll(() => stack?.stop());

const host = (name: string, behaviour: Behaviour) => stack.hostModel(account, name, behaviour);

describe('npm run contract-test', () => {
  /** Runs it as a shell does with the output of `npm run aws:env`, without other settings of this process. */
  async function run(args: readonly string[], more: Readonly<Record<string, string>> = {}) {
    const keys = await tenantCredentials({ kind: 'silo', tenantId: 'foo', accountId: account });
    const env = {
      NODE_ENV: 'test' as const,
      PATH: process.env.PATH ?? '',
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      AWS_SESSION_TOKEN: keys.sessionToken,
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: stack.origin,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
      ...more,
    };
    return runCommand('contract-test', args, { env });
  }

  it('prints the report and ends with 0 for a good model, with 1 for a bad one', async () => {
    await host('cli-good', { kind: 'good' });
    const good = await run(['--endpoint', 'cli-good']);
    expect(good).toMatchObject({ code: 0, out: expect.stringContaining('Passed.') });
    expect(good.out).toContain('ok     Order preserved: ');
    expect(good.out).toMatch(/sent {6}text\/csv, 20 rows/);
    await host('cli-bad', { kind: 'reversed' });
    const bad = await run(['--endpoint', 'cli-bad']);
    expect(bad).toMatchObject({ code: 1, out: expect.stringContaining('FAILED Order preserved') });
  });

  it('ends with 1 and says why when nothing can be tested', async () => {
    expect(await run(['--endpoint', 'nowhere'])).toMatchObject({
      code: 1,
      out: expect.stringContaining('Your organisation’s account has no endpoint with this name'),
    });
    expect(await run([])).toMatchObject({ code: 1, err: expect.stringContaining('Usage:') });
    expect(await run(['--endpoint', 'https://x'])).toMatchObject({ code: 1, out: '' });
    const denied = await run(['--endpoint', 'cli-good'], { AWS_SECRET_ACCESS_KEY: 'wrong' });
    expect(denied).toMatchObject({
      code: 1,
      err: expect.stringContaining('The test could not run: AWS denied access'),
    });
    const nobody = await run(['--endpoint', 'cli-good'], { AWS_ACCESS_KEY_ID: '' });
    expect(nobody).toMatchObject({ code: 1, err: expect.stringContaining('The test could not run') });
  });
});
