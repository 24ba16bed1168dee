import { refuseWhileBraked } from '@/lib/domain/budget/brake';
import { nothing, tenantVerb } from '@/lib/domain/verb';
import { isAnnexError } from '@/lib/errors';

/** Why a spent budget keeps Studio closed, in words for the person; null: it does not. Throws `forbidden`. */
export const getBrake = tenantVerb('studio.launch', nothing, async (ctx): Promise<string | null> => {
  try {
    await refuseWhileBraked(ctx, 'New Studio sessions');
    return null;
  } catch (error) {
    if (!isAnnexError(error, 'conflict')) throw error;
    return error.message;
  }
});
