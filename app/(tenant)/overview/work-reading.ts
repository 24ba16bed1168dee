import type { EndedWork, WorkReading } from '@/components/live/watched-work';
import type { OverviewItem } from '@/lib/domain/overview/items';
import type { Overview } from '@/lib/domain/overview/verbs/get-overview';
import { attentionWords, finishedWords } from './words';

type Told = Pick<Overview, 'underWay' | 'attention' | 'finished' | 'unreadable'>;

/** The work of a tenant as it stood at `now`. What AWS does not tell may still be under way. */
export function workReading({ underWay, attention, finished, unreadable }: Told, now: Date): WorkReading {
  return {
    at: now.toISOString(),
    underWay: underWay.length > 0 || unreadable.length > 0,
    mark: '',
    words: '',
    ended: [
      ...finished.flatMap((item) => ended('done', item, finishedWords(item))),
      ...attention.flatMap((item) => ended('failed', item, attentionWords(item))),
    ],
  };
}

const ended = (
  tone: EndedWork['tone'],
  { at }: Pick<OverviewItem<string>, 'at'>,
  worded: { readonly words: string; readonly href: string },
): readonly EndedWork[] => (at ? [{ tone, ...worded, at: at.toISOString() }] : []);
