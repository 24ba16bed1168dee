import Link from 'next/link';
import { buttonStyle } from '../ui/button';
import { KeptFocus } from '../ui/kept-focus';

export interface PagerLink {
  readonly href: string;
  readonly label: string;
}

/** Links to the previous and next page, by key. */
export function Pager({
  label,
  previous,
  next,
  children,
}: {
  readonly label: string;
  readonly previous: PagerLink | null;
  readonly next: PagerLink | null;
  readonly children?: React.ReactNode;
}) {
  if (!previous && !next) return children ? <p className="text-sm text-muted">{children}</p> : null;
  return (
    <KeptFocus as="nav" label={label} className="flex flex-wrap items-center justify-between gap-3">
      <p className="text-sm text-muted">{children}</p>
      <div className="flex gap-2">
        {[previous, next].map((link, index) =>
          link ? (
            <Link
              key={link.label}
              href={link.href}
              prefetch={false}
              rel={index === 0 ? 'prev' : 'next'}
              className={buttonStyle('plain')}
            >
              {link.label}
            </Link>
          ) : null,
        )}
      </div>
    </KeptFocus>
  );
}
