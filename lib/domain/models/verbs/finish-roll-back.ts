import { record } from '@/lib/domain/audit/record';
import { tenantVerb } from '@/lib/domain/verb';
import { sameDeployment } from '../deployment';
import { makeActive } from '../make-active';
import { finishRollBackInput } from '../schemas';
import { firstFailure, testedNow } from '../tested';

/** The state of a version that SageMaker was told to redeploy. */
export type RollBack = 'waiting' | 'active' | 'given up';

/** Seconds between checks of an endpoint that SageMaker is changing. */
const nextCheckSeconds = 5;

/** SageMaker's statuses of an endpoint that it is changing; each ends by itself. */
const changing = new Set(['Creating', 'Updating', 'SystemUpdating', 'RollingBack']);

/**
 * Tests and activates a version, for the person who asked, once SageMaker has redeployed it; until then, schedules another check.
 * Gives up when another version was activated meanwhile, or when the endpoint ends up serving something else or does not pass.
 * Throws `forbidden`, and what asking SageMaker throws.
 */
export const finishRollBack = tenantVerb(
  'models.roll-back',
  finishRollBackInput,
  async (ctx, { version, asked: { at, by } }): Promise<RollBack> => {
    const { models, endpoints, jobs } = ctx.ports;
    const givenUp = async (why: string): Promise<RollBack> => {
      ctx.log.warn({ version, why }, 'version was not activated after redeployment');
      await record(ctx, {
        action: 'models.roll-back',
        subject: `model/${version}`,
        result: 'failed',
        detail: { version, reason: why },
        key: `${version}/${at}/end`,
      });
      return 'given up';
    };
    const [model, [newest]] = await Promise.all([models.version(version), models.activations(1)]);
    if (!model) return givenUp('version not found');
    if (newest && newest.at > new Date(at)) return givenUp('another version was activated in the meantime');
    const { endpointName, report: then } = model;
    const endpoint = await endpoints.deployed(endpointName);
    if (endpoint && (endpoint.pendingConfigName !== null || changing.has(endpoint.status))) {
      const job = { kind: 'models.roll-back', version, asked: { at, by } } as const;
      await jobs.send(job, { delaySeconds: nextCheckSeconds });
      return 'waiting';
    }
    if (!endpoint || !sameDeployment(endpoint.deployment, then.deployment)) {
      return givenUp(endpoint?.failureReason ?? 'the endpoint serves another configuration');
    }
    const person = { ...ctx, actor: { ...ctx.actor, ...by } };
    const report = await testedNow(person, endpointName);
    if (!report.passed || !report.contentTypes.includes(model.contentType))
      return givenUp(firstFailure(report));
    if (!sameDeployment(report.deployment, then.deployment)) return givenUp('it was deployed again');
    await makeActive(person, model);
    return 'active';
  },
);
