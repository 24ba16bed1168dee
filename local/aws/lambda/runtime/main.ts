import dns from 'node:dns';
import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';

// The Node.js runtime of a function: it loads the handler and works for the Runtime API until its process is ended.

/** What the process is told first. */
export interface RuntimeOrder {
  /** Folder of the function's code. */
  readonly taskRoot: string;
  /** `<file without ending>.<export>` */
  readonly handler: string;
  /** All variables that the function sees. */
  readonly environment: Readonly<Record<string, string>>;
  /** Begins the line after the last of an invocation's. */
  readonly mark: string;
}

type Handler = (event: unknown, context: object, callback: Callback) => unknown;
type Callback = (error?: unknown, result?: unknown) => void;

interface Answer {
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

let requestId = 'undefined';
let mark = '';
/** Ends the invocation that runs now; null between two. */
let settle: ((error: unknown, result: unknown) => void) | null = null;

function call(method: string, path: string, body?: string): Promise<Answer> {
  const { AWS_LAMBDA_RUNTIME_API: api } = process.env;
  return new Promise((resolve, reject) => {
    const sent = request(`http://${api}/2018-06-01/runtime${path}`, { method, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ body: text, headers: response.headers }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    if (body !== undefined) {
      sent.setHeader('content-type', 'application/json');
      sent.setHeader('annex-max-rss-kb', String(process.resourceUsage().maxRSS));
    }
    sent.end(body);
  });
}

/** As Lambda describes an error to whoever invoked. */
function described(error: unknown): string {
  if (error instanceof Error) {
    const trace = (error.stack ?? '').split('\n');
    return JSON.stringify({ errorType: error.name, errorMessage: error.message, trace });
  }
  return JSON.stringify({ errorType: typeof error, errorMessage: String(error), trace: [] });
}

/** One event of the log in one line: line breaks inside it travel as carriage returns. */
const write = (text: string): void => void process.stdout.write(`${text.replace(/\r?\n/g, '\r')}\n`);

function log(level: string, ...words: unknown[]): void {
  write(`${new Date().toISOString()}\t${requestId}\t${level}\t${format(...words)}`);
}

function patchConsole(): void {
  console.log = console.info = (...words) => log('INFO', ...words);
  console.debug = (...words) => log('DEBUG', ...words);
  console.trace = (...words) => log('TRACE', ...words);
  console.warn = (...words) => log('WARN', ...words);
  console.error = (...words) => log('ERROR', ...words);
}

class RuntimeError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

async function load({ taskRoot, handler }: RuntimeOrder): Promise<Handler> {
  const [, file = '', name = ''] = /^([^.]*)\.(.+)$/.exec(basename(handler)) ?? [];
  const stem = join(taskRoot, dirname(handler), file);
  if (file === '' || !`${stem}/`.startsWith(`${taskRoot}/`))
    throw new RuntimeError('Runtime.MalformedHandlerName', 'Bad handler');
  const path = [`${stem}.js`, `${stem}.mjs`, `${stem}.cjs`].find((each) => existsSync(each));
  if (!path)
    throw new RuntimeError('Runtime.ImportModuleError', `Error: Cannot find module '${basename(stem)}'`);
  let found = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  const [first = ''] = name.split('.');
  if (!(first in found) && found.default) found = found.default as Record<string, unknown>;
  const value = name.split('.').reduce<unknown>((at, piece) => Object(at)[piece], found);
  if (typeof value === 'function') return value as Handler;
  const what = value === undefined ? 'is undefined or not exported' : 'is not a function';
  throw new RuntimeError('Runtime.HandlerNotFound', `${handler} ${what}`);
}

function contextOf({ headers }: Answer, done: Callback): object {
  const { env } = process;
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: requestId,
    getRemainingTimeInMillis: () => deadline - Date.now(),
    done,
    succeed: (result: unknown) => done(null, result),
    fail: (error: unknown) => done(error ?? 'handled'),
  };
}

/** What the handler says of one event, by its promise or its callback, or null once nothing is left to do. */
function run(handler: Handler, event: Answer): Promise<unknown> {
  return new Promise((resolve, reject) => {
    settle = (error, result) => {
      settle = null;
      if (error === null || error === undefined) resolve(result);
      else reject(error);
    };
    const done: Callback = (error, result) => settle?.(error, result);
    const returned = handler(JSON.parse(event.body), contextOf(event, done), done);
    if (typeof (returned as PromiseLike<unknown> | null | undefined)?.then === 'function')
      (returned as PromiseLike<unknown>).then((result) => done(null, result), done);
  });
}

async function work(handler: Handler): Promise<never> {
  for (;;) {
    const event = await call('GET', '/invocation/next');
    requestId = String(event.headers['lambda-runtime-aws-request-id']);
    process.env._X_AMZN_TRACE_ID = String(event.headers['lambda-runtime-trace-id'] ?? '');
    let answer: { readonly kind: 'response' | 'error'; readonly body: string };
    try {
      const result = await run(handler, event);
      answer = { kind: 'response', body: JSON.stringify(result === undefined ? null : result) };
    } catch (error) {
      const body = described(error instanceof Error || typeof error === 'string' ? error : Object(error));
      write(`${new Date().toISOString()}\t${requestId}\tERROR\tInvoke Error \t${body}`);
      answer = { kind: 'error', body };
    }
    settle = null;
    write(`${mark}${requestId}`);
    await call('POST', `/invocation/${requestId}/${answer.kind}`, answer.body);
  }
}

/** An error that nobody catches ends the process, and the invocation with it. */
async function crash(kind: string, error: unknown): Promise<never> {
  const body = described(error);
  write(`${new Date().toISOString()}\t${requestId}\tERROR\t${kind} \t${body}`);
  if (settle) {
    write(`${mark}${requestId}`);
    await call('POST', `/invocation/${requestId}/error`, body).catch(() => undefined);
  }
  process.exit(129);
}

/** Names below localhost, such as a bucket's, are this machine on every machine. */
function findLocalNames(): void {
  const { lookup } = dns;
  const local = (name: string, ...more: unknown[]) =>
    Reflect.apply(lookup, dns, [name.endsWith('.localhost') ? 'localhost' : name, ...more]);
  dns.lookup = Object.assign(local, lookup) as typeof dns.lookup;
}

async function begin(order: RuntimeOrder): Promise<void> {
  // The channel must not keep an invocation that has nothing left to do from ending.
  process.channel?.unref();
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, order.environment);
  mark = order.mark;
  process.chdir(order.taskRoot);
  patchConsole();
  findLocalNames();
  process.on('uncaughtException', (error) => void crash('Uncaught Exception', error));
  process.on('unhandledRejection', (reason) => {
    void crash(
      'Unhandled Promise Rejection',
      new RuntimeError('Runtime.UnhandledPromiseRejection', String(reason)),
    );
  });
  process.on('beforeExit', () => settle?.(null, null));
  const handler = await load(order).catch(async (error: unknown) => {
    const syntax = error instanceof SyntaxError;
    const body = described(
      syntax ? new RuntimeError('Runtime.UserCodeSyntaxError', `SyntaxError: ${error.message}`) : error,
    );
    write(`${new Date().toISOString()}\tundefined\tERROR\tUncaught Exception \t${body}`);
    await call('POST', '/init/error', body).catch(() => undefined);
    process.exit(1);
  });
  await work(handler);
}

process.once('disconnect', () => process.exit(0));
process.once('message', (order: RuntimeOrder) => {
  begin(order).catch(() => process.exit(1));
});
