import { utcDay } from '@/lib/domain/time';
import { formatInstant, type InstantStyle, isWholeDay } from '../format';
import { LocalTime } from './local-time';

/** An instant in the reader's time zone. A day without a time stays the same day in every zone. */
export function Instant({ at, style = 'minute' }: { readonly at: Date; readonly style?: InstantStyle }) {
  if (isWholeDay(at)) {
    return (
      <time dateTime={utcDay(at)} className="figures whitespace-nowrap">
        {formatInstant(at, 'date', 'UTC')}
      </time>
    );
  }
  return <LocalTime at={at.toISOString()} style={style} />;
}
