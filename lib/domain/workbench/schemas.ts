import { z } from 'zod';
import { sentBySweeps } from '../sweep';
import { daySeconds } from '../time';
import { studioApps, vendingEnds } from './ports';

/** Id of a workbench request. */
const workbenchRequestId = z.string().min(1).max(64);

/** A variant of the catalogue with the parameter values that a person chose. */
export const requestWorkbenchInput = z.object({
  variantId: z.string().min(1, 'choose a variant').max(100),
  parameters: z.record(z.string().max(255), z.string().trim().max(256)).default({}),
});

/** `attempt` is the failed attempt that the person saw, so that pressing the button twice retries once. */
export const retryStepInput = z.object({
  requestId: workbenchRequestId,
  attempt: z.number().int().min(1).optional(),
});

/** A name of SageMaker. */
export const awsName = z
  .string()
  .max(63, 'Names of SageMaker have at most 63 characters.')
  .regex(/^[a-zA-Z0-9](?:-*[a-zA-Z0-9])*$/, 'Names of SageMaker have letters, digits and hyphens alone.');

/** Where in Studio to land: at a space, at an app of one’s own, or, with neither, at its home. */
export const launchStudioInput = z
  .object({ space: awsName.optional(), app: z.enum(studioApps).optional() })
  .refine(({ space, app }) => space === undefined || app === undefined, {
    path: ['app'],
    message: 'Name a space or an app, not both.',
  })
  .default({});
export type StudioPlace = z.output<typeof launchStudioInput>;

export const getSpaceRefusalInput = z.object({ space: awsName });

/** Without `requestId`: the tenant's live request. */
export const advanceWorkbenchInput = z.object({ requestId: workbenchRequestId.optional() });

/** Control Tower's report that an account was created or could not be. */
export const accountEventInput = z.object({
  accountName: z.string().min(1),
  accountId: z
    .string()
    .regex(/^\d{12}$/)
    .nullable(),
  state: z.enum(vendingEnds),
});

export const sweepWorkbenchesInput = z.object({
  /** A request that is not in a final state counts as stalled after this long without a write, s. */
  untouchedSeconds: z.number().min(0).max(daySeconds),
  sent: sentBySweeps,
});
