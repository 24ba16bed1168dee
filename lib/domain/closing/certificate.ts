import { createHash } from 'node:crypto';
import type { Certificate, Closing } from './ports';

/** The certificate with that text. */
export const sealed = (text: string): Certificate => ({
  text,
  sha256: createHash('sha256').update(text, 'utf8').digest('hex'),
});

/**
 * What was deleted when, for those who have to show it: JSON with sorted keys and without spaces, so that its hash can be computed
 * anywhere.
 */
export function certificateOf(
  closing: Closing,
  tenant: { readonly name: string; readonly accountId: string | null },
  closedAt: Date,
): Certificate {
  const { tenantId, askedAt, askedBy, deleteAfter, counts, left, steps } = closing;
  const text = JSON.stringify(
    sorted({
      certificate: 'Annex deletion 1',
      tenant: { id: tenantId, name: tenant.name, awsAccount: tenant.accountId },
      askedAt: askedAt.toISOString(),
      askedBy: askedBy.name,
      keptUntil: deleteAfter.toISOString(),
      closedAt: closedAt.toISOString(),
      steps: steps.map(({ name, finishedAt }) => ({ name, finishedAt: finishedAt?.toISOString() ?? null })),
      deleted: counts,
      notDeletedByItself: left,
      kept: ['audit trail', 'name and id of the tenant', 'cost by month'],
    }),
  );
  return sealed(text);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}
