import Link from 'next/link';
import { classNames } from '@/components/ui/class-names';
import { Instant } from '@/components/ui/instant';
import type { Tone } from '@/components/ui/tones';
import type { OverviewItem } from '@/lib/domain/overview/items';

/** A list of what happened or happens: each with its link, its time and its reason. */
export function ItemList<Kind extends string>({
  title,
  items,
  wording,
  tone = 'neutral',
}: {
  readonly title: string;
  readonly items: readonly OverviewItem<Kind>[];
  readonly wording: (item: OverviewItem<Kind>) => { readonly words: string; readonly href: string };
  readonly tone?: Extract<Tone, 'neutral' | 'failed'>;
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
        {items.map((item) => {
          const { words, href } = wording(item);
          return (
            <li key={`${item.kind} ${item.subject}`} className="px-4 py-3 text-sm sm:px-6">
              <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
                <Link href={href} prefetch={false} className="link min-w-0 [overflow-wrap:anywhere]">
                  {words}
                </Link>
                {item.at ? (
                  <span className="text-muted">
                    <Instant at={item.at} />
                  </span>
                ) : null}
              </div>
              {item.reason ? <p className="mt-1">{item.reason}</p> : null}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
