/** A port that throws when it is used. */
export function untouchable<T extends object>(name: string): T {
  return new Proxy({} as T, {
    get: () => {
      throw new Error(`${name} was touched`);
    },
  });
}

/** The ports in `given`; every other one throws when it is used. */
export function withTheRest<T extends object>(given: Partial<T>): T {
  return new Proxy(given as T, {
    get: (target, name, receiver) => Reflect.get(target, name, receiver) ?? untouchable(String(name)),
  });
}
