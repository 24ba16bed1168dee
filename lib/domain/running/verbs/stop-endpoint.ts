import { tenantVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';
import { stopEndpointInput } from '../schemas';
import { stopEndpoint } from '../stop';

/**
 * Stops an endpoint: SageMaker deletes it, and keeps its model and its configuration. The endpoint of the active model is stopped only
 * if the person confirmed that. False: there is no such endpoint any more. Throws `forbidden`, `invalid`; `conflict` without that
 * confirmation; and what AWS throws.
 */
export const stopRunningEndpoint = tenantVerb(
  'running.stop',
  stopEndpointInput,
  async (ctx, { endpointName, confirmed }) => {
    const active = await ctx.ports.models.active();
    if (active?.endpointName === endpointName && !confirmed) {
      throw new AnnexError(
        'conflict',
        `Version ${active.version}, the source of your scores, is served by this endpoint. Without it, people see the built-in ` +
          'model’s scores. To stop it all the same, tick the box. Nothing was stopped.',
      );
    }
    return stopEndpoint(ctx, endpointName);
  },
);
