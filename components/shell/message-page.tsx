import type { ReactNode } from 'react';
import { Announcer } from '../live/announcer';
import { Mark } from './mark';

/** A page with a single message, without the shell. */
export function MessagePage({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-dvh max-w-2xl flex-col px-6 py-10 sm:py-16">
      <a href="/" className="flex items-center gap-2.5 self-start font-display text-xl font-semibold">
        <Mark className="size-7" />
        Annex
      </a>
      <div className="my-auto py-12">
        <Message title={title}>{children}</Message>
      </div>
      <Announcer />
    </main>
  );
}

/** The same message inside the shell. */
export function Message({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <>
      <h1 className="pb-3 text-2xl tracking-[-0.015em]">{title}</h1>
      <div className="scale" aria-hidden="true" />
      <div className="mt-5 max-w-xl space-y-5">{children}</div>
    </>
  );
}
