const key = 'annex-expected-result';
/** The longest action, a contract test, takes a minute. */
const patienceMs = 120_000;

/** Names of results that an action can lead to; each is shown by one `Result`. */
export type ResultName =
  | 'doctor'
  | 'doctor-link'
  | 'endpoints'
  | 'extract'
  | 'import'
  | 'listing'
  | 'model'
  | 'people'
  | 'plan'
  | 'policy'
  | 'queues'
  | 'report'
  | 'running'
  | 'scoring'
  | 'sign-up'
  | 'submission'
  | 'subscription'
  | 'tenant'
  | 'workbench';

/** Remembers, also across a page load, that somebody has acted and is to be led to the first of `names` that appears or changes. */
export function expectResult(names: readonly ResultName[]): void {
  sessionStorage.setItem(key, JSON.stringify({ names, at: Date.now() }));
}

/** Whether the result `name` is expected. It is then no longer expected. */
export function isExpected(name: ResultName): boolean {
  const { names, at } = expected();
  if (!names.includes(name)) return false;
  expectNothing();
  return Date.now() - at < patienceMs;
}

/** The action failed, or its result was shown. */
export function expectNothing(): void {
  sessionStorage.removeItem(key);
}

function expected(): { readonly names: readonly unknown[]; readonly at: number } {
  const stored: unknown = JSON.parse(sessionStorage.getItem(key) ?? '{}');
  const record = typeof stored === 'object' && stored !== null ? stored : {};
  return {
    names: 'names' in record && Array.isArray(record.names) ? record.names : [],
    at: 'at' in record && typeof record.at === 'number' ? record.at : 0,
  };
}
