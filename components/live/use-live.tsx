'use client';

import { useRouter } from 'next/navigation';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { announce } from './announcer';
import { Freshness } from './freshness';
import type { Polled } from './poller';
import { type Reading, Refused, readJson } from './reading';
import { onReturn } from './return';
import { usePoller } from './use-poller';
import { watchWork } from './watched-work';

interface Source {
  /** Answers what the server sent with the page, newly read. */
  readonly href: string;
  /** The page, for people whose page cannot be kept up to date. */
  readonly pageHref: string;
  readonly everyMs?: number;
  /** The page announces something else; the words are not. */
  readonly quiet?: boolean;
}

interface Live<T> {
  readonly reading: T;
  /** Reads at once; null until polling runs. */
  readonly again: (() => void) | null;
  /** To be rendered beside what shows the reading. */
  readonly polling: ReactNode;
}

/**
 * The newest reading of work under way: `initial` from the server, then what polling brings, and without such work what is
 * read when somebody returns to the page. Announces the reading's words, and renders the page again, in place, when its mark
 * changes. The code that polls is loaded after the page, where needed.
 */
export function useLive<T extends Reading>(
  initial: T,
  { href, pageHref, everyMs = 2000, quiet = false }: Source,
): Live<T> {
  const [polled, setPolled] = useState<Polled<T> | null>(null);
  const own = polled?.href === href ? polled : null;
  const reading = own && own.reading.at > initial.at ? own.reading : initial;
  const [Polls, notLoaded] = usePoller(initial.underWay);
  const { underWay, at } = reading;
  const seen = useRef(at);
  useEffect(() => {
    seen.current = at;
  }, [at]);
  useEffect(() => {
    if (underWay) watchWork(seen.current);
  }, [underWay]);
  useEffect(() => {
    if (underWay) return;
    // Without work under way nothing polls, but somebody may have changed something on another page.
    return onReturn(async (signal) => {
      const read = await readJson<T>(href, signal).catch(() => null);
      if (read && !signal.aborted) setPolled({ href, reading: read, failure: null, again: () => undefined });
    });
  }, [href, underWay]);
  const failure = own?.failure ?? notLoaded;
  const gone = failure instanceof Refused && failure.status === 404;
  useRefreshAt(gone ? 'gone' : reading.mark === initial.mark ? null : reading.mark);
  useAnnouncementOf(quiet ? '' : reading.words);
  return {
    reading,
    again: own?.again ?? null,
    polling: (
      <>
        {Polls ? <Polls initial={initial} href={href} everyMs={everyMs} onPolled={setPolled} /> : null}
        <Freshness
          failure={gone ? null : failure}
          at={reading.at}
          underWay={reading.underWay}
          pageHref={pageHref}
        />
      </>
    ),
  };
}

/** Has the server render the page again for each new `mark`, but for null. Fields, focus and scroll position stay. */
function useRefreshAt(mark: string | null): void {
  const router = useRouter();
  useEffect(() => {
    if (mark !== null) router.refresh();
  }, [mark, router]);
}

/** Announces `words` when they change. */
function useAnnouncementOf(words: string): void {
  const said = useRef(words);
  useEffect(() => {
    if (said.current === words) return;
    said.current = words;
    announce(words);
  }, [words]);
}
