import { classNames } from './class-names';

/** Room that something on its way will take. `className` gives its size. */
export function Skeleton({ className }: { readonly className: string }) {
  return <span aria-hidden="true" className={classNames('pulse block rounded-sm bg-line', className)} />;
}

/** Says to a screen reader that the page is on its way. */
export function LoadingLabel({ children }: { readonly children: string }) {
  return (
    <p role="status" className="sr-only">
      {children}
    </p>
  );
}
