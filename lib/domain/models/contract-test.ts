import {
  alike,
  type CheckId,
  checkTitles,
  deterministic,
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

/** Rows that are asked about one at a time. */
const alone = [0, 7, 19] as const;

/** What a content type's answers came to. */
interface Findings {
  readonly checks: readonly ContractCheck[];
  readonly latencyMs: ContractReport['latencyMs'];
}

const untimed: ContractReport['latencyMs'] = { rows1: null, rows100: null };

/**
 * Tests whether an endpoint keeps the churn interface. Whatever the model does becomes a line of the report; it takes no
 * longer than `limits.totalMs` and a look at SageMaker before and after. Throws what is no fault of the model:
 * `dependency_denied`, `throttled`, and `dependency_failed` when SageMaker itself does not say whether there is such an endpoint.
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

/** Content types whose answers hold; those that give other answers than the first that holds are not among them. */
function usable(first: readonly Asked[]): { used: readonly Asked[]; others: readonly ContentType[] } {
  const holding = first.filter((asked) => valuesOf(asked) !== null);
  const reference = holding[0] ? (valuesOf(holding[0]) ?? []) : [];
  const used = holding.filter((asked) => alike(valuesOf(asked) ?? [], reference));
  const others = holding.filter((asked) => !used.includes(asked)).map(({ contentType }) => contentType);
  return { used, others };
}

/** The checks of the content type that scoring would use. Malformed input comes early: what it breaks is then noticed. */
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

/** Every check of the report: those that were made, and the others as skipped. */
function whole(made: readonly ContractCheck[]): ContractCheck[] {
  return (Object.keys(checkTitles) as CheckId[]).map(
    (id) => made.find((one) => one.id === id) ?? skipped(id),
  );
}

const picked = (rows: Asked['rows'], positions: readonly number[]): Asked['rows'] =>
  positions.map((position) => rows[position] ?? []);

const upTo = (length: number): number[] => Array.from({ length }, (_, index) => index);
