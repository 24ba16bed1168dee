import { randomUUID } from 'node:crypto';
import { controlContextForSystem } from '@/lib/deps';
import { sweepScores } from '@/lib/domain/churn/verbs/sweep-scores';
import { sweepClosings } from '@/lib/domain/closing/verbs/sweep-closings';
import type { ControlContext } from '@/lib/domain/context';
import { mailBudgetNotices } from '@/lib/domain/costs/verbs/mail-budget-notices';
import { refreshBill } from '@/lib/domain/costs/verbs/refresh-bill';
import { sweepSpend } from '@/lib/domain/costs/verbs/sweep-spend';
import { sweepExtracts } from '@/lib/domain/extracts/verbs/sweep-extracts';
import { sweepSubscriptions } from '@/lib/domain/marketplace/verbs/sweep-subscriptions';
import { sweepOnboardings } from '@/lib/domain/onboarding/verbs/sweep-onboardings';
import { sweepScoring } from '@/lib/domain/scoring/verbs/sweep-scoring';
import { sweepSignUps } from '@/lib/domain/signup/verbs/sweep-sign-ups';
import { sweepWorkbenches } from '@/lib/domain/workbench/verbs/sweep-workbenches';
import { log } from '@/lib/log';
import { within } from '@/lib/within';

/** In sweep intervals: at the usual interval, longer than the longest pause between two checks of a workbench. */
const untouchedIntervals = 6;
/** A sweep that takes longer counts as hung; the next one starts anyway. */
const longestMs = 5 * 60_000;

/** How often the worker sweeps, reads the bill and measures each tenant, s. */
export interface Rhythm {
  readonly seconds: number;
  readonly billSeconds: number;
  readonly measureSeconds: number;
}

/** Sweeps for stalled and due work every `seconds`. Returns a function that stops it and resolves when it has stopped. */
export function startSweeping({ seconds, billSeconds, measureSeconds }: Rhythm): () => Promise<void> {
  const sent = {
    workbenches: new Map<string, number>(),
    onboardings: new Map<string, number>(),
    closings: new Map<string, number>(),
    extracts: new Map<string, number>(),
    subscriptions: new Map<string, number>(),
  };
  const untouchedSeconds = seconds * untouchedIntervals;
  const sweeps: Readonly<Record<string, (ctx: ControlContext) => Promise<number>>> = {
    workbenches: (ctx) => sweepWorkbenches(ctx, { untouchedSeconds, sent: sent.workbenches }),
    onboardings: (ctx) => sweepOnboardings(ctx, { untouchedSeconds, sent: sent.onboardings }),
    closings: (ctx) => sweepClosings(ctx, { untouchedSeconds, sent: sent.closings }),
    subscriptions: (ctx) => sweepSubscriptions(ctx, { untouchedSeconds, sent: sent.subscriptions }),
    'sign-ups': (ctx) => sweepSignUps(ctx, undefined),
    scores: (ctx) => sweepScores(ctx, undefined),
    extracts: (ctx) => sweepExtracts(ctx, { untouchedSeconds, sent: sent.extracts }),
    scoring: (ctx) => sweepScoring(ctx, undefined),
    bill: (ctx) => refreshBill(ctx, { everySeconds: billSeconds }),
    spend: (ctx) => sweepSpend(ctx, { everySeconds: measureSeconds }),
    budgets: (ctx) => mailBudgetNotices(ctx, undefined),
  };
  let current: Promise<unknown> | null = null;
  const sweep = async (what: string, run: (ctx: ControlContext) => Promise<number>) => {
    try {
      const resumed = await within(longestMs, run(controlContextForSystem(`sweep-${randomUUID()}`)));
      if (resumed > 0) log.info({ what, resumed }, 'sweep resumed stalled work');
    } catch (error) {
      log.warn({ err: error, what }, 'sweep failed; it will run again');
    }
  };
  const tick = () => {
    current ??= Promise.all(Object.entries(sweeps).map(([what, run]) => sweep(what, run))).finally(() => {
      current = null;
    });
  };
  const timer = setInterval(tick, seconds * 1000);
  tick();
  return async () => {
    clearInterval(timer);
    await current;
  };
}
