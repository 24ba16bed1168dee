import type { ComponentType, ReactNode } from 'react';
import { Button, buttonStyle } from '@/components/ui/button';
import { PostForm } from '@/components/ui/post-form';
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
        <PostForm action="/sign-out" failed="You are not signed out">
          <Button type="submit">Sign out</Button>
        </PostForm>
      </div>
    </Within>
  );
}
