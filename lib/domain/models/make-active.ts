import { auditEvent } from '../audit/record';
import type { TenantContext } from '../context';
import type { ModelVersion } from './ports';

/** By when scores are set right, s, should the process end between the activation and its job. */
const insuranceSeconds = 20;

/**
 * Makes `model` what scores come from (null: the default), in one transaction with its audit row, and has the customers
 * scored anew. The first job is sent before anything changes: whatever ends the process afterwards, scores follow.
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
