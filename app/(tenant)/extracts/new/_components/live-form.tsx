'use client';

import { useRouter } from 'next/navigation';
import { type ReactNode, useEffect, useRef, useTransition } from 'react';
import { expectResult } from '@/components/live/expected';

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
  useEffect(() => () => clearTimeout(timer.current), []);

  const follow = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      if (!form.current?.checkValidity()) return;
      const params = new URLSearchParams();
      for (const [name, value] of new FormData(form.current)) {
        if (name !== once && typeof value === 'string' && value !== '') params.append(name, value);
      }
      startTransition(() => router.replace(`${page}?${params}`, { scroll: false }));
    }, pauseMs);
  };

  return (
    <form
      ref={form}
      action={`${page}/submit`}
      method="post"
      onChange={follow}
      onSubmit={() => expectResult(['extract', 'submission'])}
      aria-busy={pending}
      className="space-y-8"
    >
      {children}
      <span role="status" className="sr-only">
        {pending ? 'Updating the preview' : ''}
      </span>
    </form>
  );
}
