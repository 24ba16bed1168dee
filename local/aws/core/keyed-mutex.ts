/** Runs tasks with the same key one after the other; tasks with different keys run side by side. */
export type KeyedMutex = <T>(key: string, task: () => Promise<T>) => Promise<T>;

/** Makes a mutex per key. It takes the place of the conditional writes that the state store does not have. */
export function createKeyedMutex(): KeyedMutex {
  const tails = new Map<string, Promise<unknown>>();
  return async (key, task) => {
    const before = tails.get(key) ?? Promise.resolve();
    const mine = before.then(task, task);
    const tail = mine.catch(() => undefined);
    tails.set(key, tail);
    try {
      return await mine;
    } finally {
      if (tails.get(key) === tail) tails.delete(key);
    }
  };
}
