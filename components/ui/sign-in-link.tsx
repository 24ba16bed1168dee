'use client';

import { buttonStyle } from './button';

/** Signs in and returns to this page, to the same place in it. */
export function SignInLink() {
  return (
    <a
      href="/sign-in"
      className={buttonStyle('primary')}
      onClick={(event) => {
        // Only now: the place in the page may have changed since this was rendered.
        const { pathname, search, hash } = window.location;
        const query = new URLSearchParams({ callbackUrl: pathname + search + hash });
        event.currentTarget.search = query.toString();
      }}
    >
      Sign in
    </a>
  );
}
