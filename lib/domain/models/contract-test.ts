import {
  alike,
  type CheckId,
  checkTitles,
  deterministic,
  graded,
  inRange,
  inService,
  isReadable,
  latency,
  malformedRefused,
  medianMs,
  oneAnswerARow,
  orderKept,
  reachable,
  sameThroughout,
  shortRow,
  skipped,
  spoken,
  valuesOf,
} from './contract-checks';
import { fewRows, malformedBodies, manyRows, shortRows, shuffledPositions } from './contract-rows';
import { churnInterface } from './interface';
import {
  type ContentType,
  type ContractCheck,
  type ContractReport,
  contentTypes,
  type ModelEndpoints,
} from './ports';
import { type Asked, Probe, type ProbeLimits } from './probe';

const usualLimits: ProbeLimits = { requestMs: churnInterface.answerMs, totalMs: 45_000 };

/** Rows that are also sent alone. */
const alone = [0, 7, 19] as const;

/** The results of a content type. */
interface Findings {
  readonly checks: readonly ContractCheck[];
  readonly latencyMs: ContractReport['latencyMs'];
}

const untimed: ContractReport['latencyMs'] = { rows1: null, rows100: null };

/**
 * Tests whether an endpoint meets the churn interface. Everything the model does becomes a line of the report. Takes at most
 * `limits.totalMs` plus one call to SageMaker before and one after. Throws what is not the model's fault: `dependency_denied`,
 * `throttled`, and `dependency_failed` when SageMaker does not say whether the endpoint exists.
 */
export async function contractTest(
  endpoints: ModelEndpoints,
  endpointName: string,
  { now, limits = usualLimits }: { readonly now: () => Date; readonly limits?: ProbeLimits },
): Promise<ContractReport> {
  const testedAt = now();
  const endpoint = await endpoints.deployed(endpointName);
  const report = (types: readonly ContentType[], { checks, latencyMs }: Findings): ContractReport => ({
    endpointName,
    testedAt,
    deployment: endpoint?.deployment ?? null,
    passed: checks.every(({ outcome }) => outcome !== 'failed'),
    contentTypes: types,
    checks: whole(checks),
    latencyMs,
  });

  const service = inService(endpoint);
  if (!endpoint || service.outcome === 'failed') {
    return report([], { checks: [service], latencyMs: untimed });
  }

  const probe = new Probe(endpoints, endpointName, limits);
  const first: Asked[] = [];
  for (const contentType of contentTypes) first.push(await probe.ask(contentType, fewRows));
  const { used, others } = usable(first);
  const before = [service, reachable(first), spoken(first, others)];
  const [main = first.find(isReadable)] = used;
  if (!main) return report([], { checks: before, latencyMs: untimed });

  const findings = await examined(probe, main, used);
  const same = sameThroughout(endpoint, await endpoints.deployed(endpointName));
  return report(
    used.map(({ contentType }) => contentType),
    { ...findings, checks: [...before, ...findings.checks, same] },
  );
}

/** Content types with valid responses, except those whose values differ from those of the first valid one. */
function usable(first: readonly Asked[]): { used: readonly Asked[]; others: readonly ContentType[] } {
  const holding = first.filter((asked) => valuesOf(asked) !== null);
  const reference = holding[0] ? (valuesOf(holding[0]) ?? []) : [];
  const used = holding.filter((asked) => alike(valuesOf(asked) ?? [], reference));
  const others = holding.filter((asked) => !used.includes(asked)).map(({ contentType }) => contentType);
  return { used, others };
}

/**
 * The checks of the content type that scoring would use. Malformed input comes early, so that later checks notice what it breaks.
 */
async function examined(probe: Probe, main: Asked, used: readonly Asked[]): Promise<Findings> {
  if (valuesOf(main) === null) {
    const counted = oneAnswerARow([main]);
    return {
      checks: counted.outcome === 'failed' ? [counted] : [counted, inRange([main])],
      latencyMs: untimed,
    };
  }
  const ask = (rows: Asked['rows']) => probe.ask(main.contentType, rows);
  const malformed = [];
  const short = [];
  for (const { contentType } of used) {
    for (const { what, body } of malformedBodies[contentType]) {
      malformed.push({ what, exchange: await probe.send(contentType, body, 1) });
    }
    short.push(await probe.send(contentType, shortRows[contentType], 1));
  }
  const again = await ask(fewRows);
  const positions = shuffledPositions(fewRows.length);
  const shuffled = await ask(picked(fewRows, positions));
  const singles: Asked[] = [];
  for (const row of alone) singles.push(await ask(picked(fewRows, [row])));
  const many = await ask(manyRows);
  const manyPositions = shuffledPositions(manyRows.length);
  const manyShuffled = await ask(picked(manyRows, manyPositions));
  const manyAgain = await ask(manyRows);

  const all = [main, again, shuffled, ...singles, many, manyShuffled, manyAgain];
  const hundreds = [many, manyShuffled, manyAgain];
  return {
    checks: [
      oneAnswerARow(all),
      inRange(all),
      graded(all),
      orderKept([
        { asked: shuffled, positions, before: main },
        ...singles.map((asked, index) => ({ asked, positions: [alone[index] ?? 0], before: main })),
        { asked: many, positions: upTo(fewRows.length), before: main },
        { asked: manyShuffled, positions: manyPositions, before: many },
      ]),
      deterministic([
        { asked: again, positions: upTo(fewRows.length), before: main },
        { asked: manyAgain, positions: upTo(manyRows.length), before: many },
      ]),
      malformedRefused(malformed),
      shortRow(short),
      latency(singles, hundreds),
    ],
    latencyMs: { rows1: medianMs(singles), rows100: medianMs(hundreds) },
  };
}

/** Every check of the report; those that did not run are skipped. */
function whole(made: readonly ContractCheck[]): ContractCheck[] {
  return (Object.keys(checkTitles) as CheckId[]).map(
    (id) => made.find((one) => one.id === id) ?? skipped(id),
  );
}

const picked = (rows: Asked['rows'], positions: readonly number[]): Asked['rows'] =>
  positions.map((position) => rows[position] ?? []);

const upTo = (length: number): number[] => Array.from({ length }, (_, index) => index);
