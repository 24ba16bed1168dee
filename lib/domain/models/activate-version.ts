import { AnnexError } from '@/lib/errors';
import { tenantVerb } from '../verb';
import { otherModel, sameDeployment } from './deployment';
import { makeActive } from './make-active';
import type { ModelVersion } from './ports';
import { activateVersionInput } from './schemas';
import { firstFailure, isUnchanged, testedNow } from './tested';

/**
 * Makes a version that was registered before what scores come from again, when its endpoint serves what was tested as that
 * version. Where the endpoint was touched since, it is tested again first. Returns the version. Throws `forbidden`; `not_found`;
 * `conflict` when the endpoint is gone, serves another model or does not pass any more; and what `testEndpoint` throws.
 * Nothing is changed then.
 */
export const activateVersion = tenantVerb(
  'models.activate',
  activateVersionInput,
  async (ctx, { version }): Promise<ModelVersion> => {
    const { models, endpoints } = ctx.ports;
    const model = await models.version(version);
    if (!model) throw new AnnexError('not_found', `There is no version ${version}. Reload the page.`);
    const { endpointName } = model;
    const refused = (why: string) =>
      new AnnexError('conflict', `Version ${version} cannot be used: ${why} Nothing was changed.`);
    const tested = model.report.deployment;
    const endpoint = await endpoints.deployed(endpointName);
    if (!endpoint) throw refused(`its endpoint ${endpointName} is not there any more.`);
    const other = otherModel(endpoint, { version, tested });
    if (other) {
      const back = tested
        ? `Have ${endpointName} serve ${tested.configName} again in SageMaker, or test`
        : 'Test';
      throw refused(`${other} ${back} what it serves now and activate that as a new version.`);
    }
    if (!isUnchanged(model.report, endpoint)) {
      const report = await testedNow(ctx, endpointName);
      if (!report.passed || !report.contentTypes.includes(model.contentType)) {
        throw refused(
          `its endpoint ${endpointName} was changed and does not pass the contract test. ${firstFailure(report)}`,
        );
      }
      if (!sameDeployment(report.deployment, tested))
        throw refused(`${endpointName} was just deployed anew.`);
    }
    await makeActive(ctx, model);
    return model;
  },
);
