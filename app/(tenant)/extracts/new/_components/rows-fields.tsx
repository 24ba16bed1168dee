'use client';

import { formatDay } from '@/components/format';
import type { DatasetOffer, OfferedDataset } from '@/lib/domain/extracts/verbs/list-datasets';
import { utcDay } from '@/lib/domain/time';
import { type DraftFields, fieldLabels, fields } from '../draft';

/** Selects the rows: a range of days, or the date of the features. */
export function RowsFields({
  dataset,
  draft,
  offer,
}: {
  readonly dataset: OfferedDataset;
  readonly draft: DraftFields;
  readonly offer: DatasetOffer;
}) {
  return (
    <fieldset key={dataset.name}>
      <legend className="text-lg font-semibold">
        {dataset.asOf === 'none' ? 'Days' : 'Date of the features'}
      </legend>
      {dataset.asOf === 'newest' ? (
        <p className="mt-1 text-sm text-muted">
          {offer.overview.asOf
            ? `${formatDay(offer.overview.asOf)}, the day after the last order. Churn risk is computed as of this date.`
            : 'There are no orders yet to compute features from.'}
        </p>
      ) : null}
      {dataset.asOf === 'chosen' ? <AsOf draft={draft} training={offer.training} /> : null}
      {dataset.asOf === 'none' ? <Days dataset={dataset} draft={draft} /> : null}
    </fieldset>
  );
}

function AsOf({
  draft,
  training,
}: {
  readonly draft: DraftFields;
  readonly training: DatasetOffer['training'];
}) {
  if ('reason' in training) return <p className="mt-1 text-sm text-warning">{training.reason}</p>;
  const [earliest, latest] = [formatDay(training.earliest), formatDay(training.latest)];
  return (
    <>
      <p id="about-as-of" className="mt-1 max-w-3xl text-sm text-muted">
        Features use only data from before this day. The label says whether the customer ordered in the 90
        days from this day. Choose {earliest} to {latest}: later days don’t leave 90 days of data. Customers
        without an earlier order are left out.
      </p>
      <label className="mt-3 block text-xs text-muted">
        {fieldLabels.asOf}
        <input
          type="date"
          name={fields.asOf}
          defaultValue={draft.asOf || utcDay(training.latest)}
          aria-describedby="about-as-of"
          className="field mt-1 block w-44"
        />
      </label>
    </>
  );
}

function Days({ dataset, draft }: { readonly dataset: OfferedDataset; readonly draft: DraftFields }) {
  if (dataset.dated === null) {
    return (
      <p className="mt-1 text-sm text-muted">
        All dates are included. The policy hides exact dates, so you can’t filter by day.
      </p>
    );
  }
  return (
    <>
      <p id="about-days" className="mt-1 text-sm text-muted">
        By <code className="font-mono text-xs">{dataset.dated}</code>, both days included. Leave empty to
        include all dates.
      </p>
      <div className="mt-3 flex flex-wrap gap-3">
        {(['from', 'to'] as const).map((name) => (
          <label key={name} className="block text-xs text-muted">
            {fieldLabels[name]}
            <input
              type="date"
              name={fields[name]}
              defaultValue={draft[name]}
              aria-describedby="about-days"
              className="field mt-1 block w-44"
            />
          </label>
        ))}
      </div>
    </>
  );
}
