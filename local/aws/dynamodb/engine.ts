import { EventEmitter } from 'node:events';
import dynalite from 'dynalite';
import { AwsError } from '../core/service';

/** Executes DynamoDB requests that are already authorised. */
export interface Engine {
  /** Throws AwsError as DynamoDB would. */
  call(operation: string, input: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

const timeoutMs = 20_000;

/**
 * Starts dynalite on its files in `path`. Dynalite does not authorise, so it is reachable only through `call`, which
 * passes requests to it without a network.
 */
export async function startEngine(path: string, accountId: string, region: string): Promise<Engine> {
  const server = withIdentity(accountId, region, () =>
    dynalite({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 }),
  );
  const [handle] = server.listeners('request');
  if (!handle) throw new Error('dynalite has no request handler.');
  server.removeAllListeners('request');
  // Dynalite closes its store only with a server that has listened.
  server.on('request', (_, response) => response.writeHead(403).end());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    call: (operation, input) =>
      hand((request, response) => handle.call(server, request, response), operation, input),
    close: () =>
      new Promise<void>((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
      }),
  };
}

/** Dynalite reads the account and region for its ARNs from the environment, once. */
function withIdentity<T>(accountId: string, region: string, make: () => T): T {
  const { AWS_ACCOUNT_ID, AWS_REGION } = process.env;
  Object.assign(process.env, { AWS_ACCOUNT_ID: accountId, AWS_REGION: region });
  try {
    return make();
  } finally {
    for (const [name, value] of Object.entries({ AWS_ACCOUNT_ID, AWS_REGION })) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

/** The parts of a request that dynalite reads. */
class EngineRequest extends EventEmitter {
  readonly method = 'POST';
  readonly url = '/';
  readonly headers: Readonly<Record<string, string>>;

  constructor(operation: string) {
    super();
    this.headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      'x-amz-date': '20200101T000000Z',
      authorization: 'AWS4-HMAC-SHA256 Credential=engine, SignedHeaders=host, Signature=none',
    };
  }
}

/** The parts of a response that dynalite writes. */
interface EngineResponse {
  statusCode: number;
  setHeader(): void;
  end(body?: string): void;
}

async function hand(
  handle: (request: EngineRequest, response: EngineResponse) => void,
  operation: string,
  input: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const { status, body } = await new Promise<{ status: number; body: string }>((resolve, reject) => {
    const request = new EngineRequest(operation);
    // When dynalite throws in one of its own callbacks, it never responds.
    const timer = setTimeout(() => reject(unanswered()), timeoutMs);
    const response: EngineResponse = {
      statusCode: 200,
      setHeader: () => undefined,
      end(text = '') {
        clearTimeout(timer);
        resolve({ status: this.statusCode, body: text });
      },
    };
    try {
      handle(request, response);
      request.emit('data', Buffer.from(JSON.stringify(input)));
      // Here dynalite parses and validates. It throws on some input that DynamoDB refuses.
      request.emit('end');
    } catch (error) {
      clearTimeout(timer);
      reject(error instanceof TypeError ? malformed(error) : error);
    }
  });
  const answer = JSON.parse(body || '{}') as Record<string, unknown>;
  if (status === 200) return answer;
  throw failure(answer, status);
}

const unanswered = (): AwsError =>
  new AwsError('InternalServerError', 'The DynamoDB engine did not answer.', 500);
const malformed = (error: Error): AwsError =>
  new AwsError('SerializationException', `The request has a value of the wrong type: ${error.message}`);

function failure(answer: Record<string, unknown>, status: number): AwsError {
  const { __type: type, message, Message, ...detail } = answer;
  const code = String(type ?? 'InternalServerError').replace(/^.*#/, '');
  return new AwsError(code, String(message ?? Message ?? ''), status, detail);
}
