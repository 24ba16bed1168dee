import { datasets } from '@/lib/domain/extracts/datasets';
import {
  type DatasetName,
  datasetNames,
  type Extract,
  type ExtractFormat,
  extractFormats,
} from '@/lib/domain/extracts/ports';
import { addDays, utcDay } from '@/lib/domain/time';

/** The fields of a form or a URL, as text. */
export interface DraftFields {
  readonly dataset: DatasetName;
  readonly format: ExtractFormat;
  /** Without it: every column. */
  readonly columns?: readonly string[] | undefined;
  readonly from: string;
  readonly to: string;
  readonly asOf: string;
}

/** The names of the form's fields. */
export const fields = {
  dataset: 'dataset',
  /** The dataset whose columns the form shows. Columns of another dataset do not count as chosen. */
  shown: 'shown',
  column: 'column',
  from: 'from',
  to: 'to',
  asOf: 'as_of',
  format: 'format',
  requestId: 'request',
} as const;

/** The form's field labels. */
export const fieldLabels = {
  dataset: 'Dataset',
  columns: 'Columns',
  from: 'From (UTC)',
  to: 'To (UTC)',
  asOf: 'As of (UTC)',
  format: 'Format',
} as const;

/** What is wrong with a draft, per field label. `given` is the `fields` of an error. */
export function faultsOf(
  given: Readonly<Record<string, string>>,
): readonly { readonly label: string | undefined; readonly reason: string }[] {
  const labels = new Map<string | undefined, string>(Object.entries(fieldLabels));
  return Object.entries(given).map(([path, reason]) => ({ label: labels.get(path.split('.')[0]), reason }));
}

/** The id of a column's form field; the preview's headings link to it. */
export const columnFieldId = (name: string): string => `column-${name}`;

/** Reads a form or a URL. Ignores an unknown dataset or format; the verbs validate the rest. */
export function readDraft(given: FormData | URLSearchParams): DraftFields {
  const text = (name: string): string => {
    const value = given.get(name);
    return typeof value === 'string' ? value.trim() : '';
  };
  const dataset = datasetNames.find((name) => name === text(fields.dataset)) ?? datasetNames[0];
  const chosen = given.getAll(fields.column).filter((value) => typeof value === 'string');
  return {
    dataset,
    format: extractFormats.find((name) => name === text(fields.format)) ?? 'csv',
    columns: text(fields.shown) === dataset ? chosen : undefined,
    from: text(fields.from),
    to: text(fields.to),
    asOf: text(fields.asOf),
  };
}

/** The URL of the form, filled in with `draft`. */
export function draftHref(draft: Partial<DraftFields> & Pick<DraftFields, 'dataset'>): string {
  const params = new URLSearchParams({ [fields.dataset]: draft.dataset });
  if (draft.columns) {
    params.set(fields.shown, draft.dataset);
    for (const name of draft.columns) params.append(fields.column, name);
  }
  for (const name of ['from', 'to', 'asOf'] as const) {
    if (draft[name]) params.set(fields[name], draft[name]);
  }
  if (draft.format && draft.format !== 'csv') params.set(fields.format, draft.format);
  return `/extracts/new?${params}`;
}

/** The URL of the form, filled in with what training jobs read. */
export const trainingDraftHref = draftHref({ dataset: 'churn_training', format: 'xgboost' });

/** The URL of the form, filled in with the settings of `extract`. */
export function likeHref({ dataset, format, columns, range, asOf }: Extract): string {
  return draftHref({
    dataset,
    format,
    columns: columns.map(({ name }) => name),
    from: dayOf(range.from),
    to: range.before ? dayOf(addDays(range.before, -1)) : '',
    asOf: datasets[dataset].asOf === 'chosen' ? dayOf(asOf) : '',
  });
}

/** `2026-03-01` */
const dayOf = (at: Date | null): string => (at ? utcDay(at) : '');
