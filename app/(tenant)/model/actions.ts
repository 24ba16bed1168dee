'use server';

import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import { activateEndpoint } from '@/lib/domain/models/verbs/activate-endpoint';
import { activateVersion } from '@/lib/domain/models/verbs/activate-version';
import { backToDefault } from '@/lib/domain/models/verbs/back-to-default';
import { testEndpoint } from '@/lib/domain/models/verbs/test-endpoint';
import { type ActionResult, action } from '@/lib/server/action';
import { type ModelView, modelHref } from './view';

type Before = ActionResult<never> | null;

/** Tests the chosen endpoint and shows the report. */
export const testEndpointAction = action(
  { action: testEndpoint.action, scope: 'tenant' },
  async (context, _: Before, form: FormData): Promise<never> => {
    const { endpointName } = await testEndpoint(context, {
      endpointName: String(form.get('endpoint') ?? ''),
    });
    return show({ endpoint: endpointName });
  },
);

/** Registers the endpoint that passed as a new version and activates it. */
export const activateEndpointAction = action(
  { action: activateEndpoint.action, scope: 'tenant' },
  async (context, _: Before, form: FormData): Promise<never> => {
    await activateEndpoint(context, { endpointName: String(form.get('endpoint') ?? '') });
    return show({});
  },
);

/** Goes back, or on, to a version that was registered before; where SageMaker deploys it again first, shows its endpoint. */
export const activateVersionAction = action(
  { action: activateVersion.action, scope: 'tenant' },
  async (context, _: Before, form: FormData): Promise<never> => {
    const { inUse, endpointName } = await activateVersion(context, { version: Number(form.get('version')) });
    return show(inUse ? {} : { endpoint: endpointName });
  },
);

/** Goes back to the statistical default. */
export const backToDefaultAction = action(
  { action: backToDefault.action, scope: 'tenant' },
  async (context, _before: Before, _form: FormData): Promise<never> => {
    await backToDefault(context, undefined);
    return show({});
  },
);

/** The page anew. Told apart from where the person is by its anchor alone, Next would show the page that it has. */
function show(view: ModelView): never {
  revalidatePath('/model');
  redirect(modelHref(view));
}
