import type {
  BatchStopJobRunResponse,
  GetJobRunResponse,
  GetJobRunsResponse,
  JobRun,
  StartJobRunResponse,
} from '@aws-sdk/client-glue';
import { expect, test } from 'vitest';
import type { Caller } from '../core/service';
import type { ServiceRoles } from '../core/services';
import { fakeStandIn, portal } from '../testing/fake-stand-in';
import type { RunEnd, RunLauncher } from './run-process';
import type { RunOrder } from './runner/messages';
import { createGlue } from './service';

/** A program that a test ends itself. */
interface FakeRun {
  readonly order: RunOrder;
  running(): void;
  end(end: RunEnd): void;
  stopped: boolean;
  killed: boolean;
}

/** For a machine that is busy. */
const patience = { timeout: 30_000 };
const done: RunEnd = { kind: 'succeeded', rows: 1, bytes: 2, peakBytes: 3 };
const pooled = (tenantId: string): Caller => ({ ...portal, tags: { TenantId: tenantId } });

/** Glue over a fake stand-in, whose state `kept` keeps over a restart. */
function fakeGlue(kept = fakeStandIn().kept) {
  const fake = fakeStandIn(kept);
  const programs: FakeRun[] = [];
  const launcher: RunLauncher = {
    start(order, running, end) {
      const run: FakeRun = { order, running, end, stopped: false, killed: false };
      programs.push(run);
      return {
        stop: () => {
          run.stopped = true;
        },
        async kill() {
          run.killed = true;
          end(null);
        },
      };
    },
    close: () => undefined,
  };
  const sts: ServiceRoles = {
    ...fake.standIn.services.sts,
    assumeForService: async () => ({
      accessKeyId: 'a',
      secretAccessKey: 's',
      sessionToken: 't',
      expiration: new Date(),
    }),
  };
  const standIn = { ...fake.standIn, services: { ...fake.standIn.services, sts } };
  const glue = createGlue(standIn, { dir: '/nowhere', replicaUrl: null }, launcher);
  const call = async <T = object>(operation: string, input: object, caller: Caller = portal): Promise<T> => {
    const run = glue.operations[operation];
    if (!run) throw new Error(`no ${operation}`);
    return (await run(
      { JobName: 'annex-extract', ...input },
      caller,
      'r',
      new AbortController().signal,
    )) as T;
  };
  const start = async (tenantId = 'foo', more: object = {}): Promise<string> => {
    const input = { Arguments: { '--tenant_id': tenantId }, ...more };
    return (await call<StartJobRunResponse>('StartJobRun', input, pooled(tenantId))).JobRunId ?? '';
  };
  const run = async (RunId: string): Promise<JobRun> =>
    (await call<GetJobRunResponse>('GetJobRun', { RunId })).JobRun ?? {};
  /** Waits for `state`: what a run does between its steps is not to be hurried. */
  const reached = (id: string, state: string) =>
    expect.poll(async () => (await run(id)).JobRunState, patience).toBe(state);
  const program = async (index: number): Promise<FakeRun> => {
    await expect.poll(() => programs.length, patience).toBeGreaterThan(index);
    const found = programs[index];
    if (!found) throw new Error('no program');
    return found;
  };
  return { fake, glue, programs, program, call, start, run, reached, kept };
}

test('a run starts, runs and succeeds', async () => {
  const { start, run, program, reached } = fakeGlue();
  const id = await start();
  expect(id).toMatch(/^jr_[0-9a-f]{64}$/);
  expect(await run(id)).toMatchObject({ JobRunState: 'STARTING', ExecutionTime: 0 });
  const first = await program(0);
  expect(first.order).toMatchObject({ kind: 'extract', arguments: { '--tenant_id': 'foo' } });
  first.running();
  await reached(id, 'RUNNING');
  first.end(done);
  await reached(id, 'SUCCEEDED');
  expect(await run(id)).toMatchObject({ CompletedOn: expect.any(Date), StartedOn: expect.any(Date) });
});

test('a run that fails says why, after what it left is cleared', async () => {
  const { fake, start, run, program, reached } = fakeGlue();
  const clean = await start();
  (await program(0)).end({ kind: 'failed', reason: 'No.', clean: true });
  await reached(clean, 'FAILED');
  expect((await run(clean)).ErrorMessage).toBe('No.');

  const left = await start();
  (await program(1)).running();
  await reached(left, 'RUNNING');
  (await program(1)).end({ kind: 'failed', reason: 'Half.', clean: false });
  await expect.poll(() => fake.kept.documents.size, patience).toBeGreaterThan(2);
  expect(await run(left)).toMatchObject({ JobRunState: 'RUNNING' });
  const settled = fake.settle();
  const cleaner = await program(2);
  expect(cleaner.order.kind).toBe('clear');
  cleaner.end({ kind: 'cleared' });
  await settled;
  expect(await run(left)).toMatchObject({ JobRunState: 'FAILED', ErrorMessage: 'Half.' });
});

test('a stop is asked of the program, and ends as stopped', async () => {
  const { call, start, run, program, reached } = fakeGlue();
  const id = await start();
  const first = await program(0);
  first.running();
  await reached(id, 'RUNNING');
  const stop = (JobRunIds: string[]) => call<BatchStopJobRunResponse>('BatchStopJobRun', { JobRunIds });
  const answer = await stop([id, 'jr_none']);
  expect(answer.SuccessfulSubmissions).toEqual([{ JobName: 'annex-extract', JobRunId: id }]);
  expect(answer.Errors).toMatchObject([{ ErrorDetail: { ErrorCode: 'EntityNotFoundException' } }]);
  expect(first.stopped).toBe(true);
  expect((await run(id)).JobRunState).toBe('STOPPING');
  first.end({ kind: 'failed', reason: 'The run was stopped.', clean: true });
  await reached(id, 'STOPPED');
  expect((await run(id)).ErrorMessage).toBeUndefined();
  expect((await stop([id])).Errors).toHaveLength(1);
});

test('a run that takes longer than its timeout is ended', async () => {
  const { fake, start, run, program, reached } = fakeGlue();
  const id = await start('foo', { Timeout: 2 });
  const first = await program(0);
  first.running();
  await reached(id, 'RUNNING');
  await fake.settle(10, 60_000);
  expect(first.stopped).toBe(false);
  await fake.settle(10, 120_000);
  expect(first.stopped).toBe(true);
  first.end({ kind: 'failed', reason: 'The run was stopped.', clean: true });
  await reached(id, 'TIMEOUT');
  expect((await run(id)).ErrorMessage).toMatch(/longer than its timeout of 2 minutes/);
});

test('a run that a stop of Glue cut off fails at the next start', async () => {
  const before = fakeGlue();
  const id = await before.start();
  const stopping = await before.start();
  (await before.program(1)).running();
  await before.call('BatchStopJobRun', { JobRunIds: [stopping] });
  await before.glue.stop?.();
  expect(before.programs.map(({ killed }) => killed)).toEqual([true, true]);

  const after = fakeGlue(before.kept);
  await after.glue.start?.();
  expect((await after.run(id)).JobRunState).toBe('STARTING');
  const settled = after.fake.settle();
  for (const index of [0, 1]) (await after.program(index)).end({ kind: 'cleared' });
  await settled;
  expect(await after.run(id)).toMatchObject({
    JobRunState: 'FAILED',
    ErrorMessage: expect.stringMatching(/interrupted/),
  });
  expect((await after.run(stopping)).JobRunState).toBe('STOPPED');
});

test('what cannot be cleared does not hold a run for ever', async () => {
  const { fake, start, run, program, reached } = fakeGlue();
  const id = await start();
  (await program(0)).end(null);
  await expect.poll(() => fake.kept.documents.size, patience).toBeGreaterThan(1);
  const settled = fake.settle();
  for (let index = 1; index <= 5; index += 1) (await program(index)).end(null);
  await settled;
  await reached(id, 'FAILED');
  expect((await run(id)).ErrorMessage).toMatch(/without reporting a result/);
});

test('refuses more runs than the job may have, and lets one in when one has ended', async () => {
  const { start, program, reached } = fakeGlue();
  const ids = [];
  for (let index = 0; index < 8; index += 1) ids.push(await start());
  await expect(start()).rejects.toMatchObject({ name: 'ConcurrentRunsExceededException' });
  (await program(0)).end(done);
  await reached(ids[0] ?? '', 'SUCCEEDED');
  expect(await start()).not.toBe('');
});

test.each([
  ['another job', { JobName: 'nobody' }, 'EntityNotFoundException'],
  ['a retry', { JobRunId: 'jr_1' }, 'InvalidInputException'],
  ['a fixed argument', { Arguments: { '--replica_secret': 'mine' } }, 'InvalidInputException'],
  ['an argument that is no text', { Arguments: { '--tenant_id': 1 } }, 'InvalidInputException'],
  ['no time', { Timeout: 0 }, 'InvalidInputException'],
])('StartJobRun refuses %s', async (_, input, name) => {
  await expect(fakeGlue().call('StartJobRun', input)).rejects.toMatchObject({ name });
});

test('a session of a tenant starts, sees and stops its own runs alone', async () => {
  const { call, start } = fakeGlue();
  const id = await start('foo');
  const other = { Arguments: { '--tenant_id': 'foo' } };
  await expect(call('StartJobRun', other, pooled('bar'))).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
  await expect(call('GetJobRun', { RunId: id }, pooled('bar'))).rejects.toThrow(/not found/);
  expect(await call('GetJobRuns', {}, pooled('bar'))).toMatchObject({ JobRuns: [] });
  const { Errors } = await call<BatchStopJobRunResponse>(
    'BatchStopJobRun',
    { JobRunIds: [id] },
    pooled('bar'),
  );
  expect(Errors).toHaveLength(1);
});

test('lists runs in pages, the newest first', async () => {
  const { call, start } = fakeGlue();
  const ids = [await start(), await start(), await start()];
  const seen: (string | undefined)[] = [];
  let NextToken: string | undefined;
  do {
    const page = await call<GetJobRunsResponse>('GetJobRuns', { MaxResults: 2, NextToken });
    seen.push(...(page.JobRuns ?? []).map(({ Id }) => Id));
    NextToken = page.NextToken;
  } while (NextToken);
  expect([...seen].sort()).toEqual([...ids].sort());
  await expect(call('GetJobRuns', { NextToken: 'x' })).rejects.toMatchObject({
    name: 'InvalidInputException',
  });
});

test('shows its job', async () => {
  const { call } = fakeGlue();
  expect(await call('GetJob', {})).toMatchObject({
    Job: { Name: 'annex-extract', ExecutionProperty: { MaxConcurrentRuns: 8 }, Command: { Name: 'glueetl' } },
  });
  expect(await call('ListJobs', {})).toMatchObject({ JobNames: ['annex-extract'] });
});

test('faults: no capacity, a failure, a slow run', async () => {
  const { fake, start, run, program, reached } = fakeGlue();
  fake.fault('glue.start', 'foo', 'No capacity.');
  const refused = await start();
  await reached(refused, 'FAILED');
  expect((await run(refused)).ErrorMessage).toBe('No capacity.');
  fake.fault('glue.fail', 'foo', 'It broke.');
  fake.fault('glue.slow', 'foo');
  await start();
  expect((await program(0)).order.trial).toEqual({ failure: 'It broke.', holdMs: 2000 });
});
