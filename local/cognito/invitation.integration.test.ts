import {
  AdminCreateUserCommand,
  type AdminCreateUserCommandInput,
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  DescribeUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { clientConfig, startTestAws, type TestAws } from '../aws/testing/test-aws';
import { awsNames } from '../aws-names';
import { freePort } from '../free-port';

const portal = 'http://localhost:3998';
const pool = { UserPoolId: awsNames.userPoolId };
let aws: TestAws;
let cognito: CognitoIdentityProviderClient;

beforeAll(async () => {
  aws = await startTestAws({ cognito: { port: await freePort(), portals: [portal] } });
  cognito = new CognitoIdentityProviderClient(clientConfig(aws, aws.portal));
});
afterEach(() => aws.clearFaults());
afterAll(() => aws.stop());

const create = (Username: string, more: Partial<AdminCreateUserCommandInput> = {}) =>
  cognito.send(new AdminCreateUserCommand({ ...pool, Username, ...more }));
const mailsTo = (to: string) => aws.standIn.services.outbox.list({ to });
const failure = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe('AdminCreateUser', () => {
  it('mails an invitation with a link to the portal and the temporary password', async () => {
    const { User } = await create('ada@foo.example', { DesiredDeliveryMediums: ['EMAIL'] });
    expect(User?.UserStatus).toBe('FORCE_CHANGE_PASSWORD');
    const [mail, ...more] = await mailsTo('ada@foo.example');
    expect(more).toEqual([]);
    expect(mail).toMatchObject({
      service: 'Amazon Cognito',
      from: 'no-reply@verificationemail.com',
      to: 'ada@foo.example',
      subject: 'Your invitation to Annex',
    });
    expect(mail?.text).toContain(`Sign in: ${portal}/\nEmail: ada@foo.example\n`);
    expect(mail?.text).toMatch(/^Temporary password: [\w-]{16}$/m);
  });

  it('mails the temporary password that it is given, whatever is in it', async () => {
    await create('given@foo.example', { TemporaryPassword: '{username}$&{####}' });
    const [mail] = await mailsTo('given@foo.example');
    expect(mail?.text).toContain('Temporary password: {username}$&{####}\n');
  });

  it('mails nothing with SUPPRESS', async () => {
    await create('quiet@foo.example', { MessageAction: 'SUPPRESS' });
    expect(await mailsTo('quiet@foo.example')).toEqual([]);
  });

  it('leaves the address unverified unless it is told otherwise', async () => {
    const verified = [{ Name: 'email_verified', Value: 'true' }];
    await create('unverified@foo.example', { MessageAction: 'SUPPRESS' });
    await create('verified@foo.example', { MessageAction: 'SUPPRESS', UserAttributes: verified });
    const attributesOf = async (Username: string) =>
      (await cognito.send(new AdminGetUserCommand({ ...pool, Username }))).UserAttributes;
    expect(await attributesOf('unverified@foo.example')).not.toContainEqual(verified[0]);
    expect(await attributesOf('verified@foo.example')).toContainEqual(verified[0]);
  });

  it('sends an invitation again, with another password', async () => {
    const { User: first } = await create('again@foo.example');
    const { User: second } = await create('AGAIN@foo.example', { MessageAction: 'RESEND' });
    expect(second).toMatchObject({ Username: first?.Username, UserStatus: 'FORCE_CHANGE_PASSWORD' });
    const texts = (await mailsTo('again@foo.example')).map(({ text }) => text);
    expect(texts).toHaveLength(2);
    expect(texts[0]).not.toBe(texts[1]);
  });

  it('refuses to invite again who is not there, or has a password', async () => {
    expect(await failure(create('nobody@foo.example', { MessageAction: 'RESEND' }))).toBe(
      'UserNotFoundException: User does not exist.',
    );
    const { User } = await create('done@foo.example', { MessageAction: 'SUPPRESS' });
    await cognito.send(
      new AdminSetUserPasswordCommand({
        ...pool,
        Username: 'done@foo.example',
        Password: 'a-lasting-one',
        Permanent: true,
      }),
    );
    expect(await failure(create('done@foo.example', { MessageAction: 'RESEND' }))).toBe(
      `UnsupportedUserStateException: Resend not possible. ${User?.Username} status is not FORCE_CHANGE_PASSWORD`,
    );
    expect(await mailsTo('done@foo.example')).toEqual([]);
  });

  it('refuses what it cannot do, and mails nothing', async () => {
    expect(await failure(create('given@foo.example'))).toBe(
      'UsernameExistsException: User account already exists',
    );
    for (const bad of ['not-an-address', 'a@b@c', 'ada@foo.example\nBcc: x@bar.example', 'a,b@foo.example']) {
      expect(await failure(create(bad)), bad).toBe('InvalidParameterException: Username should be an email.');
    }
    expect(await failure(create('sms@foo.example', { DesiredDeliveryMediums: ['SMS'] }))).toMatch(
      /^InvalidParameterException/,
    );
    const other = { MessageAction: 'REPEAT' as 'RESEND' };
    expect(await failure(create('other@foo.example', other))).toMatch(/^InvalidParameterException.*RESEND/);
    expect(await failure(create('short@foo.example', { TemporaryPassword: 'short' }))).toMatch(
      /^InvalidPasswordException/,
    );
    for (const to of ['sms@foo.example', 'other@foo.example', 'short@foo.example']) {
      expect(await mailsTo(to)).toEqual([]);
    }
  });
});

it('describes the pool as it is', async () => {
  const { UserPool } = await cognito.send(new DescribeUserPoolCommand(pool));
  expect(UserPool).toMatchObject({
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: false, UnusedAccountValidityDays: 7 },
    Policies: { PasswordPolicy: { MinimumLength: 8, TemporaryPasswordValidityDays: 7 } },
    AutoVerifiedAttributes: ['email'],
    VerificationMessageTemplate: { DefaultEmailOption: 'CONFIRM_WITH_CODE' },
  });
  expect(UserPool?.AdminCreateUserConfig?.InviteMessageTemplate?.EmailMessage).toContain('{####}');
});

describe('faults', () => {
  it('make the API unavailable for one operation or all', async () => {
    await aws.fault('cognito.down', 'AdminCreateUser');
    expect(await failure(cognito.send(new DescribeUserPoolCommand(pool)))).toBe('none');
    expect(await failure(create('down@foo.example'))).toBe('InternalErrorException: Asked for by a test.');
    expect(await mailsTo('down@foo.example')).toEqual([]);
    expect(await failure(create('down@foo.example'))).toBe('none');
  });

  it('throttle it', async () => {
    await aws.fault('cognito.throttle', '*', { times: 2, message: 'Rate exceeded' });
    const look = () => failure(cognito.send(new DescribeUserPoolCommand(pool)));
    expect([await look(), await look(), await look()]).toEqual([
      'TooManyRequestsException: Rate exceeded',
      'TooManyRequestsException: Rate exceeded',
      'none',
    ]);
  });
});
