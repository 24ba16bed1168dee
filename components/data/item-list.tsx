import Link from 'next/link';
import { classNames } from '../ui/class-names';
import { Instant } from '../ui/instant';
import type { Tone } from '../ui/tones';

interface Item {
  readonly kind: string;
  readonly subject: string | null;
  /** When it happened; null: unknown. */
  readonly at: Date | null;
  readonly reason: string | null;
}

/** An item as a list says it. */
export interface ItemWords {
  readonly words: string;
  /** Where it is; null: no page shows it. */
  readonly href: string | null;
  /** What to do about it. */
  readonly advice?: string;
}

/** A list of what happened or happens: each with its link, its time and its reason. */
export function ItemList<I extends Item>({
  title,
  items,
  wording,
  tone = 'neutral',
  note,
}: {
  readonly title: string;
  readonly items: readonly I[];
  readonly wording: (item: I) => ItemWords;
  readonly tone?: Extract<Tone, 'neutral' | 'failed'>;
  /** About the list as a whole, such as what it leaves out. */
  readonly note?: string | undefined;
}) {
  return (
    <section className="space-y-3">
      <h2 className="text-lg">{title}</h2>
      <ul
        aria-label={title}
        className={classNames(
          'divide-y divide-line border border-line bg-plate',
          tone === 'failed' && 'border-l-2 border-l-failed',
        )}
      >
        {items.map((item) => (
          <Row key={`${item.kind} ${item.subject}`} item={item} {...wording(item)} />
        ))}
      </ul>
      {note ? <p className="text-sm text-muted">{note}</p> : null}
    </section>
  );
}

function Row({ item: { at, reason }, words, href, advice }: ItemWords & { readonly item: Item }) {
  return (
    <li className="px-4 py-3 text-sm sm:px-6">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        {href === null ? (
          <span className="min-w-0 font-medium [overflow-wrap:anywhere]">{words}</span>
        ) : (
          <Link href={href} prefetch={false} className="link min-w-0 [overflow-wrap:anywhere]">
            {words}
          </Link>
        )}
        {at ? (
          <span className="text-muted">
            <Instant at={at} />
          </span>
        ) : null}
      </div>
      {reason ? <p className="mt-1 [overflow-wrap:anywhere]">{reason}</p> : null}
      {advice ? <p className="mt-1 text-muted">{advice}</p> : null}
    </li>
  );
}
