import { z } from 'zod';
import { type Step, stepStates } from '@/lib/domain/stepwise';
import type { Prisma } from '../generated/client';

const instant = z.iso.datetime().transform((text) => new Date(text));

/** Steps with these names, as a JSON column has them. */
export const storedSteps = <const N extends string>(names: readonly N[]) =>
  z.array(
    z.object({
      name: z.enum(names),
      state: z.enum(stepStates),
      startedAt: instant.nullable(),
      finishedAt: instant.nullable(),
      reason: z.string().nullable(),
    }),
  );

/** Steps for a JSON column. */
export const stepsAsJson = (steps: readonly Step[]): Prisma.InputJsonValue =>
  steps.map(({ startedAt, finishedAt, ...step }) => ({
    ...step,
    startedAt: startedAt?.toISOString() ?? null,
    finishedAt: finishedAt?.toISOString() ?? null,
  }));
