import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  installed,
  type Keys,
  runTool,
  startTestAws,
  type TestAws,
  tenantKeys,
  toolEnvironment,
} from '../aws/testing/test-aws';
import { awsNames } from '../aws-names';
import { freePort } from '../free-port';
import { demoUsers } from './demo-users';
import { readClientSecret } from './secrets';

// A client that nobody here wrote: what it reads without complaint has Cognito's shape.
const [cli] = installed(['aws', '/usr/bin/aws'], ['--version']);
const pool = ['--user-pool-id', awsNames.userPoolId];

let aws: TestAws;

beforeAll(async () => {
  const port = await freePort();
  aws = await startTestAws({
    cognito: { port, portals: ['http://localhost:3998'], demoPassword: awsNames.demoPassword },
  });
});
afterAll(() => aws.stop());

it.skipIf(cli)('skipped: the AWS CLI is not installed', (context) => context.skip());

describe.runIf(cli)('the AWS CLI', () => {
  const run = async (keys: Keys, operation: string, ...args: string[]) => {
    const line = [
      '--endpoint-url',
      aws.origin,
      'cognito-idp',
      operation,
      ...pool,
      '--output',
      'json',
      ...args,
    ];
    const text = await runTool(cli?.file ?? '', line, toolEnvironment(aws, keys));
    return text === '' ? {} : JSON.parse(text);
  };

  it('administers the pool', async () => {
    expect(await run(aws.portal, 'describe-user-pool')).toMatchObject({
      UserPool: { Id: awsNames.userPoolId },
    });
    expect((await run(aws.portal, 'list-users', '--page-size', '2')).Users).toHaveLength(demoUsers.length);
    const username = ['--username', 'grace@bar.example'];
    const attributes = ['--user-attributes', 'Name=custom:tenant_id,Value=bar'];
    await run(aws.portal, 'admin-create-user', ...username, ...attributes, '--message-action', 'SUPPRESS');
    await run(
      aws.portal,
      'admin-set-user-password',
      ...username,
      '--password',
      'a-lasting-one',
      '--permanent',
    );
    await run(aws.portal, 'admin-add-user-to-group', ...username, '--group-name', 'scientist');
    await run(aws.portal, 'admin-disable-user', ...username);
    const user = await run(aws.portal, 'admin-get-user', ...username);
    expect(user).toMatchObject({ Enabled: false, UserStatus: 'CONFIRMED' });
    // The first version of the CLI prints the number that it read, the second a date.
    expect(new Date(user.UserCreateDate).getTime()).toBeGreaterThan(0);
    await run(aws.portal, 'admin-delete-user', ...username);
    await expect(run(aws.portal, 'admin-get-user', ...username)).rejects.toThrow('UserNotFoundException');
  });

  it('signs up without keys', async () => {
    const { AWS_ACCESS_KEY_ID: _id, AWS_SECRET_ACCESS_KEY: _key, ...env } = toolEnvironment(aws, aws.portal);
    const username = 'ada@new.example';
    const secretHash = createHmac('sha256', await readClientSecret(aws.dir))
      .update(`${username}${awsNames.clientId}`)
      .digest('base64');
    const call = (operation: string, ...args: string[]) => {
      const who = ['--client-id', awsNames.clientId, '--secret-hash', secretHash, '--username', username];
      const line = [
        '--endpoint-url',
        aws.origin,
        'cognito-idp',
        operation,
        ...who,
        ...args,
        '--output',
        'json',
      ];
      return runTool(cli?.file ?? '', line, env);
    };
    const made = JSON.parse(await call('sign-up', '--password', 'a-password-of-my-own'));
    expect(made).toMatchObject({ UserConfirmed: false, CodeDeliveryDetails: { Destination: 'a***@n***' } });
    const [mail] = await aws.standIn.services.outbox.list({ to: username });
    const code = /code is (\d{6})/.exec(mail?.text ?? '')?.[1] ?? '';
    await call('confirm-sign-up', '--confirmation-code', code);
    expect(await run(aws.portal, 'admin-get-user', '--username', username)).toMatchObject({
      UserStatus: 'CONFIRMED',
    });
  });

  it('is refused with a tenant’s keys', async () => {
    const foo = await tenantKeys(aws, 'foo');
    await expect(run(foo, 'list-users')).rejects.toThrow(/AccessDenied/);
  });
});
