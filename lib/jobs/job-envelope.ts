import { z } from 'zod';
import { type Job, type JobKind, jobs } from '../domain/jobs';

const kinds = Object.keys(jobs) as JobKind[];

const header = z.object({
  version: z.literal(1),
  job: z.looseObject({ kind: z.enum(kinds), tenantId: z.string().min(1).max(64) }),
});

/** Encodes a job as a message body. */
export function encodeJob({ kind, tenantId, ...payload }: Job): string {
  return JSON.stringify({ version: 1, job: { kind, tenantId, ...payload } });
}

/** A job decoded from its message. */
export interface DecodedJob {
  readonly kind: JobKind;
  readonly tenantId: string;
  /** Valid under `jobs[kind].payload`. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/** The job in a message body, or the reason why it cannot be decoded. */
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

/** The parsed value; `undefined` when `text` is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
