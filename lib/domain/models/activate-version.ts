import { AnnexError } from '@/lib/errors';
import { tenantVerb } from '../verb';
import { makeActive } from './make-active';
import type { ModelVersion } from './ports';
import { activateVersionInput } from './schemas';
import { firstFailure, isUnchanged, testedNow } from './tested';

/**
 * Makes a version that was registered before what scores come from again. When its endpoint was changed since it was
 * tested, it is tested again first. Returns the version. Throws `forbidden`; `not_found`; `conflict` when the endpoint is
 * gone or does not pass any more; and what `testEndpoint` throws. Nothing is changed then.
 */
export const activateVersion = tenantVerb(
  'models.activate',
  activateVersionInput,
  async (ctx, { version }): Promise<ModelVersion> => {
    const { models, endpoints } = ctx.ports;
    const model = await models.version(version);
    if (!model) throw new AnnexError('not_found', `There is no version ${version}. Reload the page.`);
    const { endpointName } = model;
    const endpoint = await endpoints.describe(endpointName);
    if (!endpoint) {
      throw new AnnexError(
        'conflict',
        `Version ${version} cannot be used: its endpoint ${endpointName} is not there any more. Nothing was changed.`,
      );
    }
    if (!isUnchanged(model.report, endpoint)) {
      const report = await testedNow(ctx, endpointName);
      if (!report.passed || !report.contentTypes.includes(model.contentType)) {
        throw new AnnexError(
          'conflict',
          `Version ${version} cannot be used: its endpoint ${endpointName} was changed and does not pass the contract test. ` +
            `${firstFailure(report)} Nothing was changed.`,
        );
      }
    }
    await makeActive(ctx, model);
    return model;
  },
);
