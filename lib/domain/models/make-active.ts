import { auditEvent } from '../audit/record';
import type { TenantContext } from '../context';
import type { ModelVersion } from './ports';

/** Delay of the job that corrects the scores if the process ends after the activation, s. */
const insuranceSeconds = 20;

/**
 * Makes `model` the source of scores (null: the built-in model), in one transaction with its audit row, and requests a scoring
 * run. The first job is sent before anything changes, so that the scores follow even if the process ends.
 */
export async function makeActive(ctx: TenantContext, model: ModelVersion | null): Promise<void> {
  const { models, jobs } = ctx.ports;
  const job = { kind: 'scores.refresh' } as const;
  await jobs.send(job, { delaySeconds: insuranceSeconds });
  await models.activate(
    { version: model?.version ?? null, by: ctx.actor.name, at: ctx.now() },
    auditEvent(ctx, {
      action: 'models.activate',
      subject: model ? `model/${model.version}` : 'model/default',
      detail: model ? { version: model.version, endpoint: model.endpointName } : { version: null },
    }),
  );
  try {
    await jobs.send(job);
  } catch (error) {
    ctx.log.warn({ err: error }, 'scoring could not be queued; the sweep will start it');
  }
}
