'use client';

import { useRouter } from 'next/navigation';
import { type ReactNode, type SubmitEvent, useEffect, useRef, useState, useTransition } from 'react';
import { expectResult } from '@/components/live/expected';
import { ViewerField } from '@/components/shell/viewer-context';
import type { Failure } from '@/components/ui/action-form';
import { FailureNotice } from '@/components/ui/failure-notice';
import { viewerField } from '@/lib/viewer';
import { send } from '../send';

const pauseMs = 350;

/**
 * The form for a new extract. It works without JavaScript; with it, the preview follows the choices. `page` is the
 * URL that shows the form with given fields, `once` the field that the person does not choose.
 */
export function LiveForm({
  page,
  once,
  children,
}: {
  readonly page: string;
  readonly once: string;
  readonly children: ReactNode;
}) {
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [pending, startTransition] = useTransition();
  const [sending, startSending] = useTransition();
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => () => clearTimeout(timer.current), []);

  const follow = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      if (!form.current?.checkValidity()) return;
      const params = new URLSearchParams();
      for (const [name, value] of new FormData(form.current)) {
        if (name !== once && name !== viewerField && typeof value === 'string' && value !== '')
          params.append(name, value);
      }
      startTransition(() => router.replace(`${page}?${params}`, { scroll: false }));
    }, pauseMs);
  };

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (sending) return;
    expectResult(['extract', 'submission']);
    clearTimeout(timer.current);
    // As the form itself is sent without JavaScript.
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(event.currentTarget)) body.append(name, String(value));
    startSending(async () => {
      const answer = await send(`${page}/submit`, body);
      startTransition(() => {
        setFailure('href' in answer ? null : answer);
        if ('href' in answer) router.push(answer.href);
      });
    });
  };

  return (
    <form
      ref={form}
      action={`${page}/submit`}
      method="post"
      onChange={follow}
      onSubmit={submit}
      aria-busy={pending || sending}
      className="space-y-8"
    >
      <ViewerField />
      {children}
      {failure ? <FailureNotice title="The extract was not submitted" failure={failure} /> : null}
      <span role="status" className="sr-only">
        {sending ? 'Submitting the extract' : pending ? 'Updating the preview' : ''}
      </span>
    </form>
  );
}
