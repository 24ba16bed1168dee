'use client';

import type { ExtractFormat } from '@/lib/domain/extracts/ports';
import type { OfferedDataset } from '@/lib/domain/extracts/verbs/list-datasets';
import { formatWords } from '../../_components/words';
import { fieldLabels, fields } from '../draft';

/** The formats that the dataset is available in. */
export function FormatFields({
  dataset,
  chosen,
}: {
  readonly dataset: OfferedDataset;
  readonly chosen: ExtractFormat;
}) {
  const selected = dataset.formats.includes(chosen) ? chosen : dataset.formats[0];
  return (
    <fieldset key={dataset.name}>
      <legend className="text-lg font-semibold">{fieldLabels.format}</legend>
      <div className="mt-3 flex flex-wrap gap-3">
        {dataset.formats.map((format) => (
          <label
            key={format}
            className="flex grow basis-72 gap-3 border sm:grow-0 border-line bg-plate px-4 py-2.5 has-[input:checked]:border-ink"
          >
            <input
              type="radio"
              name={fields.format}
              value={format}
              defaultChecked={format === selected}
              className="mt-1 size-4 shrink-0 accent-action"
            />
            <span>
              <span className="block text-sm font-semibold">{formatWords[format][0]}</span>
              <span className="block text-sm text-muted">{formatWords[format][1]}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
