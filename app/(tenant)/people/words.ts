import type { Tone } from '@/components/ui/tones';
import type { TenantRole } from '@/lib/domain/actor';
import type { PersonStanding } from '@/lib/domain/people/standing';

/** What was just done to a person, as the address says it. */
export const doneWords = {
  invited: 'Invitation sent',
  changed: 'Role changed',
  disabled: 'Access disabled',
  enabled: 'Access enabled',
} as const;
export type Done = keyof typeof doneWords;

/** The page of a person. */
export const personHref = (id: string, done?: Done): string =>
  `/people/${encodeURIComponent(id)}${done === undefined ? '' : `?done=${done}`}`;

/** What each role may do, for whoever chooses one. */
export const roleWords: Readonly<Record<TenantRole, string>> = {
  owner: 'Everything that the others can do; people, plan, cost and audit',
  scientist: 'Workbench, extracts, model, monitoring and customers',
  member: 'Customers with their churn risk',
};

export const standings: Readonly<Record<PersonStanding, { readonly tone: Tone; readonly words: string }>> = {
  active: { tone: 'done', words: 'Active' },
  invited: { tone: 'running', words: 'Invited' },
  expired: { tone: 'warning', words: 'Invitation expired' },
  disabled: { tone: 'neutral', words: 'Disabled' },
};
