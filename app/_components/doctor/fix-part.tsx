import Link from 'next/link';
import { Copy, Copyable } from '@/components/ui/copy';
import type { Fix } from '@/lib/domain/doctor/ports';

const pages = {
  workbench: { href: '/workbench', label: 'Go to Workbench' },
  model: { href: '/model', label: 'Go to Model' },
} as const;

/** What to do about a link that fails. `offersPages`: the reader may open the tenant's own pages. */
export function FixPart({ fix, offersPages }: { readonly fix: Fix; readonly offersPages: boolean }) {
  const page = fix.page && offersPages ? pages[fix.page] : null;
  return (
    <div className="space-y-2 border-l-2 border-next bg-next-tint px-4 py-3 text-sm">
      <p>
        <span className="font-semibold">Fix:</span> {fix.words}
      </p>
      {fix.console === null ? null : (
        <p>
          <span className="text-muted">In the AWS console:</span>{' '}
          <Copyable what="console path">{fix.console}</Copyable>
        </p>
      )}
      {fix.policy === null ? null : (
        <div>
          <p className="text-muted">
            Policy statement
            <Copy what="policy statement" text={fix.policy} />
          </p>
          <pre className="mt-1 border border-line bg-page px-3 py-2 font-mono text-xs whitespace-pre-wrap [overflow-wrap:anywhere]">
            {fix.policy}
          </pre>
        </div>
      )}
      {page ? (
        <p>
          <Link href={page.href} prefetch={false} className="link">
            {page.label}
          </Link>
        </p>
      ) : null}
    </div>
  );
}
