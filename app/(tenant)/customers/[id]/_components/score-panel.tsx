import type { ReactNode } from 'react';
import { RiskRule } from '@/components/data/risk';
import { formatProbability } from '@/components/format';
import { Copyable } from '@/components/ui/copy';
import { Instant } from '@/components/ui/instant';
import { Status } from '@/components/ui/status';
import { Term } from '@/components/ui/term';
import type { ChurnScore, Customer, CustomerOverview } from '@/lib/domain/crm/ports';
import { bandNames, bandOf } from '@/lib/domain/crm/risk-bands';
import { whyUnscored } from './why-unscored';

const sources: Readonly<Record<ChurnScore['source'], ReactNode>> = {
  default: (
    <>
      Built-in model (<Term name="bgNbd" />)
    </>
  ),
  model: 'Your model',
};

/** The churn probability on a scale, and its source. */
export function ScorePanel({
  customer,
  asOf,
  source,
  scoring,
}: {
  readonly customer: Customer;
  /** The date as of which features and score describe the customer. */
  readonly asOf: Date | null;
  readonly source: CustomerOverview['source'];
  readonly scoring: CustomerOverview['scoring'];
}) {
  return (
    <section className="border border-line bg-plate p-5">
      <h2 className="text-sm">
        <Term name="churnRisk" />
      </h2>
      {customer.score ? (
        <Score score={customer.score} asOf={asOf} />
      ) : (
        <p className="mt-2 text-sm text-muted">{whyUnscored(customer, scoring)}</p>
      )}
      {source.kind === 'fallback' ? (
        <p className="mt-4 border-t border-line pt-4 text-sm">
          <Status tone="warning">
            <Term name="fallback" />:
          </Status>{' '}
          the built-in model has replaced your organisation’s model since{' '}
          <Instant at={source.since} style="second" />. {source.reason}
        </p>
      ) : null}
    </section>
  );
}

function Score({ score, asOf }: { readonly score: ChurnScore; readonly asOf: Date | null }) {
  return (
    <>
      <p className="mt-2 flex items-baseline gap-3">
        <span className="text-3xl font-semibold tracking-[-0.02em]">
          {formatProbability(score.probability)}
        </span>
        <span className="font-medium">{bandNames[bandOf(score.probability)]}</span>
      </p>
      <RiskRule probability={score.probability} className="mt-3 h-6 w-full" />
      <div aria-hidden="true" className="mt-1 grid grid-cols-10 text-xs text-muted">
        <span className="col-span-4">Low</span>
        <span className="col-span-3">Medium</span>
        <span className="col-span-3">High</span>
      </div>
      <p className="mt-3 text-sm text-muted">
        Probability of no order in the 90 days from{' '}
        {asOf ? <Instant at={asOf} style="date" /> : 'the last import'}.
      </p>
      <dl className="mt-4 grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1 border-t border-line pt-4 text-sm">
        <dt className="text-muted">Source</dt>
        <dd>{sources[score.source]}</dd>
        <dt className="text-muted">Version</dt>
        <dd>
          <Copyable what="version" className="text-[0.8125rem]">
            {score.version}
          </Copyable>
        </dd>
        <dt className="text-muted">Scored</dt>
        <dd>
          <Instant at={score.scoredAt} style="second" />
        </dd>
      </dl>
    </>
  );
}
