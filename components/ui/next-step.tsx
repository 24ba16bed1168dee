import Link from 'next/link';
import type { ReactNode } from 'react';
import { buttonStyle } from './button';

/** Says what comes next after something that is done, with links to where that happens. */
export function NextStep({
  links,
  children,
}: {
  readonly links: readonly { readonly href: string; readonly label: string }[];
  readonly children: ReactNode;
}) {
  return (
    <nav
      aria-label="Next step"
      className="flex flex-wrap items-center justify-between gap-x-8 gap-y-3 border-l-2 border-next bg-next-tint px-4 py-3 text-sm"
    >
      <p className="min-w-0 flex-1 basis-72">
        <span className="font-semibold">Next:</span> {children}
      </p>
      <ul className="flex flex-wrap gap-2">
        {links.map(({ href, label }) => (
          <li key={href}>
            <Link href={href} prefetch={false} className={buttonStyle('plain')}>
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
