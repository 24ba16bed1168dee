import type { IncomingMessage, ServerResponse } from 'node:http';
import { PassThrough, type Readable, type Transform } from 'node:stream';
import { AwsError, type Payload } from '@/local/aws/core/service';
import { ChunkedDecoder, HashCheck } from './chunked';
import { type Signature, unsignedPayload } from './sigv4';

/** The protection of the body that S3's `x-amz-content-sha256` declares. */
export type PayloadCoding = 'unsigned' | 'hashed' | 'chunks-unsigned' | 'chunks-signed';

/** Throws InvalidRequest for a value that is neither a hash nor a SigV4 keyword. */
export function payloadCoding(declared: string): PayloadCoding {
  if (declared === unsignedPayload) return 'unsigned';
  if (/^[0-9a-fA-F]{64}$/.test(declared)) return 'hashed';
  if (declared === 'STREAMING-UNSIGNED-PAYLOAD-TRAILER') return 'chunks-unsigned';
  if (/^STREAMING-AWS4-HMAC-SHA256-PAYLOAD(-TRAILER)?$/.test(declared)) return 'chunks-signed';
  throw new AwsError('InvalidRequest', `x-amz-content-sha256 cannot be '${declared}'.`);
}

/**
 * The body of `request`, decoded and checked while it is read. Before `body` is called, nothing is read and no `100
 * Continue` is sent.
 */
export class RequestPayload implements Payload {
  private stream: Transform | null = null;

  constructor(
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
    private readonly declared: string,
    private readonly signing: { readonly signature: Signature; readonly secret: string } | null,
    private readonly expectsContinue: boolean,
  ) {}

  get length(): number | null {
    const chunked = payloadCoding(this.declared).startsWith('chunks');
    const header = this.request.headers[chunked ? 'x-amz-decoded-content-length' : 'content-length'];
    const length = Number(header);
    return header === undefined || !Number.isSafeInteger(length) || length < 0 ? null : length;
  }

  get body(): Readable {
    this.stream ??= this.open();
    return this.stream;
  }

  trailers(): Readonly<Record<string, string>> {
    return this.stream instanceof ChunkedDecoder ? this.stream.trailers : {};
  }

  /** True while the client still waits for `100 Continue`: the connection cannot be reused then. */
  get unanswered(): boolean {
    return this.expectsContinue && this.stream === null;
  }

  private open(): Transform {
    const stream = this.decoder();
    const { request } = this;
    // Not `pipeline`: after a failure here, the connection must stay open for the response.
    request.once('aborted', () => stream.destroy(new AwsError('IncompleteBody', 'The client went away.')));
    request.once('error', (error) => stream.destroy(error));
    stream.once('close', () => {
      request.unpipe(stream);
      request.resume();
    });
    if (this.expectsContinue) this.response.writeContinue();
    return request.pipe(stream);
  }

  private decoder(): Transform {
    switch (payloadCoding(this.declared)) {
      case 'unsigned':
        return new PassThrough();
      case 'hashed':
        return new HashCheck(this.declared);
      case 'chunks-unsigned':
        return new ChunkedDecoder(null);
      case 'chunks-signed':
        return new ChunkedDecoder(this.signing);
    }
  }
}
