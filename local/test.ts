import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from './chromium';

// All checks that a change must pass: lint, types, import rules, dead code, unit and integration tests, and the journeys
// in Chromium. Ends with one line, `N passed, N failed`, and exits with an error when anything failed.
const root = join(import.meta.dirname, '..');
const bin = (name: string) => join(root, 'node_modules', '.bin', name);

interface Tally {
  readonly passed: number;
  readonly failed: number;
}

// The reports, and everything that the tests write to the folder for temporary files.
const reports = await mkdtemp(join(tmpdir(), 'annex-test-'));
const tallies: Tally[] = [];
try {
  tallies.push(await gate('route types', [bin('next'), 'typegen']));
  tallies.push(
    ...(await Promise.all([
      gate('lint and format', [bin('biome'), 'ci', '--error-on-warnings']),
      gate('types', [
        process.execPath,
        join(root, 'node_modules/typescript-7/lib/tsc.js'),
        '--noEmit',
        '--incremental',
        'false',
      ]),
      gate('import rules', [bin('depcruise'), '--config', '.dependency-cruiser.cjs', ...folders()]),
      gate('dead code', [bin('knip')]),
    ])),
  );
  tallies.push(await suite('unit and integration', vitest(join(reports, 'vitest.json')), vitestTally));
  const browser = await chromium();
  tallies.push(
    await suite('journeys', playwright(join(reports, 'playwright.json'), browser), playwrightTally),
  );
} finally {
  await rm(reports, { recursive: true, force: true, maxRetries: 5 });
}
const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0);
const failed = tallies.reduce((sum, tally) => sum + tally.failed, 0);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

function folders(): string[] {
  return [
    'app',
    'components',
    'lib',
    'portal',
    'worker',
    'local',
    'e2e',
    'bench',
    'examples',
    'proxy.ts',
    'instrumentation.ts',
    'instrumentation-client.ts',
  ];
}

/** A check that passes or fails as a whole. Its output is shown when it fails. */
async function gate(name: string, command: readonly string[]): Promise<Tally> {
  const { code, output, seconds } = await run(command, {}, false);
  console.log(`${code === 0 ? '✓' : '✗'} ${name} (${seconds} s)${code === 0 ? '' : `\n${output}`}`);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

interface Suite {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly report: string;
}

/** Runs a test runner. Counts one failure if its report is missing, or shows none although the runner failed. */
async function suite(
  name: string,
  { command, env, report }: Suite,
  tally: (json: unknown) => Tally,
): Promise<Tally> {
  const { code, seconds } = await run(command, env, true);
  const counted = await readFile(report, 'utf8').then(
    (text) => tally(JSON.parse(text)),
    () => ({ passed: 0, failed: 0 }),
  );
  const failed = code !== 0 && counted.failed === 0 ? 1 : counted.failed;
  console.log(
    `${failed === 0 ? '✓' : '✗'} ${name}: ${counted.passed} passed, ${failed} failed (${seconds} s)`,
  );
  return { passed: counted.passed, failed };
}

function vitest(report: string): Suite {
  return {
    command: [bin('vitest'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    env: { TMPDIR: reports },
    report,
  };
}

function vitestTally(json: unknown): Tally {
  const { numPassedTests, numFailedTests, numFailedTestSuites } = json as Record<string, number>;
  return { passed: numPassedTests ?? 0, failed: numFailedTests || numFailedTestSuites || 0 };
}

function playwright(report: string, browser: string): Suite {
  return {
    command: [bin('playwright'), 'test', '--reporter=list,json'],
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: report, CHROMIUM: browser, TMPDIR: reports },
    report,
  };
}

function playwrightTally(json: unknown): Tally {
  const { stats, errors } = json as { stats: Record<string, number>; errors: readonly unknown[] };
  return {
    passed: (stats.expected ?? 0) + (stats.flaky ?? 0),
    failed: (stats.unexpected ?? 0) || errors.length,
  };
}

function run(command: readonly string[], env: Readonly<Record<string, string>>, show: boolean) {
  const startedAt = Date.now();
  return new Promise<{ code: number; output: string; seconds: number }>((resolve, reject) => {
    const [file = '', ...args] = command;
    const child = spawn(file, args, {
      cwd: root,
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', ...env },
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (output += chunk));
    child.once('error', reject);
    child.once('close', (code) =>
      resolve({ code: code ?? 1, output, seconds: Math.round((Date.now() - startedAt) / 100) / 10 }),
    );
  });
}
