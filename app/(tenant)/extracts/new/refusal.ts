import type { TenantContext } from '@/lib/domain/context';
import { extractInput } from '@/lib/domain/extracts/schemas';
import { getExtract } from '@/lib/domain/extracts/verbs/get-extract';
import { isAnnexError } from '@/lib/errors';
import { type DraftFields, draftHref, fields } from './draft';

const refusedField = 'refused';

/** A form that was sent and refused. */
export interface Refusal {
  /** An error's code, or `limit` for the organisation's own. */
  readonly code: string;
  /** The id that the form brought; the same form sent again has to bring it too. Null when it brought none. */
  readonly requestId: string | null;
}

/** The address of the form as it was sent, which says that it was refused. */
export function refusedHref(draft: DraftFields, { code, requestId }: Refusal): string {
  const refused = new URLSearchParams({ [refusedField]: code });
  if (requestId) refused.set(fields.requestId, requestId);
  return `${draftHref(draft)}&${refused}`;
}

/** What an address says of a refusal; null when it tells of none. */
export function readRefusal(given: URLSearchParams): Refusal | null {
  const code = given.get(refusedField);
  if (code === null) return null;
  const { data } = extractInput.safeParse({ requestId: given.get(fields.requestId) });
  return { code, requestId: data?.requestId ?? null };
}

/** Whether there is an extract of a form that was refused: what fails after it was recorded leaves it there. */
export type Fate = 'recorded' | 'nothing' | 'unknown';

/** Looks up what became of a refused form. */
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
  conflict: 'There is no bucket for extracts yet, or no policy for this dataset. Ask your administrator.',
  forbidden:
    'Your role doesn’t allow this, or the form was sent from another site. Submit it from this page.',
  unauthenticated: 'Your session had expired. You are signed in again. Submit the extract once more.',
  invalid: 'A setting isn’t valid. The preview below names the field.',
};

const breaks: Readonly<Record<string, string>> = {
  throttled: 'AWS is throttling requests.',
  dependency_denied: 'AWS denied a required permission. Ask your administrator to check Annex’s permissions.',
};

/** What is said of a refusal: a title, and what to do. */
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
