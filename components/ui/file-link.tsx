'use client';

import type { ReactNode } from 'react';
import { viewerField } from '@/lib/viewer';
import { useViewer } from '../shell/viewer-context';
import { buttonStyle } from './button';

/**
 * Downloads the file at `href`. The link says for whom the page was made: for somebody else the answer is a page that says who is
 * signed in now. Without `download`, which would save that page as the file; the route says that it answers a file.
 */
export function FileLink({
  href,
  variant = 'plain',
  children,
}: {
  readonly href: string;
  readonly variant?: 'primary' | 'plain';
  readonly children: ReactNode;
}) {
  const viewer = useViewer();
  const separator = href.includes('?') ? '&' : '?';
  return (
    <a
      href={viewer === null ? href : `${href}${separator}${viewerField}=${viewer}`}
      className={buttonStyle(variant)}
    >
      {children}
    </a>
  );
}
