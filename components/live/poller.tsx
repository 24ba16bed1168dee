'use client';

import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { nextReading, type Reading, readJson, readsOn, retryDelay, triesAgain } from './reading';

export interface Polled<T> {
  /** What the reading is of. */
  readonly href: string;
  readonly reading: T;
  /** Why the newest attempt failed; null when it did not. */
  readonly failure: Error | null;
  readonly again: () => void;
}

interface Props<T> {
  readonly initial: T;
  readonly href: string;
  readonly everyMs: number;
  /** Reads on while nobody looks at the page. */
  readonly whileHidden?: boolean;
  readonly onPolled: (polled: Polled<T>) => void;
}

/** Reads `href` again and again while work is under way and, without `whileHidden`, the page is visible. Renders nothing. */
export function Poller<T extends Reading>(props: Props<T>) {
  const [client] = useState(() => new QueryClient());
  return (
    <QueryClientProvider client={client}>
      <Polling {...props} />
    </QueryClientProvider>
  );
}

function Polling<T extends Reading>({ initial, href, everyMs, whileHidden = false, onPolled }: Props<T>) {
  const { data, failureReason, refetch } = useQuery<T>({
    // Keyed by what the server sent, so that a freshly rendered page polls again, even after a refusal.
    queryKey: [href, initial.at],
    queryFn: ({ signal }) => readJson<T>(href, signal),
    initialData: initial,
    // A reading this young is shown again when somebody returns to the page.
    staleTime: everyMs / 4,
    // Being offline is a failure that the page tells of, too.
    networkMode: 'always',
    refetchIntervalInBackground: whileHidden,
    refetchInterval: ({ state }) => nextReading(state, everyMs),
    refetchOnWindowFocus: ({ state }) => readsOn(state),
    refetchOnReconnect: ({ state }) => readsOn(state),
    retry: (_, failure) => triesAgain(failure),
    retryDelay: (attempt) => retryDelay(attempt, everyMs),
  });
  useEffect(() => {
    onPolled({ href, reading: data ?? initial, failure: failureReason, again: () => void refetch() });
  }, [href, data, initial, failureReason, refetch, onPolled]);
  return null;
}
