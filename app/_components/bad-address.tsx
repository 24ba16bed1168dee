import Link from 'next/link';
import { buttonStyle } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';

/** In place of a list whose address asks for a page that there is not. `href` is the list's beginning. */
export function BadAddress({ title, href }: { readonly title: string; readonly href: string }) {
  return (
    <Notice
      tone="failed"
      title={title}
      actions={
        <Link href={href} prefetch={false} className={buttonStyle('plain')}>
          Start over
        </Link>
      }
    >
      <p>The search may be too long, or the link may be incomplete.</p>
    </Notice>
  );
}
