import { createHmac } from 'node:crypto';
import {
  AdminDeleteUserCommand,
  ConfirmSignUpCommand,
  DescribeUserPoolCommand,
  ResendConfirmationCodeCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { SignUpPool } from '@/lib/domain/signup/ports';
import { hourMs } from '@/lib/domain/time';
import { env } from '@/lib/env';
import { AnnexError, isAnnexError } from '@/lib/errors';
import { memoOne } from '@/lib/memo';
import { passwordFault } from './password-policy';
import { call, named, removeUnconfirmed, tenantUserPool, userOf } from './user-pool';

/** What people who sign up do in the pool. The calls that nobody signs with AWS keys prove themselves by the secret of the app client. */
export function signUpPool(): SignUpPool {
  return {
    passwordFault: async (password) => passwordFault(await policy(), password),
    signUp: async (user) =>
      (await signUp(user)) ?? ((await removeUnconfirmed(user.email)) ? signUp(user) : null),
    confirm,
    resend: async (userId) => {
      await orThrottled(() =>
        call('sending a code', (client) => client.send(new ResendConfirmationCodeCommand(ofClient(userId)))),
      );
    },
    assign: (userId, tenantId) => tenantUserPool(tenantId).adopt(userId, 'owner'),
    remove: async (userId, tenantId) => {
      try {
        const user = await userOf(userId);
        if (user.tenantId !== null && user.tenantId !== tenantId) return;
        await call('removing a user', (client) => client.send(new AdminDeleteUserCommand(named(userId))));
      } catch (error) {
        if (!isAnnexError(error, 'not_found')) throw error;
      }
    },
  };
}

/** It changes by hand, and rarely, ms. */
const policyMs = hourMs;

const policy = memoOne(
  async () => {
    const { UserPool } = await call('reading the password policy', (client) =>
      client.send(new DescribeUserPoolCommand({ UserPoolId: named('').UserPoolId })),
    );
    return UserPool?.Policies?.PasswordPolicy ?? {};
  },
  () => Date.now() + policyMs,
);

/** The new user's id; null if the address has one. */
async function signUp({
  email,
  name,
  password,
}: Parameters<SignUpPool['signUp']>[0]): Promise<string | null> {
  try {
    const { UserSub } = await call('signing up', (client) =>
      client.send(
        new SignUpCommand({
          ...ofClient(email),
          Password: password,
          UserAttributes: [
            { Name: 'email', Value: email },
            { Name: 'name', Value: name },
          ],
        }),
      ),
    );
    return UserSub ?? null;
  } catch (error) {
    if (isAnnexError(error, 'conflict')) return null;
    if (nameOf(error) !== 'InvalidPasswordException') throw error;
    const text = 'The sign-in service does not take this password. Choose another.';
    throw new AnnexError('invalid', text, { fields: { password: text }, cause: error });
  }
}

async function confirm(userId: string, code: string): Promise<boolean> {
  try {
    await orThrottled(() =>
      call('confirming a sign-up', (client) =>
        client.send(new ConfirmSignUpCommand({ ...ofClient(userId), ConfirmationCode: code })),
      ),
    );
    return true;
  } catch (error) {
    switch (nameOf(error)) {
      case 'CodeMismatchException':
      case 'ExpiredCodeException':
      case 'UserNotFoundException':
        return false;
      // What Cognito says of a user that is confirmed, as after an interruption, or disabled.
      case 'NotAuthorizedException':
        return isConfirmed(userId);
      default:
        throw error;
    }
  }
}

async function isConfirmed(userId: string): Promise<boolean> {
  try {
    return (await userOf(userId)).status === 'CONFIRMED';
  } catch (error) {
    if (isAnnexError(error, 'not_found')) return false;
    throw error;
  }
}

/** Cognito has one error for a quota of the account and for a user who has asked too often. */
async function orThrottled<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!['LimitExceededException', 'TooManyFailedAttemptsException'].includes(nameOf(error))) throw error;
    throw new AnnexError('throttled', 'Too many codes were asked for or entered. Try again in an hour.', {
      cause: error,
    });
  }
}

const nameOf = (error: unknown): string =>
  isAnnexError(error) && error.cause instanceof Error ? error.cause.name : '';

/** Source: "Computing secret hash values", Amazon Cognito Developer Guide. */
function ofClient(Username: string) {
  const { COGNITO_CLIENT_ID: ClientId, COGNITO_CLIENT_SECRET: secret } = env();
  const SecretHash = createHmac('sha256', secret).update(`${Username}${ClientId}`).digest('base64');
  return { ClientId, SecretHash, Username };
}
