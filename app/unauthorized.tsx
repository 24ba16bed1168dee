'use client';

import { MessagePage } from '@/components/shell/message-page';
import { SignInLink } from '@/components/ui/sign-in-link';

/** Next sends it with every page, and one of its own, many times as long, where there is none. */
export default function Unauthorized() {
  return (
    <MessagePage title="You are not signed in">
      <p>Sign in to open this page.</p>
      <SignInLink />
    </MessagePage>
  );
}
