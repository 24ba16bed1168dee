import { cookies, headers } from 'next/headers';
import { redirect, unstable_rethrow } from 'next/navigation';
import type { Log } from '@/lib/domain/context';
import { log } from '@/lib/log';
import { viewerField } from '@/lib/viewer';
import { type Access, type ContextOf, contextFor, requestId, type Scope } from './context';
import { type Problem, problemOf } from './problem';
import { requestHeader } from './request';
import { currentSession } from './session';
import { isForAnother, viewerChanged, viewerOf } from './viewer';

/**
 * The result of a server action. A failure is a result too: the form shows it and keeps the entered values.
 */
export type ActionResult<T> =
  | { readonly ok: true; readonly data: T }
  | { readonly ok: false; readonly error: Problem };

type ServerAction<I extends readonly unknown[], O> = ((...input: I) => Promise<ActionResult<O>>) &
  Access<Scope>;

/**
 * Makes a server action for people whose role includes `access.action`. Next rejects cross-origin requests before it
 * runs. Redirects from `run` pass through; every other error becomes a `Problem`.
 */
export function action<S extends Scope, I extends readonly unknown[], O>(
  access: Access<S>,
  run: (ctx: ContextOf<S>, ...input: I) => Promise<O>,
): ServerAction<I, O> {
  const serve = async (...input: I): Promise<ActionResult<O>> => {
    let lines: { readonly log: Log } = { log };
    try {
      await refuseOthersForm(input);
      const ctx = await contextFor(access);
      lines = ctx;
      return { ok: true, data: await run(ctx, ...input) };
    } catch (error) {
      unstable_rethrow(error);
      return { ok: false, error: problemOf(error, await requestId(), lines.log) };
    }
  };
  return Object.assign(serve, access);
}

/**
 * Shows the page again, made for the person who is signed in now, if the form is from a page of somebody else. With
 * JavaScript, `proxy.ts` refuses earlier.
 */
async function refuseOthersForm(input: readonly unknown[]): Promise<void> {
  const claimed = input.find((each) => each instanceof FormData)?.get(viewerField);
  const session = typeof claimed === 'string' ? await currentSession() : null;
  if (!session || !isForAnother(claimed, viewerOf(session))) return;
  (await cookies()).set(viewerChanged());
  redirect((await headers()).get(requestHeader.path) ?? '/');
}
