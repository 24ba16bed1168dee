import type { ComponentType, ReactNode } from 'react';
import { Button, buttonLook } from '@/components/ui/button';
import { refusalReason } from '@/lib/server/context';

/** Why somebody who is signed in may not see a page, and the ways on; `Within` is what it stands in. */
export async function Refusal({
  Within,
}: {
  readonly Within: ComponentType<{ readonly title: string; readonly children: ReactNode }>;
}) {
  return (
    <Within title="You may not see this page">
      <p>{await refusalReason()}</p>
      <div className="flex flex-wrap gap-2">
        <a href="/" className={buttonLook('primary')}>
          Go to your start page
        </a>
        <form action="/sign-out" method="post">
          <Button type="submit">Sign out</Button>
        </form>
      </div>
    </Within>
  );
}
