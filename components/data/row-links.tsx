'use client';

import { type ReactNode, useEffect, useRef } from 'react';

/**
 * The rows of a table. A click anywhere in a row follows the link that names it, with the keys that were held; a middle click
 * opens it in a new tab. A click on another control, or one that ends a selection of text, does not. Without a script, the link
 * itself remains.
 */
export function RowLinks({ children }: { readonly children: ReactNode }) {
  const body = useRef<HTMLTableSectionElement>(null);
  useEffect(() => {
    const rows = body.current;
    rows?.addEventListener('click', followRow);
    rows?.addEventListener('auxclick', followRow);
    return () => {
      rows?.removeEventListener('click', followRow);
      rows?.removeEventListener('auxclick', followRow);
    };
  }, []);
  return (
    <tbody ref={body} className="divide-y divide-line">
      {children}
    </tbody>
  );
}

const middle = 1;

function followRow(event: MouseEvent): void {
  if (event.defaultPrevented || event.button > middle || !(event.target instanceof Element)) return;
  if (event.target.closest('a, button, input, select, textarea, label, summary')) return;
  if (getSelection()?.isCollapsed === false) return;
  const newTab = event.button === middle;
  event.target
    .closest('tr')
    ?.querySelector('th .row-link')
    ?.dispatchEvent(
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
