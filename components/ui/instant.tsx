import { utcDay } from '@/lib/domain/time';
import { formatDay, formatZoned, type InstantStyle, isWholeDay } from '../format';
import { LocalTime } from './local-time';

/** An instant in the reader's time zone, which it names. A day, given or asked for without a time, is one of UTC in every zone. */
export function Instant({ at, style = 'minute' }: { readonly at: Date; readonly style?: InstantStyle }) {
  const wholeDay = isWholeDay(at);
  if (wholeDay || style === 'date') {
    return (
      <time
        dateTime={utcDay(at)}
        title={wholeDay ? 'A day in UTC' : formatZoned(at, 'second', 'UTC')}
        className="figures whitespace-nowrap"
      >
        {formatDay(at)}
      </time>
    );
  }
  return <LocalTime at={at.toISOString()} style={style} />;
}
