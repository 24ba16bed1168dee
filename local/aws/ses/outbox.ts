import { createKeyedMutex } from '../core/keyed-mutex';
import type { StateStore } from '../core/service';
import type { Outbox, SentMail } from '../core/services';

const collection = 'ses.outbox';
const kept = 1000;

const keyOf = (id: number): string => String(id).padStart(12, '0');

/** The mails in `state`, the latest 1,000. */
export function createOutbox(state: StateStore): Outbox {
  const withLock = createKeyedMutex();
  /** Ids of the oldest and the newest mail; null until they are read. */
  let range: { first: number; last: number } | null = null;

  const all = async (): Promise<readonly SentMail[]> =>
    (await state.list<SentMail>(collection)).map(([, mail]) => mail);

  async function readRange(): Promise<{ first: number; last: number }> {
    const mails = await all();
    return { first: mails[0]?.id ?? 1, last: mails.at(-1)?.id ?? 0 };
  }

  return {
    deliver: (mail) =>
      withLock('outbox', async () => {
        range ??= await readRange();
        const sent: SentMail = { ...mail, id: range.last + 1, at: new Date().toISOString() };
        await state.put(collection, keyOf(sent.id), sent);
        range.last = sent.id;
        for (; range.last - range.first >= kept; range.first += 1) {
          await state.delete(collection, keyOf(range.first));
        }
        return sent;
      }),
    async list({ to } = {}) {
      const wanted = to === undefined ? null : addressKey(to);
      return (await all()).filter((mail) => wanted === null || addressKey(mail.to) === wanted).toReversed();
    },
  };
}

const addressKey = (address: string): string => address.trim().toLowerCase();
