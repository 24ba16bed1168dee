import type { ReactNode } from 'react';

/** The page's heading, a one-line description, and the actions for the whole page. */
export function PageHeader({
  title,
  above,
  children,
  actions,
}: {
  readonly title: ReactNode;
  /** Link to the parent page. */
  readonly above?: ReactNode;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <header>
      <div className="flex flex-wrap items-end justify-between gap-x-8 gap-y-3 pb-3">
        <div className="min-w-0">
          {above}
          <h1 className="text-2xl tracking-[-0.015em] [overflow-wrap:anywhere]">{title}</h1>
          {children ? <div className="mt-1 text-sm text-muted">{children}</div> : null}
        </div>
        {actions ? <div className="flex flex-wrap gap-2">{actions}</div> : null}
      </div>
      <div className="scale" aria-hidden="true" />
    </header>
  );
}
