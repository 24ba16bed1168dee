import { RiskReading } from '@/components/data/risk';
import { Cell, RowHead, Unknown } from '@/components/data/table';
import { formatAmount, formatCount, formatDecimal } from '@/components/format';
import type { ChurnFeatures } from '@/lib/domain/crm/ports';
import { customerPath } from '../customer-path';

export interface CustomerLine {
  readonly id: string;
  readonly name: string | null;
  readonly probability: number | null;
  readonly features: ChurnFeatures | null;
}

const columns = [
  ['recencyDays', formatDecimal],
  ['frequency', formatCount],
  ['monetaryMean', formatAmount],
  ['spend90d', formatAmount],
  ['orders90d', formatCount],
] as const satisfies readonly (readonly [keyof ChurnFeatures, (value: number) => string])[];

/** The rows of the list. */
export function CustomerRows({ customers }: { readonly customers: readonly CustomerLine[] }) {
  return customers.map(({ id, name, probability, features }) => (
    <tr key={id}>
      <RowHead>
        <a href={customerPath(id)} className="row-link">
          {id}
        </a>
        {name ? <span className="block max-w-56 truncate text-xs font-normal text-muted">{name}</span> : null}
      </RowHead>
      <Cell>
        {probability === null ? <Unknown why="Not scored yet" /> : <RiskReading probability={probability} />}
      </Cell>
      {columns.map(([feature, format]) => (
        <Cell key={feature} numeric>
          {features ? format(features[feature]) : <Unknown why="Not computed yet" />}
        </Cell>
      ))}
    </tr>
  ));
}
