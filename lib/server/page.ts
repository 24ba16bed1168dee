import { headers } from 'next/headers';
import { forbidden, redirect } from 'next/navigation';
import type { Action } from '@/lib/domain/authorize';
import { isAnnexError } from '@/lib/errors';
import { type ContextOf, contextFor, type Scope } from './context';
import { requestHeader } from './request';
import { sessionHasExpired } from './session';

/**
 * The context of a page, for a person whose role includes `action`. Anyone not signed in is sent to sign-in and
 * returns afterwards; anyone without access gets `forbidden.tsx`, which says why.
 */
export async function pageContext<S extends Scope = 'tenant'>(
  action: Action,
  scope?: S,
): Promise<ContextOf<S>> {
  try {
    return await contextFor({ action, scope: scope ?? ('tenant' as S) });
  } catch (error) {
    if (isAnnexError(error, 'unauthenticated')) redirect(await signInPath());
    if (isAnnexError(error, 'forbidden')) forbidden();
    throw error;
  }
}

async function signInPath(): Promise<string> {
  const here = (await headers()).get(requestHeader.path) ?? '/';
  const query = new URLSearchParams({ callbackUrl: here });
  if (!(await sessionHasExpired())) return `/sign-in?${query}`;
  query.set('error', 'SessionExpired');
  return `/auth-error?${query}`;
}
