import Link from 'next/link';
import type { ReactNode } from 'react';

/** The page's heading, a one-line description, and the actions for the whole page. */
export function PageHeader({
  title,
  parent,
  children,
  actions,
}: {
  readonly title: ReactNode;
  /** The page that the breadcrumb leads back to. */
  readonly parent?: { readonly path: string; readonly title: string } | undefined;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <header>
      <div className="flex flex-wrap items-end justify-between gap-x-8 gap-y-3 pb-3">
        <div className="min-w-0">
          {parent ? (
            <nav aria-label="Breadcrumb" className="mb-1 text-sm">
              <Link href={parent.path} className="link">
                {parent.title}
              </Link>
            </nav>
          ) : null}
          <h1 className="text-2xl tracking-[-0.015em] [overflow-wrap:anywhere]">{title}</h1>
          {children ? <div className="mt-1 text-sm text-muted">{children}</div> : null}
        </div>
        {actions ? <div className="flex flex-wrap gap-2">{actions}</div> : null}
      </div>
      <div className="scale" aria-hidden="true" />
    </header>
  );
}
