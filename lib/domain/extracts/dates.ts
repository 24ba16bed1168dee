import { AnnexError } from '@/lib/errors';
import type { CustomerOverview } from '../crm/ports';
import { addDays, dayMs, horizonDays, utcDay } from '../time';
import { datasets } from './datasets';
import type { DatasetName } from './ports';

/** Dates that training data can be made for, both included; or why there are none. */
export type TrainingDates = { readonly earliest: Date; readonly latest: Date } | { readonly reason: string };

type History = Pick<CustomerOverview, 'asOf' | 'firstOrderAt'>;

/** The label needs the 90 days that begin with a date, and the features an order before it. All dates are UTC midnights. */
export function trainingDates({ asOf, firstOrderAt }: History): TrainingDates {
  if (!asOf || !firstOrderAt) return { reason: 'There are no orders yet to learn from.' };
  const earliest = new Date((Math.floor(firstOrderAt.getTime() / dayMs) + 1) * dayMs);
  const latest = new Date(Math.floor(addDays(asOf, -horizonDays).getTime() / dayMs) * dayMs);
  if (latest < earliest) {
    return {
      reason: `Between the first order (${utcDay(firstOrderAt)}) and the end of the history (${utcDay(asOf)}) there are no 90 days, which the label needs.`,
    };
  }
  return { earliest, latest };
}

/**
 * The date of the features for an extract of `dataset`; null where there is none. `chosen` is what the person chose; without
 * it, the newest date that goes. Throws `invalid` with the field `asOf` and the reason.
 */
export function featureDate(dataset: DatasetName, chosen: Date | null, history: History): Date | null {
  switch (datasets[dataset].asOf) {
    case 'none':
      return null;
    case 'newest':
      if (!history.asOf) throw refused('There are no orders yet to make features of.');
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
      `From ${utcDay(chosen)} on the history does not go on for 90 days, which the label needs: it ends before ${history.asOf ? utcDay(history.asOf) : '–'}. The last date that goes is ${utcDay(dates.latest)}.`,
    );
  }
  if (chosen < dates.earliest) {
    throw refused(
      `Before ${utcDay(chosen)} nobody had ordered anything yet. The first date that goes is ${utcDay(dates.earliest)}.`,
    );
  }
  return chosen;
}

function refused(reason: string): AnnexError {
  return new AnnexError('invalid', reason, { fields: { asOf: reason } });
}
