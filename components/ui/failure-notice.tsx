'use client';

import type { Failure } from './action-form';
import { Notice } from './notice';
import { SignInLink } from './sign-in-link';

/** Says beside a button why pressing it did nothing. Who is signed out gets the way to sign in and return. */
export function FailureNotice({ title, failure }: { readonly title: string; readonly failure: Failure }) {
  return (
    <Notice tone="alarm" title={title} actions={failure.code === 'unauthenticated' ? <SignInLink /> : null}>
      {failure.message}
    </Notice>
  );
}
