import type { Tone } from '@/components/ui/tones';
import { roles as everyRole, namesOfRoles, type Role } from '@/lib/domain/actor';
import { wordsOfAction } from '@/lib/domain/audit/actions';
import type { AuditEntry, AuditResult, AuditValues } from '@/lib/domain/audit/ports';

/** An audit row as the table shows it. The instant is ISO 8601. */
export interface AuditLine {
  readonly id: string;
  readonly at: string;
  readonly action: string;
  readonly who: string;
  /** Names of the roles; empty when unknown. */
  readonly roles: string;
  /** Null: of the control plane. */
  readonly tenant: string | null;
  readonly subject: string;
  readonly result: AuditResult;
  readonly facts: readonly AuditFact[];
}

interface AuditFact {
  readonly name: string;
  readonly value: string;
}

export const resultWords: Readonly<Record<AuditResult, { readonly words: string; readonly tone: Tone }>> = {
  done: { words: 'Done', tone: 'done' },
  asked: { words: 'Requested', tone: 'neutral' },
  refused: { words: 'Refused', tone: 'warning' },
  failed: { words: 'Failed', tone: 'failed' },
};

/** `entry` for the table. */
export function lineOf(entry: AuditEntry): AuditLine {
  const { id, at, action, actorName, roles, tenantId, subject, result } = entry;
  return {
    id,
    at: at.toISOString(),
    action: wordsOfAction(action),
    who: actorName,
    roles: rolesInWords(roles),
    tenant: tenantId,
    subject,
    result,
    facts: factsOf(entry),
  };
}

function rolesInWords(roles: readonly string[]): string {
  const isKnown = (role: string): role is Role => everyRole.some((each) => each === role);
  return [namesOfRoles(roles.filter(isKnown)), ...roles.filter((role) => !isKnown(role))]
    .filter((words) => words !== '')
    .join(', ');
}

/** What changed, then what else is known, then where to find it in the log. */
function factsOf({ action, before, after, detail, requestId, id }: AuditEntry): AuditFact[] {
  const changed = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return [
    ...changed.map((name) => ({
      name: inWords(name),
      value: `${textOf(before, name)} → ${textOf(after, name)}`,
    })),
    ...Object.keys(detail)
      .filter((name) => !changed.includes(name))
      .map((name) => ({ name: inWords(name), value: textOf(detail, name) })),
    { name: 'Action', value: action },
    { name: 'Request', value: requestId },
    { name: 'Event', value: id },
  ];
}

const textOf = (values: AuditValues | null, name: string): string => {
  const value = values?.[name] ?? null;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value === null || value === '' ? '–' : String(value);
};

/** `newOrders`: `New orders`. */
const inWords = (name: string): string => {
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};
