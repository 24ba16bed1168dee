import { type IncomingMessage, ServerResponse } from 'node:http';

/** Emits `full` when the reader falls behind, and `caught-up` when nothing is left for it to read. */
export class PacedResponse<R extends IncomingMessage = IncomingMessage> extends ServerResponse<R> {
  #full = false;

  override write(chunk: unknown, second?: BufferEncoding | Written, written?: Written): boolean {
    const room =
      typeof second === 'function'
        ? super.write(chunk, second)
        : second
          ? super.write(chunk, second, written)
          : super.write(chunk, written);
    if (!room && !this.#full) {
      this.#full = true;
      this.once('drain', () => {
        this.#full = false;
        this.emit('caught-up');
      });
      this.emit('full');
    }
    return room;
  }
}

type Written = (error: Error | null | undefined) => void;

/** What is to be called at the end of each response: one listener, because Node warns of more than ten and Next adds its own. */
const ends = new WeakMap<ServerResponse, (() => void)[]>();

/** Calls `free` when the answer is complete or its reader has gone. */
export function onEnd(response: ServerResponse, free: () => void): void {
  if (response.destroyed) {
    free();
    return;
  }
  const known = ends.get(response);
  if (known) {
    known.push(free);
    return;
  }
  const all = [free];
  ends.set(response, all);
  response.once('close', () => {
    for (const each of all) each();
  });
}
