import { auditEvent } from '@/lib/domain/audit/record';
import type { TenantContext } from '@/lib/domain/context';
import { nothing, tenantVerb } from '@/lib/domain/verb';
import { horizonDays } from '../../time';
import { fitBgNbd } from '../bg-nbd-fit';
import type { FitDecision, OrderHistory, Rescored } from '../ports';

/**
 * Fits the built-in model to the tenant's orders and scores every customer, or records why no fit is possible. Does nothing when
 * the newest orders are already scored, so a job delivered twice costs one read.
 */
export const refitDefault = tenantVerb('churn.refit', nothing, async (ctx): Promise<Rescored> => {
  const rescored = await ctx.ports.scores.rescore(
    (history) => decide(ctx, history),
    (revision) =>
      auditEvent(ctx, {
        action: 'churn.refit',
        subject: `scores/${versionOf(revision)}`,
        detail: { revision },
        key: revision,
      }),
  );
  if (rescored.outcome === 'empty') return rescored;
  // The tenant's own model, if any, scores the new features next.
  await ctx.ports.jobs.send({ kind: 'scores.refresh' });
  ctx.log.info(rescored, 'built-in model refitted');
  return rescored;
});

async function decide(ctx: TenantContext, { revision, batches }: OrderHistory): Promise<FitDecision> {
  const fit = await fitBgNbd(batches);
  if (fit.outcome === 'unfitted') {
    ctx.log.warn(
      { revision, reason: fit.reason, customers: fit.customers },
      'built-in model could not be fitted',
    );
    return { outcome: 'unfitted', reason: fit.message, at: ctx.now() };
  }
  const { parameters, logLikelihood, uncertainty, customers, rows, digits, evaluations } = fit;
  ctx.log.info(
    { revision, ...parameters, logLikelihood, uncertainty, customers, rows, digits, evaluations },
    'built-in model fitted',
  );
  return {
    outcome: 'fitted',
    fit: { parameters, logLikelihood, uncertainty, customers, fittedAt: ctx.now() },
    version: versionOf(revision),
    horizonDays,
  };
}

/** The built-in model's version for the orders' `revision`. */
const versionOf = (revision: number): string => `bgnbd-${revision}`;
