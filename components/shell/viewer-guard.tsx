'use client';

import { usePathname } from 'next/navigation';
import { type ReactNode, useEffect, useState, useSyncExternalStore } from 'react';
import { viewerMeta } from '@/lib/viewer';
import { Notice } from '../ui/notice';
import { SignInLink } from '../ui/sign-in-link';
import {
  onViewerChange,
  reloadForAnother,
  type Standing,
  standingOf,
  takeViewerChanged,
} from './current-viewer';
import { MessagePage } from './message-page';
import { ViewerProvider } from './viewer-context';

/**
 * Shows what was made for `viewer` only while that person is signed in. After a sign-out elsewhere it is hidden, with
 * what was entered, until the same person is back; for somebody else the page is loaded again.
 */
export function ViewerGuard({ viewer, children }: { readonly viewer: string; readonly children: ReactNode }) {
  const standing = useSyncExternalStore<Standing>(
    onViewerChange,
    () => standingOf(viewer, document.cookie),
    () => 'own',
  );
  useEffect(() => {
    if (standing === 'another') reloadForAnother();
  }, [standing]);
  return (
    <ViewerProvider viewer={viewer}>
      <meta name={viewerMeta} content={viewer} />
      <div hidden={standing !== 'own'}>{children}</div>
      {standing === 'nobody' ? (
        <MessagePage title="You are signed out">
          <p role="alert">You signed out in another tab. Sign in to return to this page.</p>
          <SignInLink />
        </MessagePage>
      ) : null}
    </ViewerProvider>
  );
}

/** Says who is signed in now, on the page that was loaded in place of somebody else's. */
export function ViewerChanged({
  changed,
  person,
}: {
  /** The server refused a form of somebody else. */
  readonly changed: boolean;
  readonly person: string;
}) {
  const path = usePathname();
  const [shownAt, setShownAt] = useState(changed ? path : null);
  useEffect(() => {
    if (takeViewerChanged()) setShownAt(window.location.pathname);
  }, []);
  if (shownAt !== path) return null;
  return (
    <Notice tone="warning" title={`You are signed in as ${person} now`}>
      The page you had open belonged to another user. Nothing was changed.
    </Notice>
  );
}
