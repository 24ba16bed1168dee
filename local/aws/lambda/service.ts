import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { AwsError, type Caller, type HttpService, type StandIn } from '../core/service';
import type { Functions } from '../core/services';
import { createCodeStore } from './code';
import { createEnvironments } from './environments';
import { createEventQueue } from './events';
import { functionOperations, nameOf } from './functions';
import { checkActive, invokeFunction } from './invoke';
import { permits } from './permissions';
import { type FunctionRecord, functionArn, functionStore, notFound } from './record';
import { type Call, lambdaCall } from './routes';

/** Lambda's limits of a payload, bytes. */
const maxPayloadBytes = 6_291_456;
const maxEventBytes = 1_048_576;
/** Lambda's real time is not told; a warm environment stays for some minutes. */
const warmMs = 5 * 60_000;

type Input = Record<string, unknown>;

/** Lambda: functions of Node.js from a zip, each environment a process of its own. Also `Functions`. */
export function createLambda(standIn: StandIn, dir: string, idleMs = warmMs): HttpService & Functions {
  const functions = functionStore(standIn);
  const code = createCodeStore(standIn, dir);
  const environments = createEnvironments(standIn, functions, code, { dir, idleMs });
  const operations = functionOperations({ standIn, functions, code, environments });
  const run = (fn: FunctionRecord, requestId: string, payload: Buffer) =>
    invokeFunction(standIn, environments, fn, requestId, payload);
  const events = createEventQueue(standIn, functions, run);

  const operate = async (name: string, input: Input, caller: Caller, owner?: string): Promise<object> => {
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (!operation) throw new AwsError('UnknownOperationException', `lambda.${name} is not here.`, 404);
    return operation(input, caller, owner);
  };

  async function invoke(
    { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
    call: Call,
    caller: Caller,
    requestId: string,
    body: Buffer,
  ): Promise<void> {
    const name = nameOf(standIn, call.input, caller);
    const arn = functionArn(standIn, caller.accountId, name);
    standIn.authorize(caller, 'lambda:InvokeFunction', arn);
    const fn = await functions.find(caller.accountId, name);
    if (!fn) throw notFound(arn);
    const type = String(request.headers['x-amz-invocation-type'] ?? 'RequestResponse');
    if (!['RequestResponse', 'Event', 'DryRun'].includes(type))
      throw new AwsError('InvalidParameterValueException', `Invocation type ${type} is not Lambda's.`);
    const payload = payloadOf(body, type);
    response.setHeader('x-amzn-requestid', requestId);
    if (type === 'DryRun') return void response.writeHead(204).end();
    checkActive(fn);
    if (type === 'Event') {
      await events.send(fn, requestId, payload);
      return void response.writeHead(202, { 'content-length': 0 }).end();
    }
    const outcome = await run(fn, requestId, payload);
    if (outcome.error !== null) response.setHeader('x-amz-function-error', outcome.error);
    if (request.headers['x-amz-log-type'] === 'Tail')
      response.setHeader('x-amz-log-result', Buffer.from(outcome.log).subarray(-4096).toString('base64'));
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': outcome.payload.length,
      'x-amz-executed-version': '$LATEST',
    });
    response.end(outcome.payload);
  }

  return {
    name: 'lambda',
    async handle(request, response, caller, requestId, payload) {
      if (!caller || !payload)
        throw new AwsError('AccessDeniedException', 'Missing Authentication Token', 403);
      const call = lambdaCall(request.method ?? '', request.url ?? '/');
      if (!call) throw new AwsError('UnknownOperationException', 'This operation is not here.', 404);
      const body = await buffer(payload.body);
      if (call.operation === 'Invoke') return invoke({ request, response }, call, caller, requestId, body);
      const answer = await operate(call.operation, { ...bodyOf(body), ...call.input }, caller);
      const text = call.status === 204 ? '' : JSON.stringify(answer);
      response.writeHead(call.status, { 'content-type': 'application/json', 'x-amzn-requestid': requestId });
      response.end(text);
    },
    call: operate,
    async invokeAs(source, functionName, requestId, payload) {
      const fn = await functions.find(source.accountId, functionName);
      if (!fn || !permits(fn, source))
        throw new AwsError('AccessDeniedException', `${source.arn} may not invoke ${functionName}.`, 403);
      checkActive(fn);
      return run(fn, requestId, payload);
    },
    async start() {
      const all = await functions.list();
      await code.keepOnly(all.map((fn) => fn.code));
      const lost = all
        .filter((fn) => code.path(fn.code) === null)
        .map(({ accountId, name }) => `${accountId}/${name}`);
      if (lost.length > 0)
        standIn.log.error(
          { lost },
          `${join(dir, 'code')} lacks the code of ${lost.length} of ${all.length} functions: ${lost.slice(0, 5).join(', ')}. Invoking them fails until their code is updated.`,
        );
      await environments.start();
      await events.start();
    },
    async stop() {
      // Together: the deliveries that run know that they are interrupted, and end with their environments.
      await Promise.all([events.stop(), environments.stop()]);
    },
  };
}

function bodyOf(body: Buffer): Input {
  let input: unknown = null;
  try {
    input = body.length === 0 ? {} : JSON.parse(body.toString());
  } catch {
    // Refused below.
  }
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input as Input;
  throw new AwsError('SerializationException', 'The body is not a JSON object.');
}

function payloadOf(body: Buffer, type: string): Buffer {
  const limit = type === 'Event' ? maxEventBytes : maxPayloadBytes;
  if (body.length > limit)
    throw new AwsError(
      'RequestTooLargeException',
      `${body.length} byte payload is too large for the ${type} invocation type (limit ${limit} bytes)`,
      413,
      { Type: 'User' },
    );
  if (body.length === 0) return Buffer.from('{}');
  try {
    JSON.parse(body.toString());
    return body;
  } catch (error) {
    throw new AwsError(
      'InvalidRequestContentException',
      `Could not parse request body into json: ${(error as Error).message}`,
      400,
      { Type: 'User' },
    );
  }
}
