import Link from 'next/link';
import { type Fact, Facts } from '@/components/data/facts';
import { Figure } from '@/components/data/figure';
import { formatCount } from '@/components/format';
import { Instant } from '@/components/ui/instant';
import type { CustomerOverview } from '@/lib/domain/crm/ports';
import type { Overview } from '@/lib/domain/overview/verbs/get-overview';
import { standingInWords } from '@/lib/domain/scoring/standing';
import { modelHref } from '../../model/view';

/** The figures that matter first, each with a link to what it counts. */
export function Figures({ overview }: { readonly overview: Overview }) {
  const { customers, scoring } = overview;
  if (!customers) return null;
  const scored = customers.scoring.state === 'scored' ? customers.scoring.scoredAt : null;
  const facts: Fact[] = [
    {
      name: 'Customers at high risk',
      // Without scores, 0 would say that nobody is at risk.
      value: hasScores(customers) ? (
        <Figure href="/customers?band=high">{formatCount(customers.bands.high)}</Figure>
      ) : (
        '–'
      ),
    },
    { name: 'Customers', value: <Figure href="/customers">{formatCount(customers.customers)}</Figure> },
    {
      name: 'Model',
      value: scoring ? (
        <Link href={modelHref({ tab: 'in-use' })} prefetch={false} className="link">
          {standingInWords(scoring, { progress: false })}
        </Link>
      ) : (
        sourceNames[customers.source.kind]
      ),
    },
    {
      name: 'Last scored',
      value: scored ? <Instant at={scored} /> : unscored(customers),
    },
  ];
  return <Facts facts={facts} />;
}

const hasScores = ({ histogram }: CustomerOverview): boolean => histogram.some((count) => count > 0);

const unscored = ({ scoring: { state } }: CustomerOverview): string =>
  state === 'unfitted' ? 'Not possible' : 'In progress';

const sourceNames: Readonly<Record<CustomerOverview['source']['kind'], string>> = {
  default: 'Built-in model',
  model: 'Your organisation’s model',
  fallback: 'Built-in model, as fallback',
};
