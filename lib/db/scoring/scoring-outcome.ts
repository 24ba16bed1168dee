import type { Written } from '@/lib/domain/scoring/ports';

/** Ends a transaction as if it had not been; `asWritten` makes the outcome of it. */
class Undone extends Error {
  constructor(readonly outcome: Written) {
    super(outcome);
  }
}

/** Ends the transaction that it is called in, whose outcome then is `outcome`. */
export function undone(outcome: Written): never {
  throw new Undone(outcome);
}

/** What `work` came to, also where `undone` ended it. */
export async function asWritten(work: () => Promise<Written>): Promise<Written> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Undone) return error.outcome;
    throw error;
  }
}
