import { env } from '@/lib/env';
import { callbackPath } from './callback-url';

/** Why a sign-in or a session ended, for the page that explains it. */
export interface AuthFailure {
  readonly title: string;
  readonly text: string;
  /** Path to return to after signing in again; safe to redirect to. */
  readonly callbackUrl: string;
  /** To quote to an administrator; null when the log has nothing more to tell. */
  readonly reference: string | null;
}

type Words = readonly [title: string, text: string];

const failed: Words = [
  'Sign-in failed',
  'The sign-in service accepted you, but Annex could not complete the sign-in. Try again. If the problem persists, tell your administrator the reference below.',
];

const words: Readonly<Record<string, Words>> = {
  SessionExpired: [
    'Your session has expired',
    'The sign-in service did not renew it. Sign in again to return to where you were. Everything you saved is kept. If you cannot sign in, ask your administrator whether your user is disabled.',
  ],
  SessionChanged: [
    'Your access has changed',
    'Your role or organisation was changed. Sign in again to work with it. Everything you saved is kept.',
  ],
  SessionDisabled: [
    'Your user is disabled',
    'Ask your administrator to enable it, then sign in again. Everything you saved is kept.',
  ],
  SessionEnded: [
    'Your session has ended',
    'You signed out in another browser, or your access was changed. Sign in again to return to where you were. Everything you saved is kept.',
  ],
  SignOutIncomplete: [
    'Sign-out is not complete',
    'This browser has forgotten your session, but Annex could not end it everywhere because its database cannot be reached. Sign in again in a minute, then sign out.',
  ],
  Cancelled: ['Sign-in was cancelled', 'You are not signed in. Sign in when you are ready.'],
  OAuthCallback: [
    'Sign-in could not be completed',
    'It took longer than 15 minutes, was completed in another tab, or this browser blocks cookies. Try again in this tab.',
  ],
  OAuthSignin: ['The sign-in service cannot be reached', 'Nothing was lost. Try again in a minute.'],
};

const expected = new Set([
  'SessionExpired',
  'SessionChanged',
  'SessionDisabled',
  'SessionEnded',
  'Cancelled',
]);

/**
 * Interprets the query of `/auth-error`. Only a known code, a path and a reference get from the query into the page.
 */
export function authFailure(query: Readonly<Record<string, string | string[] | undefined>>): AuthFailure {
  const code = one(query.error) ?? '';
  const [title, text] = (Object.hasOwn(words, code) ? words[code] : undefined) ?? failed;
  const reference = one(query.reference);
  return {
    title,
    text,
    callbackUrl: callbackPath(one(query.callbackUrl), env().NEXTAUTH_URL),
    reference: reference && !expected.has(code) && /^[\w-]{8,64}$/.test(reference) ? reference : null,
  };
}

const one = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;
