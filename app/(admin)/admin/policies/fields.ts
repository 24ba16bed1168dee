import { datasets } from '@/lib/domain/extracts/datasets';
import { type DatasetName, datasetNames, type Mask } from '@/lib/domain/extracts/ports';
import type { PolicyContent } from '@/lib/domain/policies/ports';

/** The names of the form's fields. */
export const fields = {
  dataset: 'dataset',
  tenant: 'tenant',
  /** The newest version that the form was made from. */
  base: 'base',
  mask: (column: string) => `mask.${column}`,
  rowLimit: 'row_limit',
  effectiveOn: 'from',
  note: 'note',
  /** Present where an address holds a draft: `review` shows what it changes, `edit` goes on with it. */
  step: 'step',
  saved: 'saved',
} as const;

/** The labels of the form's fields, by the paths that errors name. */
export const fieldLabels: Readonly<Record<string, string>> = {
  rowLimit: 'Row limit',
  effectiveOn: 'In force from (UTC)',
  note: 'Note',
};

/** A change as somebody entered it. */
export interface PolicyDraft {
  readonly columns: Readonly<Record<string, string>>;
  readonly rowLimit: string;
  readonly effectiveOn: string;
  readonly note: string;
  readonly base: string;
}

/** The draft that starts from what is there. */
export const draftOf = ({ columns, rowLimit }: PolicyContent, base: number): PolicyDraft => ({
  columns,
  rowLimit: rowLimit === null ? '' : String(rowLimit),
  effectiveOn: '',
  note: '',
  base: String(base),
});

/** Reads a form or an address. A column without a mask is not decided. The verbs validate the rest. */
export function readDraft(dataset: DatasetName, given: FormData | URLSearchParams): PolicyDraft {
  const masks = datasets[dataset].columns.flatMap(({ name }) => {
    const mask = textIn(given, fields.mask(name));
    return mask === '' ? [] : [[name, mask] as const];
  });
  return {
    columns: Object.fromEntries(masks),
    rowLimit: textIn(given, fields.rowLimit),
    effectiveOn: textIn(given, fields.effectiveOn),
    note: textIn(given, fields.note),
    base: textIn(given, fields.base),
  };
}

/** The input of the verbs that review and write a change. */
export const inputOf = ({ columns, rowLimit, effectiveOn, note }: PolicyDraft) => ({
  columns: columns as Record<string, Mask>,
  rowLimit: rowLimit === '' ? null : Number(rowLimit),
  effectiveOn,
  note,
});

/** Whose policy a form or an address is about. Null: there is no such dataset. */
export function scopeIn(given: FormData): { dataset: DatasetName | null; tenant: string | null } {
  const dataset = datasetNames.find((name) => name === textIn(given, fields.dataset)) ?? null;
  return { dataset, tenant: textIn(given, fields.tenant) || null };
}

/** The fields of `draft` as a form sends them. */
export const fieldsOf = ({ columns, ...draft }: PolicyDraft): readonly (readonly [string, string])[] => [
  ...Object.entries(columns).map(([name, mask]) => [fields.mask(name), mask] as const),
  [fields.rowLimit, draft.rowLimit],
  [fields.effectiveOn, draft.effectiveOn],
  [fields.note, draft.note],
  [fields.base, draft.base],
];

/** The address of a policy, of the standard or of a tenant; with `more` parameters. */
export function policyHref(
  { dataset, tenant = null }: { readonly dataset: DatasetName; readonly tenant?: string | null },
  more: readonly (readonly [string, string])[] = [],
): string {
  const params = new URLSearchParams(tenant === null ? [] : [[fields.tenant, tenant]]);
  for (const [name, value] of more) params.append(name, value);
  return `/admin/policies/${dataset}${params.size > 0 ? `?${params}` : ''}`;
}

/** The id of the field that chooses a column's mask; the preview's headings link to it. */
export const maskFieldId = (name: string): string => `mask-${name}`;

function textIn(given: FormData | URLSearchParams, name: string): string {
  const value = given.get(name);
  return typeof value === 'string' ? value.trim() : '';
}
