import { AnnexError } from '@/lib/errors';
import { shownToAdmins } from './actions';
import type { AuditEntry, AuditValues } from './ports';

/** Kinds of subjects whose ids are Annex’s own. Others may hold the id of a customer, or a name that a tenant chose. */
const ownIds = new Set(['comparison', 'extract', 'model', 'scores', 'user', 'workbench']);

/**
 * What an administrator sees of `entry`: which listed values it has, and of its subject no more than the kind, unless the ids are
 * Annex’s own. What the control plane recorded is of no tenant and shown whole.
 */
export function forAdmins(entry: AuditEntry): AuditEntry {
  if (entry.tenantId === null) return entry;
  const shown = shownToAdmins(entry.action);
  const listed = (values: AuditValues): AuditValues =>
    Object.fromEntries(Object.entries(values).filter(([name]) => shown.includes(name)));
  return {
    ...entry,
    subject: subjectForAdmins(entry.subject),
    detail: listed(entry.detail),
    before: entry.before && listed(entry.before),
    after: entry.after && listed(entry.after),
  };
}

function subjectForAdmins(subject: string): string {
  const kind = kindOf(subject);
  return ownIds.has(kind) ? subject : kind;
}

const kindOf = (subject: string): string => subject.split('/', 1)[0] ?? '';

/** Throws `invalid` for a search that would tell an administrator whether a tenant has a customer or a resource of some name. */
export function checkAdminSubject(subject: string | undefined): void {
  if (subject === undefined || !subject.includes('/') || ownIds.has(kindOf(subject))) return;
  const text = `Administrators can search for a whole id of these kinds alone: ${[...ownIds].join(', ')}.`;
  throw new AnnexError('invalid', text, { fields: { subject: text } });
}
