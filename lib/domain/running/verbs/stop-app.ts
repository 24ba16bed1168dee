import { tenantVerb } from '@/lib/domain/verb';
import { stopAppInput } from '../schemas';
import { stopApp } from '../stop';

/**
 * Stops an app: SageMaker deletes it within a minute. Its files stay, and what was only in memory is lost. False: there is no such app
 * any more. Throws `forbidden`, `invalid`, and what AWS throws.
 */
export const stopRunningApp = tenantVerb('running.stop', stopAppInput, (ctx, key) => stopApp(ctx, key));
