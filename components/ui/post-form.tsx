'use client';

import { type ReactNode, type SubmitEvent, useState } from 'react';
import { ViewerField } from '../shell/viewer-context';
import { type Failure, lostAnswer } from './action-form';
import { FailureNotice } from './failure-notice';

/**
 * A form whose answer is another page, with or without JavaScript. If Annex cannot be reached, this page stays and
 * says so; `failed` is the title of that.
 */
export function PostForm({
  action,
  failed,
  className,
  children,
}: {
  readonly action: string;
  readonly failed: string;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  const [failure, setFailure] = useState<Failure | null>(null);
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    try {
      // Any answer will do: without one, the browser would show an error page of its own in place of this page.
      await fetch('/api/health', { cache: 'no-store' });
      form.submit();
    } catch (error) {
      setFailure(lostAnswer(error));
    }
  };
  return (
    <form action={action} method="post" onSubmit={submit} className={className}>
      <ViewerField />
      {children}
      {failure ? (
        <div className="mt-3">
          <FailureNotice title={failed} failure={failure} />
        </div>
      ) : null}
    </form>
  );
}
