import Link from 'next/link';

/** The parts of a page as links, each to an address of its own; they work without JavaScript, and so does Back. */
export function Tabs({
  label,
  tabs,
  current,
}: {
  readonly label: string;
  readonly tabs: readonly { readonly href: string; readonly label: string }[];
  /** The label of the part that is shown. */
  readonly current: string;
}) {
  return (
    <nav aria-label={label} className="border-b border-edge">
      <ul className="-mb-px flex gap-x-6 overflow-x-auto">
        {tabs.map((tab) => (
          <li key={tab.href}>
            <Link
              href={tab.href}
              prefetch={false}
              scroll={false}
              aria-current={tab.label === current ? 'page' : undefined}
              className="block whitespace-nowrap border-b-2 border-transparent py-2 text-sm text-muted hover:text-ink aria-[current=page]:border-ink aria-[current=page]:font-semibold aria-[current=page]:text-ink"
            >
              {tab.label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
