'use server';

import { redirect } from 'next/navigation';
import { requestWorkbench } from '@/lib/domain/workbench/verbs/request-workbench';
import { retryStep } from '@/lib/domain/workbench/verbs/retry-step';
import { action } from '@/lib/server/action';
import { readRequest } from './_components/request-fields';

/** Requests the tenant's workbench with the form's settings. */
export const requestWorkbenchAction = action(
  { action: requestWorkbench.action, scope: 'tenant' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    await requestWorkbench(context, readRequest(form));
    redirect('/workbench');
  },
);

/** Retries from the failed step. */
export const retryStepAction = action(
  { action: retryStep.action, scope: 'tenant' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    await retryStep(context, {
      requestId: String(form.get('requestId')),
      attempt: Number(form.get('attempt')),
    });
    redirect('/workbench');
  },
);
