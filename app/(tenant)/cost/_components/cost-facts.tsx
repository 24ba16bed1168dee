import type { ReactNode } from 'react';
import { Facts } from '@/components/data/facts';
import { formatUsd, formatUsdRate } from '@/components/format';
import { Instant } from '@/components/ui/instant';
import type { SpendStanding } from '@/lib/domain/budget/ports';
import type { Costs } from '@/lib/domain/costs/verbs/get-costs';
import { monthInWords } from '@/lib/domain/month';
import { runRate } from '@/lib/domain/running/cost';
import type { Running } from '@/lib/domain/running/verbs/list-running';
import { BillAge } from '../../../_components/costs/bill-notices';
import { MonthFigure } from '../../../_components/costs/month-figure';

/** The figures that matter first, each with its age. */
export function CostFacts({ costs, running }: { readonly costs: Costs; readonly running: Running }) {
  const { month, before, bill, thisMonth, lastMonth, spend, budget } = costs;
  const facts = [
    {
      name: `${monthInWords(month)} so far, by the bill`,
      value: (
        <Aged age={<BillAge bill={bill} />}>
          <MonthFigure month={thisMonth} />
        </Aged>
      ),
    },
    {
      name: `${monthInWords(before)}, by the bill`,
      value: (
        <Aged age={null}>
          <MonthFigure month={lastMonth} over />
        </Aged>
      ),
    },
    { name: 'What runs now costs', value: <RunRate running={running} measured={spend} /> },
    {
      name: `Measured in ${monthInWords(month)}`,
      value: <Measured spend={spend} usd={budget.spent} />,
    },
  ];
  return <Facts facts={facts} />;
}

function Aged({ children, age }: { readonly children: ReactNode; readonly age: ReactNode }) {
  return (
    <>
      <span className="text-xl">{children}</span>
      {age ? <span className="block text-xs font-normal text-muted">{age}</span> : null}
    </>
  );
}

function RunRate({
  running,
  measured,
}: {
  readonly running: Running;
  readonly measured: SpendStanding | null;
}) {
  const { hasAccount, apps, endpoints, readAt } = running;
  if (!hasAccount) return <span className="text-muted">No account yet</span>;
  if (apps.state === 'read' && endpoints.state === 'read') {
    const { usd, unpriced } = runRate([...apps.value.items, ...endpoints.value.items]);
    return <Aged age={<Unpriced at={readAt} what={unpriced} />}>{formatUsdRate(usd)} an hour</Aged>;
  }
  if (measured?.measuredUntil && measured.runRate !== null) {
    return (
      <Aged
        age={
          <>
            AWS doesn’t tell now. Measured <Instant at={measured.measuredUntil} />
          </>
        }
      >
        {formatUsdRate(measured.runRate)} an hour
      </Aged>
    );
  }
  const reason = [apps, endpoints].find((part) => part.state === 'unreadable')?.reason;
  return <span className="text-sm font-normal text-muted">{reason ?? 'Not known'}</span>;
}

function Unpriced({ at, what }: { readonly at: Date; readonly what: readonly string[] }) {
  return (
    <>
      As of <Instant at={at} style="second" />
      {what.length > 0 ? <span className="block">Without a price: {what.join(', ')}</span> : null}
    </>
  );
}

function Measured({ spend, usd }: { readonly spend: SpendStanding | null; readonly usd: number }) {
  if (!spend?.measuredUntil) {
    return (
      <Aged age={spend?.failure}>
        <span className="text-muted">Not measured yet</span>
      </Aged>
    );
  }
  return (
    <Aged
      age={
        <>
          As of <Instant at={spend.measuredUntil} />
          {spend.failingSince ? (
            <span className="block text-failed">
              It can’t be measured since <Instant at={spend.failingSince} />: {spend.failure}
            </span>
          ) : null}
        </>
      }
    >
      {formatUsd(usd)}
    </Aged>
  );
}
