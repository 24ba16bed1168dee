import { monthBefore } from '@/lib/domain/month';
import { controlVerb } from '@/lib/domain/verb';
import { AnnexError, isAnnexError } from '@/lib/errors';
import type { ControlContext } from '../../context';
import { nextTry, reachOf } from '../bill';
import { everySeconds } from '../schemas';

/** An answer without an end would cost money for ever. */
const mostPages = 2000;

/** A reading that has not ended after this was killed: another may begin. */
const longestMs = 30 * 60_000;

/**
 * Reads the bill of this month and the last one, if it is due: AWS charges $0.01 a page, so that all tenants share one reading. People
 * see the reading before it until this one is whole. Returns how many readings it made: one or none. Throws `forbidden`, and what the
 * database throws; a failure of AWS is kept and tried again.
 */
export const refreshBill = controlVerb(
  'costs.refresh',
  everySeconds,
  async (ctx, { everySeconds: every }) => {
    const { billBook } = ctx.ports;
    const began = ctx.now();
    const reading = await billBook.begin(
      began,
      new Date(began.getTime() + Math.min(longestMs, every * 1000)),
    );
    if (reading === null) return 0;
    try {
      await read(ctx, reading, began, every);
      return 1;
    } catch (error) {
      // What nobody expects counts as a failed reading, too: the one before it stays, and says since when.
      const reason = isAnnexError(error) ? error.message : 'Annex could not read the bill.';
      const at = ctx.now();
      ctx.log.warn({ err: error }, 'the bill could not be read');
      await billBook.fail(reading, { reason, at, nextAtAfter: (failures) => nextTry(at, failures, every) });
      return 0;
    }
  },
);

async function read(ctx: ControlContext, reading: string, began: Date, every: number): Promise<void> {
  const { bill, billBook } = ctx.ports;
  const asOf = reachOf(await bill.newestDay(began), began);
  const from = monthBefore(began);
  let kept = 0;
  let cursor: string | undefined;
  let pages = 0;
  do {
    if (pages === mostPages)
      throw new AnnexError('dependency_failed', `The bill has more than ${mostPages} pages.`);
    const page = await bill.page(from, began, cursor);
    kept += await billBook.add(reading, page.lines);
    cursor = page.next;
    pages += 1;
  } while (cursor !== undefined);
  const nextAt = new Date(began.getTime() + every * 1000);
  const shown = await billBook.show(reading, { readAt: began, asOf, nextAt });
  ctx.log.info({ pages, kept, shown }, 'the bill was read');
}
