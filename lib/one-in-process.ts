/**
 * What `make` returns, made once per process under `name`. A bundler gives a module to several chunks, and Next gives its pages
 * and its routes copies of their own, so a constant of a module may exist several times.
 */
export function oneInProcess<T>(name: string, make: () => T): T {
  const key = Symbol.for(`annex.${name}`);
  const holder: { [key: symbol]: unknown } = globalThis as { [key: symbol]: unknown };
  // Only this function writes the key, with what `make` of that name returns.
  holder[key] ??= make();
  return holder[key] as T;
}
