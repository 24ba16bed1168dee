import { createHmac, timingSafeEqual } from 'node:crypto';
import { AwsError, type OpenOperation } from '../aws/core/service';
import { optionalText } from '../aws/wire/rpc-input';
import { awsNames } from '../aws-names';
import { addressOf, attributesOf, type Input, invalid, required } from './input';
import { failAsAsked, type Pool } from './pool';
import { expiredCode } from './sign-up-codes';
import { emailKey, type PoolUser } from './users';

/** What the app client may write. A tenant is not among it: whoever could write it would choose one. */
const writable = new Set(['email', 'name']);

/**
 * The calls by which people sign up, which nobody signs with AWS keys: the app client's secret proves who asks. The client has
 * `PreventUserExistenceErrors` on.
 */
export function signUpOperations(pool: Pool): Readonly<Record<string, OpenOperation>> {
  const open = (name: string, run: OpenOperation): [string, OpenOperation] => [
    `AWSCognitoIdentityProviderService.${name}`,
    async (input) => {
      failAsAsked(pool.standIn, name);
      checkClient(pool, input);
      return run(input);
    },
  ];
  return Object.fromEntries([
    open('SignUp', (input) => signUp(pool, input)),
    open('ConfirmSignUp', (input) => confirm(pool, input)),
    open('ResendConfirmationCode', (input) => resend(pool, input)),
  ]);
}

/** Whether the app client asks. Source: "Computing secret hash values", Amazon Cognito Developer Guide. */
function checkClient({ clientSecret }: Pool, input: Input): void {
  const client = required(input, 'ClientId');
  if (client !== awsNames.clientId) {
    throw new AwsError('ResourceNotFoundException', `User pool client ${client} does not exist.`);
  }
  const given = optionalText(input, 'SecretHash');
  if (given === undefined) {
    throw notAuthorized(`Client ${client} is configured with secret but SECRET_HASH was not received`);
  }
  const message = `${required(input, 'Username')}${client}`;
  const right = Buffer.from(createHmac('sha256', clientSecret).update(message).digest('base64'));
  const hash = Buffer.from(given);
  if (hash.length === right.length && timingSafeEqual(hash, right)) return;
  throw notAuthorized(`Unable to verify secret hash for client ${client}`);
}

async function signUp(pool: Pool, input: Input): Promise<unknown> {
  const given = attributesOf(input);
  if (Object.keys(given).some((name) => !writable.has(name))) {
    throw notAuthorized('A client attempted to write unauthorized attribute');
  }
  const email = addressOf(required(input, 'Username'));
  const { email: stated = email, ...attributes } = given;
  if (emailKey(stated) !== emailKey(email)) throw invalid('Username should be an email.');
  const user = await pool.users.signUp({ email, attributes, password: required(input, 'Password') });
  const delivery = await sendCode(pool, user);
  return { UserConfirmed: false, UserSub: user.sub, CodeDeliveryDetails: delivery };
}

async function confirm({ users, codes }: Pool, input: Input): Promise<unknown> {
  const code = required(input, 'ConfirmationCode');
  const user = await users.find(required(input, 'Username'));
  if (!user) throw expiredCode();
  if (!user.enabled) throw notAuthorized('User is disabled.');
  if (user.status !== 'UNCONFIRMED') {
    throw notAuthorized(`User cannot be confirmed. Current status is ${user.status}`);
  }
  await codes.redeem(user.sub, code);
  await users.change(user.sub, ({ attributes }) => ({
    status: 'CONFIRMED',
    attributes: { ...attributes, email_verified: 'true' },
  }));
  return {};
}

async function resend(pool: Pool, input: Input): Promise<unknown> {
  const username = required(input, 'Username');
  const user = await pool.users.find(username);
  // Who has no account, or needs no code, gets the same answer and no mail.
  const needsCode = user?.enabled && user.status === 'UNCONFIRMED';
  return { CodeDeliveryDetails: needsCode ? await sendCode(pool, user) : deliveryTo(username) };
}

async function sendCode({ codes, messages }: Pool, { sub, email }: PoolUser): Promise<unknown> {
  await messages.sendCode(email, await codes.issue(sub));
  return deliveryTo(email);
}

/** `a***@f***` */
function deliveryTo(email: string) {
  const [name = '', domain = ''] = email.split('@');
  const Destination = `${name.charAt(0)}***@${domain.charAt(0)}***`;
  return { AttributeName: 'email', DeliveryMedium: 'EMAIL', Destination };
}

const notAuthorized = (message: string): AwsError => new AwsError('NotAuthorizedException', message);
