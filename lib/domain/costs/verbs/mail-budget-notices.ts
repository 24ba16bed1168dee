import { auditEvent } from '@/lib/domain/audit/record';
import type { UnmailedNotice } from '@/lib/domain/budget/ports';
import type { ControlContext } from '@/lib/domain/context';
import { controlVerb, nothing } from '@/lib/domain/verb';
import { isAnnexError } from '@/lib/errors';
import { budgetMail } from '../mails';

const limit = 20;
const peopleAtOnce = 200;

/**
 * Mails owners which shares of their budgets were reached. One that was interrupted is mailed again. Returns how many notices it mailed.
 * Throws `forbidden`, and what the database or the mail throws.
 */
export const mailBudgetNotices = controlVerb('costs.warn', nothing, async (ctx) => {
  const notices = await ctx.ports.spendBook.unmailed(limit);
  for (const notice of notices) {
    const owners = await mailOwners(ctx, notice);
    const { month, percent } = notice;
    const event = auditEvent(ctx, {
      action: 'costs.warn',
      subject: 'budget',
      key: `${month}/${percent}`,
      detail: { month, percent, owners },
    });
    await ctx.ports.spendBook.mailed(notice, ctx.now(), event);
  }
  return notices.length;
});

/** How many owners got it. */
async function mailOwners(ctx: ControlContext, notice: UnmailedNotice): Promise<number> {
  const { peopleOfTenants, mail, signUp } = ctx.ports;
  const { portal } = signUp.terms.current();
  let owners = 0;
  let cursor: string | undefined;
  do {
    const page = await peopleOfTenants.list(notice.tenantId, { cursor, limit: peopleAtOnce });
    for (const { email, roles, disabledAt } of page.people) {
      if (!roles.includes('owner') || disabledAt !== null) continue;
      try {
        await mail.send(budgetMail(email, notice, portal));
        owners += 1;
      } catch (error) {
        // An address that cannot be one never gets a mail; the other owners do.
        if (!isAnnexError(error, 'invalid')) throw error;
      }
    }
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return owners;
}
