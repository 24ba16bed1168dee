import { headers } from 'next/headers';
import { unstable_rethrow } from 'next/navigation';
import type { Log } from '@/lib/domain/context';
import { env } from '@/lib/env';
import { AnnexError } from '@/lib/errors';
import { log } from '@/lib/log';
import { type Access, type ContextOf, contextFor, requestId, type Scope } from './context';
import { type Problem, problemOf } from './problem';
import { refuseForeign } from './request';

/**
 * The result of a server action. A failure is a result too: the form shows it and keeps the entered values.
 */
export type ActionResult<T> =
  | { readonly ok: true; readonly data: T }
  | { readonly ok: false; readonly error: Problem };

/** What a form calls: with the result of the time before, then with its fields. */
type FormAction<O> = (before: ActionResult<O> | null, form: FormData) => Promise<ActionResult<O>>;

/**
 * Makes a server action for people whose role includes `access.action`, accepted only from our own pages. Redirects from
 * `run` pass through; every other error becomes a `Problem`. Anybody may call an action with any values, so all but a form is
 * refused.
 */
export function action<S extends Scope, O>(
  access: Access<S>,
  run: (ctx: ContextOf<S>, before: ActionResult<O> | null, form: FormData) => Promise<O>,
): FormAction<O> & Access<S> {
  const serve: FormAction<O> = async (before, form) => {
    let lines: { readonly log: Log } = { log };
    try {
      refuseForeign(await headers(), env().NEXTAUTH_URL);
      const ctx = await contextFor(access);
      lines = ctx;
      if (!(form instanceof FormData))
        throw new AnnexError('invalid', 'The form is missing. Reload the page.');
      return { ok: true, data: await run(ctx, before, form) };
    } catch (error) {
      unstable_rethrow(error);
      return { ok: false, error: problemOf(error, await requestId(), lines.log) };
    }
  };
  return Object.assign(serve, access);
}
