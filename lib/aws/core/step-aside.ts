import { aside } from '@/lib/turn';

interface Handler {
  handle(...given: readonly never[]): Promise<unknown>;
}

/** As far as the extensions of all AWS clients agree. */
interface Extended {
  httpHandler(): Handler;
}

/** An extension of AWS clients: a request of the portal does not hold its place on the thread while AWS works. */
export const stepAside = {
  configure(client: Extended): void {
    const handler = client.httpHandler();
    const handle = handler.handle.bind(handler);
    Object.assign(handler, { handle: (...given: readonly never[]) => aside(() => handle(...given)) });
  },
};
