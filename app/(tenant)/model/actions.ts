'use server';

import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import { activateEndpoint } from '@/lib/domain/models/verbs/activate-endpoint';
import { activateVersion } from '@/lib/domain/models/verbs/activate-version';
import { backToDefault } from '@/lib/domain/models/verbs/back-to-default';
import { testEndpoint } from '@/lib/domain/models/verbs/test-endpoint';
import { action } from '@/lib/server/action';
import { type ModelView, modelHref } from './view';

/** Tests the chosen endpoint and shows the report. */
export const testEndpointAction = action(
  { action: testEndpoint.action, scope: 'tenant' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    const { endpointName } = await testEndpoint(context, {
      endpointName: String(form.get('endpoint') ?? ''),
    });
    return show({ tab: 'test', endpoint: endpointName });
  },
);

/** Makes an endpoint that passed a version, activates it, and says so. */
export const activateEndpointAction = action(
  { action: activateEndpoint.action, scope: 'tenant' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    const { version } = await activateEndpoint(context, {
      endpointName: String(form.get('endpoint') ?? ''),
    });
    return show({ tab: 'in-use', activated: version });
  },
);

/**
 * Activates an earlier or a later registered version. If SageMaker must deploy it again first, shows its endpoint.
 */
export const activateVersionAction = action(
  { action: activateVersion.action, scope: 'tenant' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    const { inUse, version, endpointName } = await activateVersion(context, {
      version: Number(form.get('version')),
    });
    return show(inUse ? { tab: 'in-use', activated: version } : { tab: 'test', endpoint: endpointName });
  },
);

/** Switches back to the built-in model. */
export const backToDefaultAction = action(
  { action: backToDefault.action, scope: 'tenant' },
  async (context, _before: unknown, _form: FormData): Promise<never> => {
    await backToDefault(context, undefined);
    return show({ tab: 'in-use', activated: 'default' });
  },
);

/** A fresh copy of the page. If the URL differed only by its anchor, Next would show its cached page. */
function show(view: ModelView): never {
  revalidatePath('/model');
  redirect(modelHref(view));
}
