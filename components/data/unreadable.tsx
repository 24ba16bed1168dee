import { Notice } from '../ui/notice';

/** Says which parts of a page could not be read, and why. */
export function Unreadable<Part extends string>({
  parts,
  names,
}: {
  readonly parts: readonly { readonly part: Part; readonly reason: string }[];
  readonly names: Readonly<Record<Part, string>>;
}) {
  if (parts.length === 0) return null;
  return (
    <Notice tone="failed" title="Part of this page could not be read">
      <ul>
        {parts.map(({ part, reason }) => (
          <li key={part}>
            {names[part]}: {reason}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
