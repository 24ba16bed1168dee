'use client';

import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { formatInstant } from '@/components/format';
import { useServerClock } from '@/components/use-server-clock';
import type { Progress } from './progress';
import { nextReading, Refused, readProgress, retryDelay, triesAgain } from './read-progress';
import { Timeline } from './timeline';

/** The timeline during setup: polls the state while the page is visible. */
export default function PolledTimeline({ initial }: { readonly initial: Progress }) {
  const [client] = useState(() => new QueryClient());
  return (
    <QueryClientProvider client={client}>
      <Polled initial={initial} />
    </QueryClientProvider>
  );
}

function Polled({ initial }: { readonly initial: Progress }) {
  const router = useRouter();
  const { data, error, failureCount, dataUpdatedAt } = useQuery({
    // Keyed by what the server sent, so that a freshly rendered page polls again, even after a refusal.
    queryKey: ['workbench', initial.requestId, initial.attempt, initial.at],
    queryFn: readProgress,
    initialData: initial,
    refetchInterval: ({ state }) => nextReading(state.error, state.fetchFailureCount),
    refetchOnWindowFocus: ({ state }) => triesAgain(state.error),
    refetchOnReconnect: ({ state }) => triesAgain(state.error),
    retry: (_, failure) => triesAgain(failure),
    retryDelay,
  });
  const now = useServerClock(data.at, 1000);
  const refused = error instanceof Refused;
  const over = refused || data.requestId !== initial.requestId || data.state !== 'provisioning';
  useEffect(() => {
    if (over) router.refresh();
  }, [over, router]);
  const running = data.steps.find((step) => step.state === 'running');
  return (
    <>
      <Timeline steps={data.steps} now={now} />
      <p role="status" className="min-h-6 text-sm text-muted">
        {failureCount > 0 && !refused
          ? `The state could not be refreshed. This is the state as of ${formatInstant(new Date(dataUpdatedAt), 'second')}. Trying again.`
          : null}
        <span className="sr-only">{running ? `In progress: ${running.name}` : ''}</span>
      </p>
    </>
  );
}
