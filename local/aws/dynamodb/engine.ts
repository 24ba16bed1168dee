import { randomBytes } from 'node:crypto';
import { Agent, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import { AwsError } from '../service';

/** Executes DynamoDB requests for whoever was authorised. */
export interface Engine {
  /** Throws AwsError as DynamoDB would. */
  call(operation: string, input: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

const secretHeader = 'x-annex-engine';

/** Starts dynalite on its files in `path`. Its port answers this process alone: it has no authorisation of its own. */
export async function startEngine(path: string, accountId: string, region: string): Promise<Engine> {
  const secret = randomBytes(24).toString('hex');
  const server = withIdentity(accountId, region, () =>
    dynalite({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 }),
  );
  guard(server, secret);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const agent = new Agent({ keepAlive: true });
  const { port } = server.address() as AddressInfo;
  return {
    call: (operation, input) => send({ agent, port, secret }, operation, input),
    close: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise<void>((resolve, reject) =>
        server.close((error) => (error ? reject(error) : resolve())),
      );
    },
  };
}

/** dynalite takes the account and region of its ARNs from the environment, once. */
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

function guard(server: Server, secret: string): void {
  const handlers = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', (incoming, response: ServerResponse) => {
    if (incoming.headers[secretHeader] !== secret) {
      response.writeHead(403).end();
      return;
    }
    for (const handler of handlers) handler.call(server, incoming, response);
  });
}

function send(
  to: { readonly agent: Agent; readonly port: number; readonly secret: string },
  operation: string,
  input: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const body = JSON.stringify(input);
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': Buffer.byteLength(body),
    'x-amz-target': `DynamoDB_20120810.${operation}`,
    'x-amz-date': '20200101T000000Z',
    authorization: 'AWS4-HMAC-SHA256 Credential=engine, SignedHeaders=host, Signature=none',
    [secretHeader]: to.secret,
  };
  return new Promise((resolve, reject) => {
    const call = request({ agent: to.agent, host: '127.0.0.1', port: to.port, method: 'POST', headers });
    call.once('error', reject);
    call.once('response', async (response) => {
      try {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk as Buffer);
        const answer = JSON.parse(Buffer.concat(chunks).toString() || '{}') as Record<string, unknown>;
        if (response.statusCode === 200) resolve(answer);
        else reject(failure(answer, response.statusCode ?? 500));
      } catch (error) {
        reject(error);
      }
    });
    call.end(body);
  });
}

function failure(answer: Record<string, unknown>, status: number): AwsError {
  const { __type: type, message, Message, ...detail } = answer;
  const code = String(type ?? 'InternalServerError').replace(/^.*#/, '');
  return new AwsError(code, String(message ?? Message ?? ''), status, detail);
}
