import { fixOf } from './fixes';
import { needs } from './links';
import { type Examination, type FaultName, type LinkName, type LinkResult, linkNames } from './ports';
import { waitsFor } from './waits';

/**
 * Looks at `wanted`, each link as soon as those it needs are ok, and side by side where they do not depend on each other. Every link of
 * `wanted` needs only others of `wanted`. Never rejects for what is wrong with a link.
 */
export async function runLinks(
  examination: Examination,
  wanted: readonly LinkName[],
  now: () => Date,
): Promise<readonly LinkResult[]> {
  const running = new Map<LinkName, Promise<LinkResult>>();
  const resultOf = (name: LinkName): Promise<LinkResult> => {
    const present = running.get(name) ?? settle(name);
    running.set(name, present);
    return present;
  };
  const settle = async (name: LinkName): Promise<LinkResult> => {
    const before = await Promise.all(needs[name].map(resultOf));
    const cause = before.find(({ state }) => state !== 'ok');
    if (cause)
      return notReached(name, cause.state === 'failed' ? cause.name : cause.because, cause.found, now());
    const waits = waitsFor(name, examination.target, now());
    if (waits !== null) return notReached(name, null, waits, now());
    return looked(name, examination, now);
  };
  const results = await Promise.all(linkNames.filter((name) => wanted.includes(name)).map(resultOf));
  return withoutBaseline(results);
}

async function looked(name: LinkName, examination: Examination, now: () => Date): Promise<LinkResult> {
  const startedAt = now();
  const seen = await examination.look(name);
  const fix = seen.fault === null ? null : fixOf(seen, examination);
  const { calls, found, answer, fault } = seen;
  const ms = now().getTime() - startedAt.getTime();
  const state = fault === null ? 'ok' : 'failed';
  return { name, state, calls, found, answer, fault, fix, because: null, at: startedAt, ms };
}

function notReached(name: LinkName, because: LinkName | null, why: string, at: Date): LinkResult {
  const found = because === null ? why : 'Not looked at: another link has to be mended first.';
  return {
    name,
    state: 'not-reached',
    calls: [],
    found,
    answer: null,
    fault: null,
    fix: null,
    because,
    at,
    ms: 0,
  };
}

/** What the baseline makes is not there when the baseline is not: then the baseline is what has to be mended. */
const madeByBaseline: ReadonlySet<FaultName> = new Set([
  'role-missing',
  'trust-unreadable',
  'domain-missing',
  'bucket-missing',
]);

function withoutBaseline(results: readonly LinkResult[]): readonly LinkResult[] {
  const baseline = results.find(({ name }) => name === 'stack-instance');
  if (baseline?.state !== 'failed') return results;
  const moved = new Set<LinkName>();
  return results.map((result) => {
    const follows = result.fault !== null && madeByBaseline.has(result.fault);
    if (follows) moved.add(result.name);
    const because = follows || (result.because !== null && moved.has(result.because)) ? baseline.name : null;
    return because === null
      ? result
      : { ...notReached(result.name, because, '', result.at), calls: result.calls };
  });
}
