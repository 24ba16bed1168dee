'use client';

import { maskWords, typeWords } from '@/components/extract-words';
import { fixedInFormat, type OfferedColumn } from '@/lib/domain/extracts/policy';
import type { ExtractFormat } from '@/lib/domain/extracts/ports';
import type { OfferedDataset } from '@/lib/domain/extracts/verbs/list-datasets';
import { columnFieldId, fieldLabels, fields } from '../draft';

/** The columns that the policy allows, each with its meaning and mask. Without `chosen`, all are selected. */
export function ColumnsFields({
  dataset,
  format,
  chosen,
}: {
  readonly dataset: OfferedDataset;
  readonly format: ExtractFormat;
  readonly chosen: readonly string[] | undefined;
}) {
  return (
    <fieldset key={dataset.name}>
      <legend className="text-lg font-semibold">{fieldLabels.columns}</legend>
      <p className="mt-1 text-sm text-muted">
        Version {dataset.policyVersion} of the extract policy decides which columns can leave the CRM and how
        they are masked. Your choices here can’t override it.
      </p>
      <input type="hidden" name={fields.shown} value={dataset.name} />
      <ul className="mt-3 grid gap-px border border-line bg-line md:grid-cols-2">
        {dataset.columns.map((column) => (
          <li key={column.name} className="bg-plate">
            <Column
              column={column}
              fixed={fixedInFormat(dataset.name, format, column)}
              chosen={chosen === undefined || chosen.includes(column.name)}
            />
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

const fixedWords = {
  always: 'Always in this format: XGBoost expects the label first.',
  never: 'Never in this format: XGBoost reads only numbers.',
} as const;

function Column({
  column: { name, type, unit, meaning, mask },
  fixed,
  chosen,
}: {
  readonly column: OfferedColumn;
  readonly fixed: keyof typeof fixedWords | null;
  readonly chosen: boolean;
}) {
  return (
    <label className="flex h-full gap-3 px-4 py-2.5 hover:bg-sunk">
      {/* Disabled fields aren’t sent; the choice is kept for another format. */}
      {fixed !== null && chosen ? <input type="hidden" name={fields.column} value={name} /> : null}
      <input
        key={fixed}
        type="checkbox"
        id={columnFieldId(name)}
        name={fields.column}
        value={name}
        disabled={fixed !== null}
        defaultChecked={fixed === null ? chosen : fixed === 'always'}
        aria-describedby={fixed === null ? undefined : `${columnFieldId(name)}-fixed`}
        className="mt-1 size-4 shrink-0 accent-action"
      />
      <span className="min-w-0 flex-1">
        <span className="flex flex-wrap items-baseline justify-between gap-x-3">
          <code className="font-mono text-sm font-semibold">{name}</code>
          <span
            className={
              mask === 'none' ? 'text-xs text-muted' : 'bg-neutral-tint px-1.5 text-xs font-semibold'
            }
          >
            {maskWords[mask]}
          </span>
        </span>
        <span className="block text-sm text-muted">
          {meaning}
          <span className="text-xs"> · {unit ? `${typeWords[type]}, ${unit}` : typeWords[type]}</span>
        </span>
        {fixed === null ? null : (
          <span id={`${columnFieldId(name)}-fixed`} className="block text-sm font-medium">
            {fixedWords[fixed]}
          </span>
        )}
      </span>
    </label>
  );
}
