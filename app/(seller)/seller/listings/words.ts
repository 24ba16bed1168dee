import type { Tone } from '@/components/ui/tones';
import type { Listing, ListingState, Measure } from '@/lib/domain/marketplace/listing';
import { listingsPage } from './page-info';

export const listingHref = (id: string, done?: Done): string =>
  `${listingsPage.path}/${encodeURIComponent(id)}${done === undefined ? '' : `?done=${done}`}`;

export const stateWords: Readonly<Record<ListingState, { readonly tone: Tone; readonly words: string }>> = {
  draft: { tone: 'neutral', words: 'Draft' },
  published: { tone: 'done', words: 'Published' },
  retired: { tone: 'neutral', words: 'Retired' },
};

export const measureWords: Readonly<Record<Measure, string>> = {
  requests: 'Answered requests',
  kilobytes: 'Kilobytes sent to the model',
};

const doneWords = {
  added: 'The draft is saved',
  changed: 'The listing is changed',
  version: 'The version is added',
  published: 'The listing is published',
  retired: 'The listing is retired',
} as const;
export type Done = keyof typeof doneWords;

/** What became of what was just done. The address may be older than what somebody else has done since. */
export function doneIn(listing: Listing, done: string | undefined): string | null {
  if (done === undefined || !Object.hasOwn(doneWords, done)) return null;
  if ((done === 'published' || done === 'retired') && listing.state !== done) return null;
  return doneWords[done as Done];
}
