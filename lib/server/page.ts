import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { forbidden, notFound, redirect } from 'next/navigation';
import type { Actor } from '@/lib/domain/actor';
import { isAnnexError } from '@/lib/errors';
import { auditRefusal } from './audit-refusal';
import { type Access, type ContextOf, contextFor, currentActor, requestId, type Scope } from './context';
import { requestHeader } from './request';
import { currentSession, endOfSession } from './session';

/** What a page is called, where it is and who may open it. It stands beside the page, in `page-info.ts`. */
export interface PageInfo<S extends Scope = Scope> extends Access<S> {
  /** As Next writes a route: `/customers/[id]`. */
  readonly path: string;
  /** Of the tab, the heading and the links to it. */
  readonly title: string;
  /** The page that leads back up from it. Its path is an address. */
  readonly parent?: PageInfo;
}

/**
 * The context of a page, for a person whose role includes `access.action`. Anyone not signed in is sent to sign-in and
 * returns afterwards; anyone without access gets `forbidden.tsx`, which says why.
 */
export async function pageContext<S extends Scope>(access: Access<S>): Promise<ContextOf<S>> {
  try {
    return await contextFor(access);
  } catch (error) {
    if (isAnnexError(error, 'unauthenticated')) redirect(await signInPath());
    if (isAnnexError(error, 'forbidden')) {
      await auditRefusal(error, access.action, await requestId());
      forbidden();
    }
    throw error;
  }
}

/**
 * Makes the `generateMetadata` of the page `info`: titled as `title` says, or as the refusal that stands in its place for
 * somebody without access. `title` may end in `notFound()`.
 */
export const metadataOf =
  <Props>(info: PageInfo, title: (props: Props) => string | Promise<string> = () => info.title) =>
  async (props: Props): Promise<Metadata> => ({
    title: (await isRefused(info)) ? 'No access' : await title(props),
  });

async function isRefused(access: Access<Scope>): Promise<boolean> {
  try {
    await contextFor(access);
    return false;
  } catch (error) {
    return isAnnexError(error, 'forbidden');
  }
}

/** What `read` gives. An address of something that is not there, or cannot be, gets `not-found.tsx` in its place. */
export async function orNotFound<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (isAnnexError(error, 'not_found', 'invalid')) notFound();
    throw error;
  }
}

/** Who opened a page that anybody may open; null for somebody who is not signed in. */
export async function visitor(): Promise<Actor | null> {
  try {
    return await currentActor();
  } catch (error) {
    if (isAnnexError(error, 'unauthenticated')) return null;
    if (isAnnexError(error, 'forbidden')) forbidden();
    throw error;
  }
}

const errorOf = {
  expired: 'SessionExpired',
  changed: 'SessionChanged',
  disabled: 'SessionDisabled',
  ended: 'SessionEnded',
} as const;

async function signInPath(): Promise<string> {
  const here = (await headers()).get(requestHeader.path) ?? '/';
  const query = new URLSearchParams({ callbackUrl: here });
  // A cookie that is still there is one of a session that is over.
  const end = (await endOfSession()) ?? ((await currentSession()) ? 'ended' : null);
  if (end === null) return `/sign-in?${query}`;
  query.set('error', errorOf[end]);
  return `/auth-error?${query}`;
}
