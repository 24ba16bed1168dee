import type { ServerResponse } from 'node:http';

/** Headers that a function does not set: those of the connection, and the one that keeps a browser from running what it sends. */
const kept = /^(content-length|transfer-encoding|connection|content-security-policy)$/i;

/** A response of API Gateway itself, e.g. 404 with `{"message":"Not Found"}`. */
export function sendMessage(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) return void response.destroy();
  const text = JSON.stringify({ message });
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

/**
 * Sends what a function answered in format 2.0: an object with `statusCode`, or anything else as the JSON body of a 200. False
 * when it is neither; nothing is sent then.
 */
export function sendResult(response: ServerResponse, payload: Buffer): boolean {
  const result = parsed(payload);
  if (result === undefined) return false;
  const structured = typeof result === 'object' && result !== null && 'statusCode' in result;
  const given: Record<string, unknown> = structured
    ? (result as Record<string, unknown>)
    : { statusCode: 200, body: typeof result === 'string' ? result : JSON.stringify(result) };
  const status = Number(given.statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599) return false;
  const body = given.body === undefined || given.body === null ? '' : given.body;
  if (typeof body !== 'string') return false;
  const bytes = Buffer.from(body, given.isBase64Encoded === true ? 'base64' : 'utf8');
  try {
    response.setHeader('content-type', structured ? 'text/plain;charset=utf-8' : 'application/json');
    for (const [name, value] of Object.entries(Object(given.headers)))
      if (!kept.test(name)) response.setHeader(name, String(value));
    const cookies = Array.isArray(given.cookies) ? given.cookies.map(String) : [];
    if (cookies.length > 0) response.setHeader('set-cookie', cookies);
    if (status !== 204 && status !== 304) response.setHeader('content-length', bytes.length);
  } catch {
    // A header that HTTP does not allow.
    for (const name of response.getHeaderNames()) if (name !== 'apigw-requestid') response.removeHeader(name);
    return false;
  }
  response.writeHead(status);
  response.end(status === 204 || status === 304 ? undefined : bytes);
  return true;
}

function parsed(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString());
  } catch {
    return undefined;
  }
}
