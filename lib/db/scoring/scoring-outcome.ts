import type { Written } from '@/lib/domain/scoring/ports';

/** Rolls a transaction back; `asWritten` turns it into the outcome that it carries. */
class Undone extends Error {
  constructor(readonly outcome: Written) {
    super(outcome);
  }
}

/** Rolls back the transaction that it is called in, which then comes to `outcome`. */
export function undone(outcome: Written): never {
  throw new Undone(outcome);
}

/** The outcome of `work`, also where `undone` rolled it back. */
export async function asWritten(work: () => Promise<Written>): Promise<Written> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Undone) return error.outcome;
    throw error;
  }
}
