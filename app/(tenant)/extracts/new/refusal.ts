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
    'Your organisation has as many extracts waiting or running as it may. Wait until one has ended, or cancel one, and submit again.',
  conflict: 'There is no bucket for it yet, or no policy for this dataset. Ask your administrator.',
  forbidden: 'Your role does not include this, or the form was opened elsewhere. Submit it from this page.',
  unauthenticated: 'Your session had expired. You are signed in again: submit it once more.',
  invalid: 'Something in it does not go; what it is stands at the preview below.',
};

const breaks: Readonly<Record<string, string>> = {
  throttled: 'AWS is at its limit.',
  dependency_denied:
    'AWS refused something that it needs: ask your administrator to check Annex’s permissions.',
};

/** What is said of a refusal: a title, and what to do. */
export function refusalWords(code: string, fate: Fate): readonly [title: string, what: string] {
  const refusal = Object.hasOwn(refusals, code) ? refusals[code] : undefined;
  if (refusal !== undefined) return ['The extract was not submitted', refusal];
  const broken = (Object.hasOwn(breaks, code) ? breaks[code] : undefined) ?? 'A service did not answer.';
  const what: Readonly<Record<Fate, readonly [string, string]>> = {
    recorded: [
      'The extract was submitted, and something failed afterwards',
      'It is kept and goes on by itself. Submitting it again as it is makes no second one.',
    ],
    nothing: ['The extract was not submitted', 'Nothing was submitted; try again in a minute.'],
    unknown: [
      'Whether the extract was submitted is not known',
      'Submit it again as it is in a minute: that makes no second one.',
    ],
  };
  const [title, next] = what[fate];
  return [title, `${broken} ${next}`];
}
