import type { TenantContext } from '@/lib/domain/context';
import { extractInput } from '@/lib/domain/extracts/schemas';
import { getExtract } from '@/lib/domain/extracts/verbs/get-extract';
import { isAnnexError } from '@/lib/errors';
import { type DraftFields, draftHref, fields } from './draft';

const refusedField = 'refused';

/** A submitted form that was rejected. */
export interface Refusal {
  /** An error code, or which limit was reached: `limit` of open extracts, `extractsPerDay` of the plan, or its `budget`. */
  readonly code: string;
  /**
   * The request id that the form contained; the same form must contain it again when resubmitted. Null when it had
   * none.
   */
  readonly requestId: string | null;
}

/** Which limit of the organisation `error` is about; null for any other error. */
export function limitOf(error: unknown): string | null {
  // Limits of AWS have the same code, but they are temporary.
  if (isAnnexError(error, 'throttled')) return error.transient ? null : 'limit';
  if (!isAnnexError(error, 'conflict')) return null;
  return ['extractsPerDay', 'budget'].find((limit) => Object.hasOwn(error.fields, limit)) ?? null;
}

/** The URL of the form as submitted, with the fact that it was rejected. */
export function refusedHref(draft: DraftFields, { code, requestId }: Refusal): string {
  const refused = new URLSearchParams({ [refusedField]: code });
  if (requestId) refused.set(fields.requestId, requestId);
  return `${draftHref(draft)}&${refused}`;
}

/** The rejection in a URL; null when there is none. */
export function readRefusal(given: URLSearchParams): Refusal | null {
  const code = given.get(refusedField);
  if (code === null) return null;
  const { data } = extractInput.safeParse({ requestId: given.get(fields.requestId) });
  return { code, requestId: data?.requestId ?? null };
}

/**
 * Whether a rejected form still created an extract: a failure after recording leaves the extract in place.
 */
export type Fate = 'recorded' | 'nothing' | 'unknown';

/** Finds out whether a rejected form created an extract. */
export async function fateOf(context: TenantContext, { code, requestId }: Refusal): Promise<Fate> {
  if (Object.hasOwn(refusals, code)) return 'nothing';
  if (requestId === null) return 'unknown';
  try {
    await getExtract(context, { requestId });
    return 'recorded';
  } catch (error) {
    return isAnnexError(error, 'not_found') ? 'nothing' : 'unknown';
  }
}

const refusals: Readonly<Record<string, string>> = {
  limit:
    'Your organisation has reached its limit of queued and running extracts. Wait for one to finish or cancel one, then submit again.',
  extractsPerDay:
    'Your plan allows no more extracts today. The next day begins at 00:00 UTC. An administrator can change the plan.',
  budget:
    'Your organisation has spent its budget for this month, by what Annex measured. New extracts wait until the next month, or until an administrator raises the budget.',
  conflict: 'There is no bucket for extracts yet, or no policy for this dataset. Ask your administrator.',
  forbidden:
    'Your role doesn’t allow this, or the form was sent from another site. Submit it from this page.',
  unauthenticated: 'Your session had expired. You are signed in again. Submit the extract once more.',
  invalid:
    'A setting isn’t valid, or there are more rows than the policy allows. The preview below says which.',
};

const breaks: Readonly<Record<string, string>> = {
  throttled: 'AWS is throttling requests.',
  dependency_denied: 'AWS denied a required permission. Ask your administrator to check Annex’s permissions.',
};

/** The texts for a rejection: a title and what to do next. */
export function refusalWords(code: string, fate: Fate): readonly [title: string, what: string] {
  const refusal = Object.hasOwn(refusals, code) ? refusals[code] : undefined;
  if (refusal !== undefined) return ['The extract was not submitted', refusal];
  const broken = (Object.hasOwn(breaks, code) ? breaks[code] : undefined) ?? 'A service did not respond.';
  const what: Readonly<Record<Fate, readonly [string, string]>> = {
    recorded: [
      'The extract was submitted, but a later step failed',
      'It is kept and will continue automatically. Submitting it again, unchanged, won’t create a duplicate.',
    ],
    nothing: ['The extract was not submitted', 'Try again in a minute.'],
    unknown: [
      'The extract may or may not have been submitted',
      'Submit it again, unchanged, in a minute. This won’t create a duplicate.',
    ],
  };
  const [title, next] = what[fate];
  return [title, `${broken} ${next}`];
}
