import Link from 'next/link';
import type { ReactNode } from 'react';

/** A figure that matters first; with `href`, a link to what it counts. */
export function Figure({ href, children }: { readonly href?: string; readonly children: ReactNode }) {
  if (href === undefined) return <span className="text-xl">{children}</span>;
  return (
    <Link href={href} prefetch={false} className="link text-xl">
      {children}
    </Link>
  );
}
