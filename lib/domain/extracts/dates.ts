import { AnnexError } from '@/lib/errors';
import type { CustomerOverview } from '../crm/ports';
import { addDays, dayMs, horizonDays } from '../time';
import { datasets } from './datasets';
import type { DatasetName } from './ports';

/** The first and last date for which training data can be created, or why there is none. */
export type TrainingDates = { readonly earliest: Date; readonly latest: Date } | { readonly reason: string };

type History = Pick<CustomerOverview, 'asOf' | 'firstOrderAt'>;

/** The label needs the 90 days from the date on; the features need an order before it. All dates are UTC midnights. */
export function trainingDates({ asOf, firstOrderAt }: History): TrainingDates {
  if (!asOf || !firstOrderAt) return { reason: 'There are no orders yet to train on.' };
  const earliest = new Date((Math.floor(firstOrderAt.getTime() / dayMs) + 1) * dayMs);
  const latest = new Date(Math.floor(addDays(asOf, -horizonDays).getTime() / dayMs) * dayMs);
  if (latest < earliest) {
    return {
      reason: `The label needs 90 days of history. There are fewer between the first order (${day(firstOrderAt)}) and the end of the history (${day(asOf)}).`,
    };
  }
  return { earliest, latest };
}

/**
 * The date of the features for an extract of `dataset`; null for a dataset without one. `chosen` is the person's choice; by
 * default the newest possible date. Throws `invalid` with the field `asOf` and the reason.
 */
export function featureDate(dataset: DatasetName, chosen: Date | null, history: History): Date | null {
  switch (datasets[dataset].asOf) {
    case 'none':
      return null;
    case 'newest':
      if (!history.asOf) throw refused('There are no orders yet to compute features from.');
      return history.asOf;
    case 'chosen':
      return trainingDate(chosen, history);
  }
}

function trainingDate(chosen: Date | null, history: History): Date {
  const dates = trainingDates(history);
  if ('reason' in dates) throw refused(dates.reason);
  if (chosen === null) return dates.latest;
  if (chosen > dates.latest) {
    throw refused(
      `Dates after ${day(dates.latest)} don’t leave 90 days of history for the label: the history ends before ${history.asOf ? day(history.asOf) : '–'}. The latest allowed date is ${day(dates.latest)}.`,
    );
  }
  if (chosen < dates.earliest) {
    throw refused(
      `No customer had ordered before ${day(chosen)}. The earliest allowed date is ${day(dates.earliest)}.`,
    );
  }
  return chosen;
}

function refused(reason: string): AnnexError {
  return new AnnexError('invalid', reason, { fields: { asOf: reason } });
}

/** `02 Apr 1998`, as the pages write days. */
function day(at: Date): string {
  return at.toUTCString().slice('Thu, '.length, 'Thu, 02 Apr 1998'.length);
}
