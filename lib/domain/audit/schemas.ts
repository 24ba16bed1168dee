import { z } from 'zod';
import { dayMs } from '../time';
import { type Audited, auditedNames } from './actions';
import { type AuditQuery, auditResults } from './ports';

const day = z.iso.date('must be a day like 2026-01-31');

/** What a list of audit rows is limited to. Days are in UTC, and both are included. */
export const auditFilter = z
  .object({
    actor: z.string().trim().min(1).max(320).optional(),
    action: z.enum(auditedNames as readonly [Audited, ...Audited[]]).optional(),
    result: z.enum(auditResults).optional(),
    from: day.optional(),
    to: day.optional(),
    subject: z.string().trim().min(1).max(400).optional(),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    path: ['to'],
    message: 'must not be before the first day',
  });
export type AuditFilter = z.input<typeof auditFilter>;

/** A page of such a list. */
export const auditPage = z.object({
  cursor: z.string().max(1000).optional(),
  limit: z.number().int().min(1).max(200).default(50),
});

/** The query of a filter and a page. */
export const queryOf = (
  { from, to, ...filter }: z.output<typeof auditFilter>,
  page: z.output<typeof auditPage>,
): AuditQuery => ({
  ...filter,
  from: from === undefined ? undefined : startOf(from),
  before: to === undefined ? undefined : new Date(startOf(to).getTime() + dayMs),
  ...page,
});

const startOf = (day: string): Date => new Date(`${day}T00:00:00Z`);
