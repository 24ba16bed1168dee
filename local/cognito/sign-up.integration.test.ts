import { createHmac } from 'node:crypto';
import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  ConfirmSignUpCommand,
  ResendConfirmationCodeCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { clientConfig, startTestAws, type TestAws } from '../aws/testing/test-aws';
import { awsNames } from '../aws-names';
import { freePort } from '../free-port';
import { authorizationUrl, TestBrowser } from '../testing/user-pool';
import { readClientSecret } from './secrets';

const portal = 'http://localhost:3998';
const Password = 'a-password-of-my-own';
const ClientId = awsNames.clientId;
const pool = { UserPoolId: awsNames.userPoolId };
let aws: TestAws;
let port: number;
let secret: string;
/** Without keys, as people are. */
let anybody: CognitoIdentityProviderClient;
let admin: CognitoIdentityProviderClient;

beforeAll(async () => {
  port = await freePort();
  aws = await startTestAws({ cognito: { port, portals: [portal] } });
  secret = await readClientSecret(aws.dir);
  const credentials = () => Promise.reject(new Error('no keys here'));
  anybody = new CognitoIdentityProviderClient({ ...clientConfig(aws, aws.portal), credentials });
  admin = new CognitoIdentityProviderClient(clientConfig(aws, aws.portal));
});
afterEach(() => aws.clearFaults());
afterAll(() => aws.stop());

const hash = (Username: string, key = secret) =>
  createHmac('sha256', key).update(`${Username}${ClientId}`).digest('base64');
const named = (Username: string) => ({ ClientId, SecretHash: hash(Username), Username });
const signUp = (email: string, more: object = {}) =>
  anybody.send(new SignUpCommand({ ...named(email), Password, ...more }));
const confirm = (email: string, ConfirmationCode: string, more: object = {}) =>
  anybody.send(new ConfirmSignUpCommand({ ...named(email), ConfirmationCode, ...more }));
const resend = (email: string, more: object = {}) =>
  anybody.send(new ResendConfirmationCodeCommand({ ...named(email), ...more }));
const userOf = (Username: string) => admin.send(new AdminGetUserCommand({ ...pool, Username }));
const mailsTo = (to: string) => aws.standIn.services.outbox.list({ to });
const codeTo = async (email: string): Promise<string> =>
  /code is (\d{6})$/m.exec((await mailsTo(email))[0]?.text ?? '')?.[1] ?? '';
const failure = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: Error) => `${error.name}: ${error.message}`,
  );

/** What the hosted UI answers to the person's password. */
async function signIn(email: string): Promise<{ readonly status: number; readonly html: string }> {
  const origin = `http://localhost:${port}`;
  const callbackUrl = `${portal}/api/auth/callback/cognito`;
  const browser = new TestBrowser();
  const { url } = authorizationUrl({ origin, callbackUrl });
  const login = (await browser.follow(url, callbackUrl)).url;
  const response = await browser.request(login, { form: { email, password: Password } });
  return { status: response.status, html: await response.text() };
}

describe('sign-up', () => {
  it('leads by a mailed code to a user who can sign in', async () => {
    const email = 'Ada@new.example';
    const made = await signUp(email, { UserAttributes: [{ Name: 'name', Value: 'Ada' }] });
    expect(made).toMatchObject({
      UserConfirmed: false,
      CodeDeliveryDetails: { AttributeName: 'email', DeliveryMedium: 'EMAIL', Destination: 'A***@n***' },
    });
    expect(await userOf(email)).toMatchObject({ Username: made.UserSub, UserStatus: 'UNCONFIRMED' });
    expect(await mailsTo(email)).toMatchObject([
      { service: 'Amazon Cognito', subject: 'Your confirmation code for Annex' },
    ]);
    const early = await signIn(email);
    expect(early.status).toBe(403);
    expect(early.html).toContain('Your sign-up isn’t confirmed yet');

    await confirm(email, await codeTo(email));
    const { UserStatus, UserAttributes } = await userOf(email);
    expect(UserStatus).toBe('CONFIRMED');
    expect(UserAttributes).toContainEqual({ Name: 'email_verified', Value: 'true' });
    expect(UserAttributes).toContainEqual({ Name: 'name', Value: 'Ada' });
    expect((await signIn(email)).status).toBe(303);
  });

  it('survives a restart between sign-up and code', async () => {
    const email = 'restart@new.example';
    await signUp(email);
    await aws.restart();
    await confirm(email, await codeTo(email));
    expect((await userOf(email)).UserStatus).toBe('CONFIRMED');
  });

  it.each(['custom:tenant_id', 'email_verified', 'sub', 'cognito:groups', 'phone_number', '__proto__'])(
    'refuses %s, which the app client may not write',
    async (Name) => {
      const email = 'intruder@new.example';
      const UserAttributes = [
        { Name, Value: 'foo' },
        { Name: 'email', Value: email },
      ];
      expect(await failure(signUp(email, { UserAttributes }))).toBe(
        'NotAuthorizedException: A client attempted to write unauthorized attribute',
      );
      expect(await failure(userOf(email))).toMatch(/^UserNotFoundException/);
    },
  );

  it('refuses an address that has a user, in any case of letters', async () => {
    await signUp('taken@new.example');
    expect(await failure(signUp('TAKEN@new.example'))).toBe(
      'UsernameExistsException: An account with the given email already exists.',
    );
    const invited = new AdminCreateUserCommand({ ...pool, Username: 'taken@new.example' });
    expect(await failure(admin.send(invited))).toMatch(/^UsernameExistsException/);
    expect(await mailsTo('taken@new.example')).toHaveLength(1);
  });

  it('refuses what is no address or password', async () => {
    const noAddress = 'InvalidParameterException: Username should be an email.';
    expect(await failure(signUp('ada'))).toBe(noAddress);
    const UserAttributes = [{ Name: 'email', Value: 'victim@foo.example' }];
    expect(await failure(signUp('other@new.example', { UserAttributes }))).toBe(noAddress);
    expect(await failure(signUp('short@new.example', { Password: 'short' }))).toBe(
      'InvalidPasswordException: Password did not conform with policy: Password not long enough',
    );
  });
});

describe('codes', () => {
  it('are refused when they are wrong, and after five wrong ones altogether', async () => {
    const email = 'guess@new.example';
    await signUp(email);
    const code = await codeTo(email);
    const wrong = code === '000000' ? '000001' : '000000';
    for (let tries = 0; tries < 5; tries += 1) {
      expect(await failure(confirm(email, wrong))).toBe(
        'CodeMismatchException: Invalid verification code provided, please try again.',
      );
    }
    expect(await failure(confirm(email, code))).toBe(
      'LimitExceededException: Attempt limit exceeded, please try after some time.',
    );
    expect((await userOf(email)).UserStatus).toBe('UNCONFIRMED');
  });

  it('can be sent again, which makes the one before worthless', async () => {
    const email = 'again@new.example';
    await signUp(email);
    expect(await resend(email)).toMatchObject({ CodeDeliveryDetails: { Destination: 'a***@n***' } });
    expect(await mailsTo(email)).toHaveLength(2);
    await confirm(email, await codeTo(email));
    for (let sent = 2; sent < 5; sent += 1) expect(await failure(resend(email))).toBe('none');
    expect(await mailsTo(email)).toHaveLength(2);
  });

  it('are sent five times an hour at most', async () => {
    const email = 'many@new.example';
    await signUp(email);
    for (let sent = 1; sent < 5; sent += 1) await resend(email);
    expect(await failure(resend(email))).toMatch(/^LimitExceededException/);
    expect(await mailsTo(email)).toHaveLength(5);
  });

  it('do not tell who has an account', async () => {
    const email = 'nobody@new.example';
    expect(await resend(email)).toMatchObject({ CodeDeliveryDetails: { Destination: 'n***@n***' } });
    expect(await mailsTo(email)).toEqual([]);
    expect(await failure(confirm(email, '123456'))).toBe(
      'ExpiredCodeException: Invalid code provided, please request a code again.',
    );
  });

  it('confirm nobody who is confirmed, invited, disabled or gone', async () => {
    const invited = 'invited@new.example';
    await admin.send(new AdminCreateUserCommand({ ...pool, Username: invited }));
    expect(await failure(confirm(invited, '123456'))).toBe(
      'NotAuthorizedException: User cannot be confirmed. Current status is FORCE_CHANGE_PASSWORD',
    );
    const confirmed = 'set@new.example';
    await signUp(confirmed);
    const code = await codeTo(confirmed);
    const set = { ...pool, Username: confirmed, Password, Permanent: true };
    await admin.send(new AdminSetUserPasswordCommand(set));
    expect(await failure(confirm(confirmed, code))).toBe(
      'NotAuthorizedException: User cannot be confirmed. Current status is CONFIRMED',
    );
    const disabled = 'disabled@new.example';
    await signUp(disabled);
    await admin.send(new AdminDisableUserCommand({ ...pool, Username: disabled }));
    expect(await failure(confirm(disabled, await codeTo(disabled)))).toBe(
      'NotAuthorizedException: User is disabled.',
    );
    await admin.send(new AdminDeleteUserCommand({ ...pool, Username: disabled }));
    expect(await failure(confirm(disabled, await codeTo(disabled)))).toMatch(/^ExpiredCodeException/);
  });
});

describe('the app client', () => {
  it('has to prove its secret', async () => {
    const email = 'secret@new.example';
    expect(await failure(signUp(email, { SecretHash: undefined }))).toBe(
      `NotAuthorizedException: Client ${ClientId} is configured with secret but SECRET_HASH was not received`,
    );
    const wrong = `NotAuthorizedException: Unable to verify secret hash for client ${ClientId}`;
    expect(await failure(signUp(email, { SecretHash: hash(email, 'guessed') }))).toBe(wrong);
    expect(await failure(confirm(email, '123456', { SecretHash: hash('other@new.example') }))).toBe(wrong);
    expect(await failure(resend(email, { SecretHash: 'x' }))).toBe(wrong);
    expect(await failure(signUp(email, { ClientId: 'another' }))).toBe(
      'ResourceNotFoundException: User pool client another does not exist.',
    );
    expect(await failure(userOf(email))).toMatch(/^UserNotFoundException/);
  });

  it('gets no admin call without keys', async () => {
    const response = await fetch(aws.origin, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AWSCognitoIdentityProviderService.AdminCreateUser',
      },
      body: JSON.stringify({ ...pool, Username: 'ada@foo.example' }),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' });
  });

  it('is told of garbage', async () => {
    const post = async (body: string) => {
      const headers = {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AWSCognitoIdentityProviderService.SignUp',
      };
      const response = await fetch(aws.origin, { method: 'POST', headers, body });
      return [response.status, ((await response.json()) as { __type: string }).__type];
    };
    expect(await post('[]')).toEqual([400, 'SerializationException']);
    expect(await post('{"ClientId":7}')).toEqual([400, 'SerializationException']);
    expect(await post('{}')).toEqual([400, 'InvalidParameterException']);
    expect((await post(`{"ClientId":"${'x'.repeat(100_000)}"}`))[0]).toBe(413);
    expect(aws.warnings).toEqual([]);
  });
});

it('fails when Cognito is down or throttles', async () => {
  await aws.fault('cognito.down', 'SignUp');
  expect(await failure(signUp('down@new.example'))).toMatch(/^InternalErrorException/);
  await aws.fault('cognito.throttle', 'SignUp');
  expect(await failure(signUp('down@new.example'))).toMatch(/^TooManyRequestsException/);
  await aws.fault('request', 'cognito-idp.SignUp', { message: 'TooManyRequestsException: asked for' });
  expect(await failure(signUp('down@new.example'))).toMatch(/^TooManyRequestsException: asked for/);
  expect(await failure(signUp('down@new.example'))).toBe('none');
});
