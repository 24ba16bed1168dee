'use client';

import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { LiveView } from '../live-view';

/** CloudWatch has a new minute no sooner. */
const pollMs = 60_000;
/** Who comes back to the page within this time sees what they saw. */
const freshMs = 15_000;

export interface Refreshed {
  /** Null: there is no endpoint to show any more. */
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

/** Reads the view again every minute and when somebody comes back to the page; not while nobody sees it. */
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
