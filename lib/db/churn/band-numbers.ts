import type { RiskBand } from '@/lib/domain/crm/risk-bands';

/** The values of the generated column `band`; 0 is for customers without a score. */
export const bandNumbers: Readonly<Record<RiskBand, number>> = { low: 1, medium: 2, high: 3 };
