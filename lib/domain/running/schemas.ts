import { z } from 'zod';
import { endpointName } from '../models/schemas';
import { awsName } from '../workbench/schemas';
import { idleLimits } from './ports';

export const stopAppInput = z.object({
  domainId: z.string().regex(/^d-(?:-*[a-z0-9]){1,61}$/),
  owner: z.object({ kind: z.enum(['profile', 'space']), name: awsName }),
  type: z.string().regex(/^[a-zA-Z]{1,64}$/),
  name: awsName,
});

export const stopEndpointInput = z.object({
  endpointName,
  /** The person knows that the endpoint serves the active model. */
  confirmed: z.boolean().default(false),
});

/** `minutes` counts only where idle shutdown is enabled. */
const idleSetting = z
  .object({
    state: z.enum(['enabled', 'disabled']),
    minutes: z.number().nullable().default(null),
  })
  .superRefine(({ state, minutes }, check) => {
    if (state === 'disabled') return;
    const { least, most } = idleLimits;
    if (minutes === null || !Number.isInteger(minutes) || minutes < least || minutes > most) {
      const message = 'Enter a whole number of minutes from 60 to 525,600 (a year).';
      check.addIssue({ code: 'custom', path: ['minutes'], message });
    }
  })
  .transform(({ state, minutes }) => ({ state, minutes: state === 'enabled' ? minutes : null }));

/** What is left out stays as it is. */
export const setIdleShutdownInput = z.object({
  JupyterLab: idleSetting.optional(),
  CodeEditor: idleSetting.optional(),
});

export const quietTenantInput = z.object({
  /** When somebody pressed Suspend. */
  asked: z.iso.datetime(),
  /** Until when it is looked whether an app came up again; absent: this is the first look. */
  until: z.iso.datetime().optional(),
});
