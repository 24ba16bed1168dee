import { expect, test } from 'vitest';
import { featureRecord } from '@/lib/domain/churn/feature-rows';
import type { CustomerOverview } from '@/lib/domain/crm/ports';
import { whyUnscored } from './why-unscored';

const buyer = { features: featureRecord(() => 1) };
const refunded = { features: null };
const at = new Date('2026-11-29');
const unfitted = { state: 'unfitted', reason: 'Only one customer has ordered.', at } as const;
const scored = { state: 'scored', scoredAt: at, version: 'bgnbd-1', uncertainty: 0.1 } as const;

test.each<[object, CustomerOverview['scoring'], string]>([
  [buyer, { state: 'none' }, 'Not scored yet.'],
  [buyer, { state: 'stale', since: at }, 'Not scored yet.'],
  [refunded, { state: 'stale', since: at }, 'Not scored yet.'],
  [buyer, scored, 'Not scored yet.'],
  [buyer, unfitted, 'No score. Only one customer has ordered.'],
  [refunded, unfitted, 'No score. This customer has no orders'],
  [refunded, scored, 'No score. This customer has no orders'],
])('%j in %j: %s', (customer, scoring, words) => {
  expect(whyUnscored(customer as typeof buyer, scoring)).toContain(words);
});
