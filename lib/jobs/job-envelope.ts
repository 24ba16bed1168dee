import { z } from 'zod';
import type { Job } from '../domain/jobs';

const tenantId = z.string().min(1).max(64);

const job = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('workbench.advance'),
    tenantId,
    requestId: z.string().min(1).max(64).optional(),
  }),
  z.object({ kind: z.literal('extract.advance'), tenantId, requestId: z.ulid() }),
  z.object({ kind: z.literal('churn.refit'), tenantId }),
  z.object({
    kind: z.literal('models.roll-back'),
    tenantId,
    version: z.number().int().min(1),
    asked: z.object({
      at: z.iso.datetime(),
      by: z.object({ id: z.string().max(256), name: z.string().max(256) }),
    }),
  }),
  z.object({ kind: z.literal('scores.refresh'), tenantId }),
  z.object({ kind: z.literal('scores.look'), tenantId }),
  z.object({ kind: z.literal('scores.compare'), tenantId }),
]) satisfies z.ZodType<Job>;

const envelope = z.object({ version: z.literal(1), job });

/** A job as a message's body. */
export function encodeJob(value: Job): string {
  return JSON.stringify({ version: 1, job: value } satisfies z.input<typeof envelope>);
}

/** The job in a message's body, or what is wrong with the body. */
export function decodeJob(body: string): { readonly job: Job } | { readonly fault: string } {
  const json = parseJson(body);
  if (json === undefined) return { fault: 'not JSON' };
  const parsed = envelope.safeParse(json);
  return parsed.success ? { job: parsed.data.job } : { fault: z.prettifyError(parsed.error) };
}

/** `undefined` for a text that is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
