import type { AuditFilter } from '@/lib/domain/audit/schemas';
import { type AddressParams, firstOf, withParams } from '../address';

/** What a URL of the audit asks for, as texts; the verbs validate them. */
export interface AuditView {
  readonly filter: AuditFilter;
  /** On the page of administrators. */
  readonly tenantId?: string | undefined;
  readonly cursor?: string | undefined;
}

/** The fields of a filter, with what people call them. */
export const filterLabels = {
  actor: 'Who',
  action: 'Action',
  result: 'Result',
  from: 'First day',
  to: 'Last day',
  subject: 'Target',
} as const satisfies Record<keyof AuditFilter, string>;
const names = Object.keys(filterLabels) as (keyof AuditFilter)[];

/** Reads a URL. */
export function readAuditView(params: AddressParams): AuditView {
  const of = (name: string) =>
    firstOf(Object.hasOwn(params, name) ? params[name] : undefined)?.trim() || undefined;
  const filter = Object.fromEntries(names.map((name) => [name, of(name)])) as AuditFilter;
  return { filter, tenantId: of('tenant'), cursor: of('cursor') };
}

/** The URL of `view` at `path`. */
export function auditHref(path: string, { filter, tenantId, cursor }: AuditView): string {
  const params = new URLSearchParams();
  for (const name of names) if (filter[name]) params.set(name, filter[name]);
  if (tenantId) params.set('tenant', tenantId);
  if (cursor) params.set('cursor', cursor);
  return withParams(path, params);
}

/** Whether the view is limited to some rows. */
export const isFiltered = ({ filter, tenantId }: AuditView): boolean =>
  tenantId !== undefined || names.some((name) => filter[name] !== undefined);

/** What an export is limited to, for the audit: no text that a person typed, which may name somebody. */
export const auditedFilter = ({
  filter: { action, result, from, to, actor, subject },
}: AuditView): Readonly<Record<string, string | boolean | null>> => ({
  action: action ?? null,
  result: result ?? null,
  from: from ?? null,
  to: to ?? null,
  searched: actor !== undefined || subject !== undefined,
});

/** What is wrong with a view that a verb refused, by the names that people see. */
export const faultsOf = (fields: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(fields).map(([path, text]) => {
    const name = path.slice(path.lastIndexOf('.') + 1);
    const label =
      name === 'tenantId'
        ? 'Tenant'
        : names.includes(name as keyof AuditFilter) && filterLabels[name as keyof AuditFilter];
    return label ? `${label}: ${text}` : text;
  });
