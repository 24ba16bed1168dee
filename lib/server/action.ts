import { cookies, headers } from 'next/headers';
import { redirect, unstable_rethrow } from 'next/navigation';
import type { ControlContext, Log } from '@/lib/domain/context';
import { env } from '@/lib/env';
import { AnnexError } from '@/lib/errors';
import { log } from '@/lib/log';
import { viewerField } from '@/lib/viewer';
import { auditRefusal } from './audit-refusal';
import { type Access, type ContextOf, contextFor, openContext, requestId, type Scope } from './context';
import { type Problem, problemOf } from './problem';
import { refuseForeign, requestHeader } from './request';
import { currentSession } from './session';
import { isForAnother, viewerChanged, viewerOf } from './viewer';

/**
 * The result of a server action. A failure is a result too: the form shows it and keeps the entered values.
 */
export type ActionResult<T> =
  | { readonly ok: true; readonly data: T }
  | { readonly ok: false; readonly error: Problem };

/** What a form calls: with the result of the time before, then with its fields. */
type FormAction<O> = (before: unknown, form: FormData) => Promise<ActionResult<O>>;

/**
 * Makes a server action for people whose role includes `access.action`, accepted only from our own pages. Redirects from
 * `run` pass through; every other error becomes a `Problem`. Anybody may call an action with any values, so all but a form is
 * refused.
 */
export function action<S extends Scope, O>(
  access: Access<S>,
  run: (ctx: ContextOf<S>, before: unknown, form: FormData) => Promise<O>,
): FormAction<O> & Access<S> {
  const serve = served(
    () => contextFor(access),
    run,
    (error, reference) => auditRefusal(error, access.action, reference),
  );
  return Object.assign(serve, access);
}

/**
 * As `action`, for anybody, for the given reason: the portal itself acts for somebody who may be nobody yet. `client` is the network
 * address by which `run` limits what one client does.
 */
export function openAction<O>(
  open: string,
  run: (ctx: ControlContext, client: string, form: FormData) => Promise<O>,
): FormAction<O> & { readonly open: string } {
  const serve = served(openContext, async (ctx, _, form) =>
    run(ctx, (await headers()).get(requestHeader.client) ?? 'unknown', form),
  );
  return Object.assign(serve, { open });
}

function served<C extends { readonly log: Log }, O>(
  contextOf: () => Promise<C>,
  run: (ctx: C, before: unknown, form: FormData) => Promise<O>,
  onError: (error: unknown, reference: string) => Promise<void> = async () => undefined,
): FormAction<O> {
  return async (before, form) => {
    let lines: { readonly log: Log } = { log };
    try {
      refuseForeign(await headers(), env().NEXTAUTH_URL);
      await refuseOthersForm(form);
      const ctx = await contextOf();
      lines = ctx;
      if (!(form instanceof FormData))
        throw new AnnexError('invalid', 'The form is missing. Reload the page.');
      return { ok: true, data: await run(ctx, before, form) };
    } catch (error) {
      unstable_rethrow(error);
      const reference = await requestId();
      await onError(error, reference);
      return { ok: false, error: problemOf(error, reference, lines.log) };
    }
  };
}

/**
 * Shows the page again, made for the person who is signed in now, if the form is from a page of somebody else. With
 * JavaScript, `proxy.ts` refuses earlier.
 */
async function refuseOthersForm(form: unknown): Promise<void> {
  const claimed = form instanceof FormData ? form.get(viewerField) : null;
  const session = typeof claimed === 'string' ? await currentSession() : null;
  if (!session || !isForAnother(claimed, viewerOf(session))) return;
  (await cookies()).set(viewerChanged());
  redirect((await headers()).get(requestHeader.path) ?? '/');
}
