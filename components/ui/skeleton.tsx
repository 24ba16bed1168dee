import { classNames } from './class-names';

/** Placeholder for content that is loading. `className` sets its size. */
export function Skeleton({ className }: { readonly className: string }) {
  return <span aria-hidden="true" className={classNames('pulse block rounded-sm bg-line', className)} />;
}

/** Tells screen readers that the page is loading. */
export function LoadingLabel({ children }: { readonly children: string }) {
  return (
    <p role="status" className="sr-only">
      {children}
    </p>
  );
}
