import { Instant } from '@/components/ui/instant';
import { Notice } from '@/components/ui/notice';
import { isLate } from '@/lib/domain/costs/bill';
import type { BillStanding } from '@/lib/domain/costs/ports';

/** What is wrong with the bill: it cannot be read, or AWS is later with it than usual. Nothing while it is as it should be. */
export function BillNotices({ bill, now }: { readonly bill: BillStanding; readonly now: Date }) {
  const { failingSince, failure, readAt, asOf } = bill;
  return (
    <>
      {failingSince ? (
        <Notice tone="failed" title="The bill can’t be read">
          <p>
            Since <Instant at={failingSince} />: {failure} Annex tries again by itself.{' '}
            {readAt ? 'The figures below are older.' : 'Nothing of it is known yet.'}
          </p>
        </Notice>
      ) : null}
      {asOf && isLate(bill, now) ? (
        <Notice tone="warning" title="AWS is late with its costs">
          <p>
            Its figures end <Instant at={asOf} />. Usually they are at most 24 hours behind. What Annex
            measures does not depend on them.
          </p>
        </Notice>
      ) : null}
    </>
  );
}

/** How old the bill is. */
export function BillAge({ bill: { readAt, asOf } }: { readonly bill: BillStanding }) {
  if (readAt === null) return null;
  if (asOf === null) {
    return (
      <>
        Read <Instant at={readAt} />; AWS had no costs then.
      </>
    );
  }
  if (asOf.getTime() === readAt.getTime()) {
    return (
      <>
        As of <Instant at={asOf} />
      </>
    );
  }
  return (
    <>
      As of <Instant at={asOf} />, read <Instant at={readAt} />
    </>
  );
}
