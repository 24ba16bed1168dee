'use client';

import { useEffect, useRef } from 'react';
import { expectNothing } from '../live/expected';
import { takeFocus } from '../live/take-focus';
import type { Failure } from './action-form';
import { Notice } from './notice';
import { SignInLink } from './sign-in-link';

/**
 * Says beside a button why pressing it did nothing, and takes the focus. Who is signed out gets the way to sign in and
 * return.
 */
export function FailureNotice({ title, failure }: { readonly title: string; readonly failure: Failure }) {
  const notice = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!failure) return;
    expectNothing();
    takeFocus(notice.current);
  }, [failure]);
  return (
    <div ref={notice} tabIndex={-1}>
      <Notice
        tone="failed"
        title={title}
        actions={failure.code === 'unauthenticated' ? <SignInLink /> : null}
      >
        {failure.message}
      </Notice>
    </div>
  );
}
