import { ClientError } from './dataset';

type Texts = Readonly<Record<string, string>>;

/** Reads the hyperparameters of a job, which are all texts. Every method throws ClientError for an invalid value. */
export class Hyperparameters {
  private readonly known = new Set<string>();

  constructor(private readonly given: Texts) {}

  /** A number from `min` to `max`. */
  number(name: string, fallback: number, min: number, max = Number.POSITIVE_INFINITY): number {
    const text = this.text(name);
    if (text === undefined || text === 'auto') return fallback;
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (value >= min && value <= max && Number.isFinite(value)) return value;
    throw this.bad(name, text, `a number from ${min}${max === Number.POSITIVE_INFINITY ? '' : ` to ${max}`}`);
  }

  whole(name: string, fallback: number, min: number, max: number): number {
    const value = this.number(name, fallback, min, max);
    if (Number.isInteger(value)) return value;
    throw this.bad(name, String(value), 'a whole number');
  }

  needed(name: string): void {
    if (this.given[name] === undefined) throw new ClientError(`Missing required hyperparameter: ${name}`);
  }

  /** One of `values`; the first one when absent. */
  choice<T extends string>(name: string, values: readonly [T, ...T[]]): T {
    const text = this.text(name);
    if (text === undefined) return values[0];
    const value = values.find((each) => each === text);
    if (value !== undefined) return value;
    throw this.bad(name, text, `one of ${values.join(', ')}, which is what this stand-in trains`);
  }

  /** Accepts these hyperparameters, which have no effect here. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.known.add(name);
  }

  /** Throws if a hyperparameter was given that nothing has read. */
  finish(): void {
    const extra = Object.keys(this.given).find((name) => !this.known.has(name));
    if (extra !== undefined) throw new ClientError(`Extraneous hyperparameter found: ${extra}`);
  }

  private text(name: string): string | undefined {
    this.known.add(name);
    return this.given[name];
  }

  private bad(name: string, text: string, wanted: string): ClientError {
    return new ClientError(`Hyperparameter ${name}: '${text}' is not ${wanted}.`);
  }
}
