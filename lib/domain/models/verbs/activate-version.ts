import { tenantVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';
import { deployAgain } from '../deploy-again';
import { otherModel, sameDeployment } from '../deployment';
import { makeActive } from '../make-active';
import type { ModelVersion } from '../ports';
import { activateVersionInput } from '../schemas';
import { firstFailure, isUnchanged, testedNow } from '../tested';

export interface ActivatedVersion extends ModelVersion {
  /** False: SageMaker must redeploy it first; the worker activates it then. */
  readonly inUse: boolean;
}

/**
 * Makes an earlier version the source of scores again. If its endpoint serves another model, SageMaker redeploys what was tested;
 * if the endpoint was changed, it is tested first. Throws `forbidden`; `not_found`; `conflict` when the endpoint is gone, is
 * being changed or no longer passes, or when what was tested cannot be redeployed; and what `testEndpoint` throws. Then nothing
 * changes.
 */
export const activateVersion = tenantVerb(
  'models.activate',
  activateVersionInput,
  async (ctx, { version }): Promise<ActivatedVersion> => {
    const { models, endpoints } = ctx.ports;
    const model = await models.version(version);
    if (!model) throw new AnnexError('not_found', `Version ${version} does not exist. Reload the page.`);
    const { endpointName } = model;
    const refused = (why: string) =>
      new AnnexError('conflict', `Version ${version} can’t be activated: ${why} Nothing was changed.`);
    const tested = model.report.deployment;
    const endpoint = await endpoints.deployed(endpointName);
    if (!endpoint) throw refused(`its endpoint ${endpointName} no longer exists.`);
    const other = otherModel(endpoint, { version, tested });
    if (other) {
      const obstacle = await deployAgain(ctx, model, endpoint);
      if (obstacle === null) return { ...model, inUse: false };
      throw refused(`${other} ${obstacle}`);
    }
    if (!isUnchanged(model.report, endpoint)) {
      const report = await testedNow(ctx, endpointName);
      if (!report.passed || !report.contentTypes.includes(model.contentType)) {
        throw refused(
          `its endpoint ${endpointName} was changed and fails the contract test. ${firstFailure(report)}`,
        );
      }
      if (!sameDeployment(report.deployment, tested))
        throw refused(`${endpointName} was deployed again during the test.`);
    }
    await makeActive(ctx, model);
    return { ...model, inUse: true };
  },
);
