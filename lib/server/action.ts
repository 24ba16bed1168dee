import { unstable_rethrow } from 'next/navigation';
import type { Log } from '@/lib/domain/context';
import { log } from '@/lib/log';
import { auditRefusal } from './audit-refusal';
import { type Access, type ContextOf, contextFor, requestId, type Scope } from './context';
import { type Problem, problemOf } from './problem';

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
      const ctx = await contextFor(access);
      lines = ctx;
      return { ok: true, data: await run(ctx, ...input) };
    } catch (error) {
      unstable_rethrow(error);
      const reference = await requestId();
      await auditRefusal(error, access.action, reference);
      return { ok: false, error: problemOf(error, reference, lines.log) };
    }
  };
  return Object.assign(serve, access);
}
