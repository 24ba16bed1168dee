'use client';

import { formatAmount, formatUnits } from '@/components/format';
import { churnFeatures, type FeatureDefinition } from '@/lib/domain/churn/features';
import type { ChurnFeatures } from '@/lib/domain/crm/ports';

/** The features that the risk is computed from, each with its unit and meaning. */
export function Features({ features }: { readonly features: ChurnFeatures | null }) {
  return (
    <section className="flex flex-col border border-line bg-plate">
      <h2 className="px-5 pt-5 pb-3 text-sm">Features</h2>
      {features ? (
        <dl className="grid grow grid-cols-2 gap-px border-t border-line bg-line lg:grid-cols-4">
          {churnFeatures.map(({ key, name, label, unit, meaning }) => (
            <div key={key} title={name} className="bg-plate px-5 py-4">
              <dt className="text-xs text-muted">{label}</dt>
              <dd>
                <span className="text-lg font-semibold">{worded(features[key], unit)}</span>
                <span className="mt-1 block text-xs text-muted">{meaning}</span>
              </dd>
            </div>
          ))}
        </dl>
      ) : (
        <p className="px-5 pb-5 text-sm text-muted">
          None. Features are computed from orders, after each import.
        </p>
      )}
    </section>
  );
}

const ones = { days: 'day', orders: 'order', tickets: 'ticket' } as const;

const worded = (value: number, unit: FeatureDefinition['unit']): string =>
  unit === 'currency' ? formatAmount(value) : formatUnits(value, ones[unit]);
