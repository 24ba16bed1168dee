'use client';

import Link from 'next/link';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { Button } from '../ui/button';
import { classNames } from '../ui/class-names';
import { StatusIcon } from '../ui/status';
import { textOf } from '../ui/tones';
import { announce } from './announcer';
import type { EndedWork } from './watched-work';

/** How long good news stays, ms, while somebody can see it. */
const staysMs = 12_000;

interface Toast extends EndedWork {
  readonly id: number;
}

const none: readonly Toast[] = [];
let toasts = none;
let count = 0;
const listeners = new Set<() => void>();

function change(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

/** Shows over the page, and announces, that work ended elsewhere. The focus stays where it is. */
export function showToast(work: EndedWork): void {
  count += 1;
  change([...toasts, { ...work, id: count }]);
  announce(work.words);
}

const dismiss = (id: number) => change(toasts.filter((toast) => toast.id !== id));

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What `showToast` was told. Failures stay until somebody dismisses them. */
export function Toasts() {
  const shown = useSyncExternalStore(
    subscribe,
    () => toasts,
    () => none,
  );
  if (shown.length === 0) return null;
  return (
    <section aria-label="Finished work" className="fixed inset-x-4 bottom-16 z-20 sm:left-auto sm:w-96">
      <ul className="space-y-2">
        {shown.map((toast) => (
          <Shown key={toast.id} toast={toast} />
        ))}
      </ul>
    </section>
  );
}

function Shown({ toast: { id, tone, words, href } }: { readonly toast: Toast }) {
  const [held, setHeld] = useState(false);
  useEffect(
    () => (held || tone === 'failed' ? undefined : whenSeen(staysMs, () => dismiss(id))),
    [held, tone, id],
  );
  return (
    <li
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      className="flex items-start gap-2.5 border border-edge bg-plate py-2.5 pr-2 pl-4 text-sm shadow-lg"
    >
      <span className={classNames('mt-[0.1875rem]', textOf[tone])}>
        <StatusIcon tone={tone} className="size-4" />
      </span>
      <Link
        href={href}
        prefetch={false}
        onClick={() => dismiss(id)}
        className="link min-w-0 flex-1 [overflow-wrap:anywhere]"
      >
        {words}
      </Link>
      <Button
        variant="quiet"
        className="-my-1 h-7!"
        aria-label={`Dismiss: ${words}`}
        onClick={() => {
          dismiss(id);
          document.getElementById('content')?.focus({ preventScroll: true });
        }}
      >
        Dismiss
      </Button>
    </li>
  );
}

/** Calls `task` after the page was visible for `ms`. Returns what cancels that. */
function whenSeen(ms: number, task: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    clearTimeout(timer);
    if (document.visibilityState !== 'hidden') timer = setTimeout(task, ms);
  };
  document.addEventListener('visibilitychange', look);
  look();
  return () => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', look);
  };
}
