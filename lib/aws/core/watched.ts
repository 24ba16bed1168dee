import { isAnnexError } from '@/lib/errors';
import { outages } from '@/lib/log';
import { fromAws } from './errors';

type Next = (given: never) => Promise<unknown>;

interface CommandContext {
  readonly clientName?: string;
  readonly commandName?: string;
}

/** As far as the clients of all services agree. */
export interface AwsClient {
  readonly middlewareStack: {
    add(
      middleware: (next: Next, context: CommandContext) => Next,
      options: { readonly step: 'initialize'; readonly name: string },
    ): void;
  };
}

/** `client`, whose calls report outages of its service. */
export function watched<C extends AwsClient>(client: C): C {
  client.middlewareStack.add(
    (next, { clientName = 'AWS', commandName }) => {
      // The tenant's model answers this one.
      if (commandName === 'InvokeEndpointCommand') return next;
      const service = clientName.replace(/Client$/, '');
      return (given) => outages.watch(service, isOutage, () => next(given));
    },
    { step: 'initialize', name: 'annexOutages' },
  );
  return client;
}

/** No answer, or an answer that is the service's own failure; a call that Annex gave up is neither. */
function isOutage(error: unknown): boolean {
  if (error instanceof Error && error.name === 'AbortError') return false;
  const failure = fromAws('calling AWS', error);
  return failure !== error && isAnnexError(failure, 'dependency_failed') && failure.transient;
}
