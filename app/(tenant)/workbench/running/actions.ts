'use server';

import { redirect } from 'next/navigation';
import { setIdleShutdown } from '@/lib/domain/running/verbs/set-idle-shutdown';
import { stopRunningApp } from '@/lib/domain/running/verbs/stop-app';
import { stopRunningEndpoint } from '@/lib/domain/running/verbs/stop-endpoint';
import { action } from '@/lib/server/action';
import { idleFields } from './idle-fields';
import { type Done, runningHref } from './words';

/** Stops an app. */
export const stopAppAction = action(
  { action: stopRunningApp.action, scope: 'tenant' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    const text = (name: string) => String(form.get(name) ?? '');
    const stopped = await stopRunningApp(context, {
      domainId: text('domain'),
      owner: { kind: text('kind') === 'space' ? 'space' : 'profile', name: text('owner') },
      type: text('type'),
      name: text('name'),
    });
    return show(stopped ? 'stopped' : 'gone');
  },
);

/** Stops an endpoint. */
export const stopEndpointAction = action(
  { action: stopRunningEndpoint.action, scope: 'tenant' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    const stopped = await stopRunningEndpoint(context, {
      endpointName: String(form.get('endpoint') ?? ''),
      confirmed: form.get('confirmed') === 'yes',
    });
    return show(stopped ? 'stopped' : 'gone');
  },
);

/** Changes idle shutdown. */
export const setIdleShutdownAction = action(
  { action: setIdleShutdown.action, scope: 'tenant' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    await setIdleShutdown(context, idleFields(form));
    return show('idle');
  },
);

function show(done: Done): never {
  redirect(runningHref(done));
}
