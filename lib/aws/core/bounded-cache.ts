/** Keeps at most `capacity` values; the one that was not used for the longest time goes first. */
export class BoundedCache<V> {
  readonly #values = new Map<string, V>();

  constructor(private readonly capacity: number) {}

  get size(): number {
    return this.#values.size;
  }

  get(key: string): V | undefined {
    const value = this.#values.get(key);
    if (value === undefined) return undefined;
    this.#values.delete(key);
    this.#values.set(key, value);
    return value;
  }

  set(key: string, value: V): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    const [oldest] = this.#values.keys();
    if (this.#values.size > this.capacity && oldest !== undefined) this.#values.delete(oldest);
  }

  /** Removes `key` if it still holds `value`. */
  drop(key: string, value: V): void {
    if (this.#values.get(key) === value) this.#values.delete(key);
  }
}
