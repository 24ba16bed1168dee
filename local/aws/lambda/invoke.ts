import { AwsError, type StandIn } from '../core/service';
import type { Ending, Invocation } from './environment';
import type { Environments, Hold } from './environments';
import { type FunctionRecord, functionArn } from './record';

/** What an invocation gave. */
export interface Outcome {
  readonly payload: Buffer;
  /** The value of `X-Amz-Function-Error`; null for a function that answered. */
  readonly error: 'Unhandled' | null;
  /** The lines of its log, with START, END and REPORT. */
  readonly log: string;
}

/** Lambda's limit of a response, bytes. */
const maxResponseBytes = 6_291_556;

/** Throws ResourceConflictException while the function is being created. */
export function checkActive(fn: FunctionRecord): void {
  if (fn.updatedBy === 'update' || Date.now() >= fn.activeAt) return;
  throw new AwsError(
    'ResourceConflictException',
    'The operation cannot be performed at this time. The function is currently in the following state: Pending',
    409,
    { Type: 'User' },
  );
}

/** Runs one invocation to its end, with its log and its metrics. Throws TooManyRequestsException. */
export async function invokeFunction(
  standIn: StandIn,
  environments: Environments,
  fn: FunctionRecord,
  requestId: string,
  payload: Buffer,
): Promise<Outcome> {
  const at = Date.now();
  const put = (name: string, value: number, unit: string): void =>
    standIn.services.cloudWatch.put(
      fn.accountId,
      'AWS/Lambda',
      name,
      { FunctionName: fn.name },
      value,
      unit,
      at,
    );
  const hold = await environments.acquire(fn).catch((error: unknown) => {
    if (error instanceof AwsError && error.code === 'TooManyRequestsException') put('Throttles', 1, 'Count');
    throw error;
  });
  put('ConcurrentExecutions', environments.running(fn), 'Count');
  const invocation: Invocation = {
    requestId,
    payload,
    functionArn: functionArn(standIn, fn.accountId, fn.name),
  };
  const ending = await hold.environment
    .invoke(invocation, fn.timeout * 1000)
    .finally(() => environments.release(fn, hold));
  const { payload: body, error } = resultOf(ending, requestId, fn.timeout);
  put('Invocations', 1, 'Count');
  put('Errors', error === null ? 0 : 1, 'Count');
  put('Duration', ending.durationMs, 'Milliseconds');
  const lines = linesOf(ending, requestId, fn, at);
  await keep(standIn, fn, hold, lines);
  return { payload: body, error, log: lines.map(({ message }) => `${message}\n`).join('') };
}

function resultOf(ending: Ending, requestId: string, timeout: number): Omit<Outcome, 'log'> {
  const failed = (errorType: string, errorMessage: string) => ({
    payload: Buffer.from(JSON.stringify({ errorType, errorMessage })),
    error: 'Unhandled' as const,
  });
  switch (ending.end) {
    case 'error':
      return { payload: ending.body, error: 'Unhandled' };
    case 'timeout':
      return failed(
        'Sandbox.Timedout',
        `RequestId: ${requestId} Error: Task timed out after ${timeout.toFixed(2)} seconds`,
      );
    case 'exit':
      return failed('Runtime.ExitError', `RequestId: ${requestId} Error: ${exitWords(ending.how)}`);
    case 'response':
      if (ending.body.length <= maxResponseBytes) return { payload: ending.body, error: null };
      return failed(
        'Function.ResponseSizeTooLarge',
        `Response payload size exceeded maximum allowed payload size (${maxResponseBytes} bytes).`,
      );
  }
}

const exitWords = (how: string): string =>
  how === '' ? 'Runtime exited without providing a reason' : `Runtime exited with error: ${how}`;

interface Line {
  readonly at: number;
  readonly message: string;
}

function linesOf(ending: Ending, requestId: string, fn: FunctionRecord, at: number): readonly Line[] {
  const end = Date.now();
  const line = (message: string): Line => ({ at: end, message });
  const failure =
    ending.end === 'timeout'
      ? [
          line(
            `${new Date(end).toISOString()} ${requestId} Task timed out after ${fn.timeout.toFixed(2)} seconds\n`,
          ),
        ]
      : ending.end === 'exit'
        ? [line(`RequestId: ${requestId} Error: ${exitWords(ending.how)}\nRuntime.ExitError`)]
        : [];
  return [
    { at, message: `START RequestId: ${requestId} Version: $LATEST` },
    ...ending.lines,
    ...failure,
    line(`END RequestId: ${requestId}`),
    line(reportOf(ending, requestId, fn)),
  ];
}

function reportOf(
  { durationMs, initMs, maxRssKb, end }: Ending,
  requestId: string,
  fn: FunctionRecord,
): string {
  const billed = Math.ceil(durationMs + (initMs ?? 0));
  const used = Math.min(fn.memory, Math.ceil(maxRssKb / 1024));
  const parts = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${billed} ms`,
    `Memory Size: ${fn.memory} MB`,
    `Max Memory Used: ${used} MB`,
    ...(initMs === null ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
    ...(end === 'timeout' ? ['Status: timeout'] : []),
  ];
  return `${parts.join('\t')}\t`;
}

/** Writes the log as the function's role, if that may; as on AWS, nobody hears of it otherwise. */
async function keep(standIn: StandIn, fn: FunctionRecord, hold: Hold, lines: readonly Line[]): Promise<void> {
  const { accountId, role, name, logGroup } = fn;
  const arn = `arn:aws:sts::${accountId}:assumed-role/${role.split('/').at(-1)}/${name}`;
  try {
    await standIn.services.logs.write(
      { accountId, arn, roleArn: role, tags: {} },
      logGroup,
      hold.stream,
      lines,
    );
  } catch (error) {
    if (!(error instanceof AwsError))
      standIn.log.error({ err: error, function: name }, 'The log of a function could not be written.');
  }
}
