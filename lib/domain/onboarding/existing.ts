import { AnnexError } from '@/lib/errors';
import type { ControlContext } from '../context';
import type { Onboarding } from './ports';

/** The onboarding of the tenant. Throws `not_found`. */
export async function existing(ctx: ControlContext, tenantId: string): Promise<Onboarding> {
  const onboarding = await ctx.ports.onboardings.get(tenantId);
  if (!onboarding) throw new AnnexError('not_found', 'This tenant was not onboarded here.');
  return onboarding;
}
