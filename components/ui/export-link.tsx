import { FileLink } from './file-link';

/** Downloads what a page lists. */
export function ExportLink({ href }: { readonly href: string }) {
  return <FileLink href={href}>Export CSV</FileLink>;
}
