import { buttonLook } from './button';

/** Downloads what a page lists. */
export function ExportLink({ href }: { readonly href: string }) {
  return (
    <a href={href} className={buttonLook('plain')}>
      Export CSV
    </a>
  );
}
