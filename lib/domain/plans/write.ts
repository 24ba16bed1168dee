import { AnnexError } from '@/lib/errors';
import type { AuditValues } from '../audit/ports';
import type { ControlContext } from '../context';
import type { PlanLimits } from './ports';

/** The limits as the audit keeps them. */
export const auditedLimits = ({ variants, ...rest }: PlanLimits): AuditValues => ({
  ...rest,
  variants: variants?.join(', ') ?? null,
});

/** Throws `invalid` for a variant that the catalogue does not offer, unless it is among `known`; and what reaching the catalogue throws. */
export async function checkVariants(
  ctx: ControlContext,
  { variants }: PlanLimits,
  known: readonly string[] = [],
): Promise<void> {
  const added = (variants ?? []).filter((id) => !known.includes(id));
  if (added.length === 0) return;
  const offered = await ctx.ports.catalog.variants();
  const missing = added.filter((id) => !offered.some((variant) => variant.id === id));
  if (missing.length === 0) return;
  const text = `Service Catalog doesn’t offer ${missing.join(', ')}. Nothing was changed. Reload the page.`;
  throw new AnnexError('invalid', text, { fields: { 'limits.variants': text } });
}
