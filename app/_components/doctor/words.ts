import type { Tone } from '@/components/ui/tones';
import { type DoctorRun, type LinkName, type LinkState, linkNames } from '@/lib/domain/doctor/ports';

/** The links, and what each is for. */
export const linkWords: Readonly<Record<LinkName, { readonly title: string; readonly purpose: string }>> = {
  'portal-role': { title: 'Portal role', purpose: 'AWS knows Annex, in the account that Annex runs in' },
  trust: { title: 'Trust', purpose: 'The roles that Annex assumes for this organisation let it in' },
  'external-id': {
    title: 'ExternalId',
    purpose: 'The role asks for this organisation’s external id, and gets it',
  },
  'session-tag': {
    title: 'Session tag',
    purpose: 'The role takes the tag that limits a session to this organisation',
  },
  'stack-instance': {
    title: 'StackSet instance',
    purpose: 'The baseline of the account is deployed and unchanged',
  },
  domain: { title: 'Studio domain', purpose: 'SageMaker Studio is in service' },
  'execution-role': {
    title: 'Execution role',
    purpose: 'The role that notebooks and training jobs work with',
  },
  bucket: { title: 'Bucket and key', purpose: 'Extracts and models are kept there, encrypted' },
  'extract-job': { title: 'Extract job and replica', purpose: 'What writes extracts, and where it reads' },
  endpoint: { title: 'Endpoint', purpose: 'The model that gives this organisation’s scores' },
  metrics: { title: 'Metrics', purpose: 'CloudWatch tells about the endpoint’s calls' },
  quotas: { title: 'Service quotas', purpose: 'The account may use what the next deployment needs' },
};

/** The title of a link by its name; a stored one may be of a link that there is no more. */
export const titleOfLink = (name: string): string =>
  Object.hasOwn(linkWords, name) ? linkWords[name as LinkName].title : name;

export const stateWords: Readonly<Record<LinkState, { readonly tone: Tone; readonly words: string }>> = {
  ok: { tone: 'done', words: 'Ok' },
  failed: { tone: 'failed', words: 'Failed' },
  'not-reached': { tone: 'neutral', words: 'Not reached' },
};

/** What a run came to, in one line. */
export function summaryOf({ links }: DoctorRun): { readonly tone: Tone; readonly words: string } {
  const failed = links.filter(({ state }) => state === 'failed').map(({ name }) => linkWords[name].title);
  if (failed.length > 0) return { tone: 'failed', words: `Failed: ${failed.join(', ')}` };
  const waiting = links.filter(({ state }) => state === 'not-reached').length;
  if (waiting === 0) return { tone: 'done', words: 'All links are ok' };
  const are = waiting === 1 ? 'is' : 'are';
  return { tone: 'done', words: `Nothing fails; ${waiting} of ${links.length} links ${are} not there yet` };
}

/** A link by its name in an address; null for anything else. */
export const linkOf = (name: string | undefined): LinkName | null =>
  linkNames.find((link) => link === name) ?? null;

/** The link that a form asks for, as it was sent: the verb refuses a name of none. Undefined: all links. */
export const linkField = (form: FormData): LinkName | undefined =>
  (form.get('link') || undefined) as LinkName | undefined;
