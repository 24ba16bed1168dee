import { getOnboarding } from '@/lib/domain/onboarding/verbs/get-onboarding';
import { AnnexError } from '@/lib/errors';
import { route } from '@/lib/server/route';
import { onboardingReading } from '../tenant-reading';

/** The progress of a tenant's onboarding. */
export const GET = route<'control', { readonly id: string }>(
  { action: getOnboarding.action, scope: 'control' },
  async (context, _, { id }) => {
    const onboarding = await getOnboarding(context, { tenantId: id });
    if (!onboarding) throw new AnnexError('not_found', 'This tenant was not onboarded here.');
    return Response.json(onboardingReading(onboarding, context.now()));
  },
);
