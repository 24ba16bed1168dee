import type { Customer, CustomerOverview } from '@/lib/domain/crm/ports';

/** Why a customer without a score has none. */
export function whyUnscored(
  { features }: Pick<Customer, 'features'>,
  scoring: CustomerOverview['scoring'],
): string {
  const isTried = scoring.state === 'scored' || scoring.state === 'unfitted';
  if (isTried && features === null) {
    return 'No score. This customer has no orders to compute it from, and refunds don’t count as orders.';
  }
  if (scoring.state === 'unfitted') return `No score. ${scoring.reason}`;
  return 'Not scored yet. Scores are computed after each import.';
}
