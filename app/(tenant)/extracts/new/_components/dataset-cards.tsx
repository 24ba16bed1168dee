'use client';

import { formatUnits } from '@/components/format';
import type { DatasetName } from '@/lib/domain/extracts/ports';
import type { OfferedDataset } from '@/lib/domain/extracts/verbs/list-datasets';
import { fieldLabels, fields } from '../draft';

/** The datasets to choose from. */
export function DatasetCards({
  datasets,
  chosen,
}: {
  readonly datasets: readonly OfferedDataset[];
  readonly chosen: DatasetName;
}) {
  return (
    <fieldset>
      <legend className="text-lg font-semibold">{fieldLabels.dataset}</legend>
      <div className="mt-3 grid gap-3 sm:grid-cols-2 xl:grid-cols-5">
        {datasets.map(({ name, label, meaning, columns }) => (
          <label
            key={name}
            className="flex gap-3 border border-line bg-plate px-4 py-3 has-[input:checked]:border-ink has-[input:checked]:shadow-[inset_0_2px_0_var(--color-ink)]"
          >
            <input
              type="radio"
              name={fields.dataset}
              value={name}
              defaultChecked={name === chosen}
              required
              className="mt-1 size-4 shrink-0 accent-action"
            />
            <span className="min-w-0">
              <span className="block font-semibold">{label}</span>
              <code className="block font-mono text-xs text-muted">{name}</code>
              <span className="mt-1 block text-sm text-muted">{meaning}</span>
              <span className="mt-1 block text-xs text-muted">{formatUnits(columns.length, 'column')}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
