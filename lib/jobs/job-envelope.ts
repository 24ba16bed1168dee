import { z } from 'zod';
import { type Job, type JobKind, jobs } from '../domain/jobs';

const kinds = Object.keys(jobs) as JobKind[];

const header = z.object({
  version: z.literal(1),
  job: z.looseObject({ kind: z.enum(kinds), tenantId: z.string().min(1).max(64) }),
});

/** A job as a message's body. */
export function encodeJob({ kind, tenantId, ...payload }: Job): string {
  return JSON.stringify({ version: 1, job: { kind, tenantId, ...payload } });
}

/** A job taken out of its message, ready to be run. */
export interface DecodedJob {
  readonly kind: JobKind;
  readonly tenantId: string;
  /** As `jobs[kind].payload` describes it. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/** The job in a message's body, or what is wrong with the body. */
export function decodeJob(body: string): { readonly job: DecodedJob } | { readonly fault: string } {
  const json = parseJson(body);
  if (json === undefined) return { fault: 'not JSON' };
  const parsed = header.safeParse(json);
  if (!parsed.success) return { fault: z.prettifyError(parsed.error) };
  const { kind, tenantId, ...rest } = parsed.data.job;
  const payload = jobs[kind].payload.safeParse(rest);
  return payload.success
    ? { job: { kind, tenantId, payload: payload.data } }
    : { fault: z.prettifyError(payload.error) };
}

/** `undefined` for a text that is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
