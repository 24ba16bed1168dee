'use client';

import { useRouter } from 'next/navigation';
import { type ReactNode, useEffect, useRef } from 'react';

/**
 * The rows of a table. A click anywhere in a row follows the link that names it, with the keys that were held; a middle click
 * opens it in a new tab. A click on another control, or one that ends a selection of text, does not. The links themselves are plain:
 * a component for each would cost the server more than the rest of its row. Without a script they remain.
 */
export function RowLinks({ children }: { readonly children: ReactNode }) {
  const body = useRef<HTMLTableSectionElement>(null);
  const router = useRouter();
  useEffect(() => {
    const rows = body.current;
    const follow = (event: MouseEvent) => followRow(event, router.push);
    rows?.addEventListener('click', follow);
    rows?.addEventListener('auxclick', follow);
    return () => {
      rows?.removeEventListener('click', follow);
      rows?.removeEventListener('auxclick', follow);
    };
  }, [router]);
  return (
    <tbody ref={body} className="divide-y divide-line">
      {children}
    </tbody>
  );
}

const middle = 1;

function followRow(event: MouseEvent, open: (href: string) => void): void {
  if (event.defaultPrevented || event.button > middle || !(event.target instanceof Element)) return;
  const link = event.target.closest('tr')?.querySelector<HTMLAnchorElement>('th .row-link');
  if (!link) return;
  const onLink = event.target.closest('a') === link;
  if (!onLink) {
    if (event.target.closest('a, button, input, select, textarea, label, summary')) return;
    if (getSelection()?.isCollapsed === false) return;
  }
  const newTab = event.button === middle;
  const asked = newTab || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (!asked && link.pathname !== window.location.pathname) {
    event.preventDefault();
    open(link.href);
  } else if (!onLink) {
    link.dispatchEvent(
      new MouseEvent('click', {
        bubbles: true,
        cancelable: true,
        view: window,
        ctrlKey: event.ctrlKey || newTab,
        metaKey: event.metaKey || newTab,
        shiftKey: event.shiftKey,
        altKey: event.altKey,
      }),
    );
  }
}
