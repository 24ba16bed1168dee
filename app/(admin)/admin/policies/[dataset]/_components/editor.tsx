'use client';

import Form from 'next/form';
import { Cell, DataTable, RowHead } from '@/components/data/table';
import { maskWords, typeWords } from '@/components/extract-words';
import { Button } from '@/components/ui/button';
import { Status } from '@/components/ui/status';
import type { DatasetName } from '@/lib/domain/extracts/ports';
import type { PolicyColumn } from '@/lib/domain/policies/verbs/view-policy';
import { fieldLabels, fields, maskFieldId, type PolicyDraft } from '../../fields';

/** The form that prepares a change. It leads to the review, with or without JavaScript; nothing is saved here. */
export function Editor({
  dataset,
  tenant,
  columns,
  draft,
  today,
}: {
  readonly dataset: DatasetName;
  readonly tenant: string | null;
  readonly columns: readonly PolicyColumn[];
  readonly draft: PolicyDraft;
  /** The UTC day, as in `2026-03-01`. */
  readonly today: string;
}) {
  return (
    <section aria-labelledby="edit" className="space-y-3">
      <h2 id="edit" className="text-lg">
        Columns and limits
      </h2>
      <Form action={`/admin/policies/${dataset}#review`} prefetch={false} className="space-y-4">
        {tenant === null ? null : <input type="hidden" name={fields.tenant} value={tenant} />}
        <input type="hidden" name={fields.base} value={draft.base} />
        <DataTable
          label="Columns of the dataset"
          columns={[{ label: 'Column' }, { label: 'Meaning' }, { label: 'Type' }, { label: 'How it leaves' }]}
        >
          {columns.map((column) => (
            <ColumnRow key={column.name} column={column} chosen={draft.columns[column.name] ?? ''} />
          ))}
        </DataTable>
        <div className="flex flex-wrap items-end gap-3">
          <label className="block text-xs text-muted">
            {fieldLabels.rowLimit}
            <input
              type="number"
              min={1}
              step={1}
              name={fields.rowLimit}
              defaultValue={draft.rowLimit}
              aria-describedby="about-limit"
              className="field mt-1 block w-40"
            />
          </label>
          <label className="block text-xs text-muted">
            {fieldLabels.effectiveOn}
            <input
              type="date"
              min={today}
              name={fields.effectiveOn}
              defaultValue={draft.effectiveOn}
              aria-describedby="about-from"
              className="field mt-1 block w-44"
            />
          </label>
          <label className="block min-w-0 grow basis-64 text-xs text-muted">
            {fieldLabels.note}
            <input
              name={fields.note}
              maxLength={500}
              defaultValue={draft.note}
              className="field mt-1 block w-full"
            />
          </label>
        </div>
        <p className="max-w-3xl text-sm text-muted">
          <span id="about-limit">
            An extract with more rows than the limit is refused; leave it empty for no limit.
          </span>{' '}
          <span id="about-from">Without a day, the change is in force at once.</span>
        </p>
        <Button type="submit" variant="primary" name={fields.step} value="review">
          Review the change
        </Button>
      </Form>
    </section>
  );
}

function ColumnRow({
  column: { name, type, unit, meaning, masks, mask },
  chosen,
}: {
  readonly column: PolicyColumn;
  readonly chosen: string;
}) {
  const isUndecided = mask === null;
  const known = masks.find((each) => each === chosen) ?? '';
  return (
    <tr>
      <RowHead>
        <code className="font-mono">{name}</code>
      </RowHead>
      <Cell>
        <div>
          {meaning}
          {isUndecided ? (
            <span className="block">
              <Status tone="warning">New: out until you decide</Status>
            </span>
          ) : null}
        </div>
      </Cell>
      <Cell>{unit ? `${typeWords[type]}, ${unit}` : typeWords[type]}</Cell>
      <Cell>
        <select
          id={maskFieldId(name)}
          name={fields.mask(name)}
          defaultValue={known}
          aria-label={`How ${name} leaves`}
          className="field block w-44"
        >
          {/* Nothing may look unmasked that the draft does not decide. */}
          {isUndecided || known === '' ? <option value="">Not decided: out</option> : null}
          {masks.map((each) => (
            <option key={each} value={each}>
              {maskWords[each]}
            </option>
          ))}
        </select>
      </Cell>
    </tr>
  );
}
