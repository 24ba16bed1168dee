import { Notice } from './notice';

/** Says beside a form why its action failed. `result` is what the action answered; null before it was asked. */
export function ActionFailure({
  title,
  result,
}: {
  readonly title: string;
  readonly result:
    | { readonly ok: true }
    | { readonly ok: false; readonly error: { readonly message: string } }
    | null;
}) {
  if (result === null || result.ok) return null;
  return (
    <Notice tone="alarm" title={title}>
      {result.error.message}
    </Notice>
  );
}
