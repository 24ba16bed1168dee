'use client';

import { unstable_isUnrecognizedActionError, unstable_rethrow } from 'next/navigation';
import { createContext, type ReactNode, startTransition, useActionState, useContext } from 'react';
import { ViewerField } from '../shell/viewer-context';

/** Why something that somebody asked for was not done. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

type Answer =
  | { readonly ok: true; readonly data?: unknown }
  | { readonly ok: false; readonly error: Failure };
type Act = (before: unknown, form: FormData) => Promise<Answer>;

const Result = createContext<Answer | null>(null);

/** Why the action of the form around failed; null if it did not. */
export function useFailure(): Failure | null {
  const result = useContext(Result);
  return result === null || result.ok ? null : result.error;
}

/** What the action of the form around returned; undefined until it did. */
export function useReturned(): unknown {
  const result = useContext(Result);
  return result?.ok ? result.data : undefined;
}

/**
 * A form that calls a server action, with or without JavaScript. If the action fails, or no answer comes, the page
 * stays with everything that was entered; `ActionFailure` inside says why.
 */
export function ActionForm({
  act,
  className,
  children,
}: {
  readonly act: Act;
  readonly className: string;
  readonly children: ReactNode;
}) {
  // The server needs the action itself, so that the form works without JavaScript.
  const [result, submit] = useActionState<Answer | null, FormData>(
    typeof window === 'undefined' ? act : (_, form) => answerOf(act, form),
    null,
  );
  return (
    <Result value={result}>
      <form
        action={submit}
        className={className}
        onSubmit={(event) => {
          // React would reset the form after the action, also after a failure.
          event.preventDefault();
          const form = new FormData(event.currentTarget, event.nativeEvent.submitter);
          startTransition(() => submit(form));
        }}
      >
        <ViewerField />
        {children}
      </form>
    </Result>
  );
}

async function answerOf(act: Act, form: FormData): Promise<Answer> {
  try {
    return await act(null, form);
  } catch (error) {
    unstable_rethrow(error);
    return { ok: false, error: lostAnswer(error) };
  }
}

/** Why a request to our own server has no answer that the page understands. */
export function lostAnswer(error: unknown): Failure {
  if (unstable_isUnrecognizedActionError(error)) return failures.updated;
  const unreachable = error instanceof TypeError || error instanceof DOMException;
  return unreachable ? failures.unreachable : failures.unexpected;
}

const failures = {
  updated: {
    code: 'updated',
    message: 'Annex was updated after this page was opened. Reload the page, then try again.',
  },
  unreachable: {
    code: 'unreachable',
    message: 'Annex could not be reached. What you entered is kept. Check your connection, then try again.',
  },
  unexpected: {
    code: 'unexpected',
    message:
      'Annex did not answer as expected. What you entered is kept. Try again in a minute. If the problem persists, reload the page.',
  },
} as const;
