'use client';

import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { LiveView } from '../live-view';

/** CloudWatch publishes a new data point once per minute. */
const pollMs = 60_000;
/** A view younger than this is shown again when somebody returns to the page. */
const freshMs = 15_000;

export interface Refreshed {
  /** Null: no endpoint is left to show. */
  readonly view: LiveView | null;
  /** The newest attempt to refresh failed. */
  readonly stale: boolean;
  readonly retry: (() => void) | null;
}

interface Props {
  readonly initial: LiveView;
  readonly dataHref: string;
  readonly onRefreshed: (refreshed: Refreshed) => void;
}

/** Refreshes the view every minute and when somebody returns to the page, but not while it is hidden. */
export default function Poller(props: Props) {
  const [client] = useState(() => new QueryClient());
  return (
    <QueryClientProvider client={client}>
      <Polled {...props} />
    </QueryClientProvider>
  );
}

function Polled({ initial, dataHref, onRefreshed }: Props) {
  const { data, failureCount, refetch } = useQuery<LiveView | null>({
    queryKey: ['monitoring', dataHref],
    queryFn: ({ signal }) => readView(dataHref, signal),
    initialData: initial,
    staleTime: freshMs,
    refetchInterval: pollMs,
    refetchOnWindowFocus: true,
    retry: 3,
    retryDelay: (attempt) => Math.min(2000 * 2 ** attempt, pollMs),
  });
  useEffect(() => {
    onRefreshed({ view: data, stale: failureCount > 0, retry: () => void refetch() });
  }, [data, failureCount, refetch, onRefreshed]);
  return null;
}

async function readView(href: string, signal: AbortSignal): Promise<LiveView | null> {
  const response = await fetch(href, { signal, headers: { accept: 'application/json' } });
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.json();
}
