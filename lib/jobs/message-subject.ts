import type { MessageSubject } from '@/lib/domain/queues/ports';
import { decodeAccountEvent } from './account-event';
import { decodeJob } from './job-envelope';
import { decodeMarketplaceEvent } from './marketplace-event';

/** What the body of a job's message says that may be shown; null for a body that is no job. */
export function subjectOfJob(body: string): MessageSubject | null {
  const decoded = decodeJob(body);
  if ('fault' in decoded) return null;
  const { kind, tenantId, payload } = decoded.job;
  return { kind, tenantId, ids: textsOf(payload) };
}

/** The same of an event of Control Tower or AWS Marketplace. */
export function subjectOfEvent(body: string): MessageSubject | null {
  const decoded = decodeAccountEvent(body);
  if (!('event' in decoded)) return subjectOfMarketplaceEvent(body);
  const { state, accountName, accountId } = decoded.event;
  return { kind: 'CreateManagedAccount', tenantId: null, ids: textsOf({ accountName, accountId, state }) };
}

function subjectOfMarketplaceEvent(body: string): MessageSubject | null {
  const decoded = decodeMarketplaceEvent(body);
  if (!('event' in decoded)) return null;
  const { kind, at: _, ...ids } = decoded.event;
  return { kind: `marketplace ${kind}`, tenantId: null, ids: textsOf(ids) };
}

/** Texts and numbers alone: what a payload nests may name people. */
const textsOf = (payload: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(payload).flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [],
    ),
  );
