import { buttonStyle } from './button';

/** Downloads what a page lists. */
export function ExportLink({ href }: { readonly href: string }) {
  return (
    <a href={href} className={buttonStyle('plain')}>
      Export CSV
    </a>
  );
}
