/** A change in words: what, from what, to what. */
export interface WordedChange {
  readonly what: string;
  readonly from: string;
  readonly to: string;
}

/** What a version changes, a line each. */
export function ChangeList({ changes }: { readonly changes: readonly WordedChange[] }) {
  return (
    <ul className="space-y-0.5">
      {changes.map(({ what, from, to }) => (
        <li key={what}>
          <code className="font-mono text-xs font-semibold">{what}</code>:{' '}
          <del className="text-muted">{from}</del>
          <span aria-hidden="true"> → </span>
          <ins className="font-medium no-underline">{to}</ins>
        </li>
      ))}
    </ul>
  );
}
