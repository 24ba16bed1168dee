import type { ReactNode } from 'react';
import { Pager } from '@/components/data/pager';
import { withParams } from './address';

/** Links to the pages beside one that was read at the cursor in the address `path`. */
export function CursorPager({
  label,
  path,
  page,
  children,
}: {
  readonly label: string;
  readonly path: string;
  readonly page: { readonly previous: string | null; readonly next: string | null };
  readonly children?: ReactNode;
}) {
  const link = (cursor: string | null, words: string) =>
    cursor === null ? null : { href: withParams(path, new URLSearchParams({ cursor })), label: words };
  return (
    <Pager label={label} previous={link(page.previous, 'Previous')} next={link(page.next, 'Next')}>
      {children}
    </Pager>
  );
}
