import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { answer, type Container, Refusal } from './container';

/** More than SageMaker lets through, so that the server's own limit never refuses a request. */
const maxBodyBytes = 64 * 1024 * 1024;

/** SageMaker's contract with a container: `GET /ping` and `POST /invocations`. */
export function containerServer(container: Container): Server {
  const server = createServer({ keepAliveTimeout: 75_000, requestTimeout: 0 }, (request, response) => {
    handle(container, request, response).catch((error: unknown) => fail(response, error));
  });
  server.on('clientError', (_, socket) => socket.destroy());
  return server;
}

async function handle(
  container: Container,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // A page of a browser that renames its own host to this address reads no answers.
  if (request.headers.host !== `127.0.0.1:${request.socket.localPort}`) {
    return answer(response, 'text/plain', 'Not the host of this server', 403);
  }
  const route = `${request.method} ${request.url}`;
  if (route === 'GET /ping') return answer(response, 'text/plain', '');
  if (route !== 'POST /invocations') return answer(response, 'text/plain', 'Not found', 404);
  const body = await readAll(request);
  const contentType = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const accept = request.headers.accept ?? '*/*';
  await container.invoke({ contentType, accept, body, request }, response);
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) throw new Refusal(413, `A request carries at most ${maxBodyBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (error instanceof Refusal) {
    answer(response, 'text/plain', error.message, error.status);
    return;
  }
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  answer(response, 'text/plain', 'Internal Server Error', 500);
}
