'use client';

import { useFailure } from './action-form';
import { FailureNotice } from './failure-notice';

/** Says inside an `ActionForm` why its action failed. */
export function ActionFailure({ title }: { readonly title: string }) {
  const failure = useFailure();
  return failure && <FailureNotice title={title} failure={failure} />;
}
