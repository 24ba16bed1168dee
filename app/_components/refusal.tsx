import type { ComponentType, ReactNode } from 'react';
import { Button, buttonStyle } from '@/components/ui/button';
import { refusalReason } from '@/lib/server/context';

/** Why a signed-in person may not see a page, and where to go next; `Within` is what it stands in. */
export async function Refusal({
  Within,
}: {
  readonly Within: ComponentType<{ readonly title: string; readonly children: ReactNode }>;
}) {
  return (
    <Within title="You don’t have access to this page">
      <p>{await refusalReason()}</p>
      <div className="flex flex-wrap gap-2">
        <a href="/" className={buttonStyle('primary')}>
          Go to your start page
        </a>
        <form action="/sign-out" method="post">
          <Button type="submit">Sign out</Button>
        </form>
      </div>
    </Within>
  );
}
