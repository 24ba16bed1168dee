import type { Written } from '@/lib/domain/scoring/ports';

/** Rolls a transaction back. `asWritten` returns the outcome that it carries. */
class Undone extends Error {
  constructor(readonly outcome: Written) {
    super(outcome);
  }
}

/** Rolls back the current transaction, whose outcome then is `outcome`. */
export function undone(outcome: Written): never {
  throw new Undone(outcome);
}

/** The outcome of `work`, even when `undone` rolled it back. */
export async function asWritten(work: () => Promise<Written>): Promise<Written> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Undone) return error.outcome;
    throw error;
  }
}
