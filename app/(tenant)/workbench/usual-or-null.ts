import type { TenantContext } from '@/lib/domain/context';
import type { UsualDurations } from '@/lib/domain/workbench/ports';
import { getUsualDurations } from '@/lib/domain/workbench/verbs/get-usual-durations';
import { isAnnexError } from '@/lib/errors';

/** How long the steps usually take; null while AWS does not tell: the progress is shown without it. */
export async function usualOrNull(context: TenantContext): Promise<UsualDurations | null> {
  try {
    return await getUsualDurations(context, undefined);
  } catch (error) {
    if (!isAnnexError(error)) throw error;
    context.log.warn({ err: error }, 'usual durations could not be read');
    return null;
  }
}
