'use client';

import { Message, MessagePage } from '@/components/shell/message-page';
import { Button, buttonStyle } from '@/components/ui/button';
import { PostForm } from '@/components/ui/post-form';

/**
 * The words of a refusal. A client component, as all that stands in for a page: Next sends it with every page, and this way
 * by its name.
 */
export function RefusalMessage({
  reason,
  exports,
  inside,
}: {
  readonly reason: string;
  /** Whether the person may still export the data of the organisation. */
  readonly exports: boolean;
  readonly inside: boolean;
}) {
  const Within = inside ? Message : MessagePage;
  return (
    <Within title="You don’t have access to this page">
      <p>{reason}</p>
      <div className="flex flex-wrap gap-2">
        {exports ? (
          <a href="/export" className={buttonStyle('primary')}>
            Export your data
          </a>
        ) : (
          <a href="/" className={buttonStyle('primary')}>
            Go to your start page
          </a>
        )}
        <PostForm action="/sign-out" failed="You are not signed out">
          <Button type="submit">Sign out</Button>
        </PostForm>
      </div>
    </Within>
  );
}
