import { createHash, type Hash } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';
import { AwsError } from '@/local/aws/core/service';
import { hmac, type Signature, sameText, sha256, signingKey } from './sigv4';

const maxLineBytes = 16 * 1024;
const emptyHash = sha256('');

export interface ChunkSigning {
  readonly signature: Signature;
  readonly secret: string;
}

/**
 * Decodes an `aws-chunked` body and, with `signing`, checks the signatures of the chunks and of the trailer. Destroys
 * itself with an AwsError when the body is cut short, malformed or not what was signed. Source: S3 API reference,
 * "Signature calculations … transferring payload in multiple chunks", with and without trailers.
 */
export class ChunkedDecoder extends Transform {
  readonly trailers: Record<string, string> = {};
  private state: 'size' | 'data' | 'after-data' | 'trailer' | 'end' = 'size';
  private line: Buffer = Buffer.alloc(0);
  private left = 0;
  private chunkHash: Hash = createHash('sha256');
  private chunkSignature = '';
  private previous: string;
  private readonly key: Buffer | null;

  constructor(private readonly signing: ChunkSigning | null) {
    super();
    this.previous = signing?.signature.signature ?? '';
    this.key = signing ? signingKey(signing.secret, signing.signature) : null;
  }

  override _transform(data: Buffer, _: BufferEncoding, done: TransformCallback): void {
    try {
      let rest = data;
      while (rest.length > 0) rest = this.state === 'data' ? this.takeData(rest) : this.takeLine(rest);
      done();
    } catch (error) {
      done(error as Error);
    }
  }

  override _flush(done: TransformCallback): void {
    // Some clients omit the last empty line after the trailers.
    if (this.state === 'trailer' && this.line.length === 0) this.finish(done);
    else if (this.state === 'end') done();
    else done(new AwsError('IncompleteBody', 'The request body terminated unexpectedly.'));
  }

  private finish(done: TransformCallback): void {
    try {
      this.checkTrailers();
      done();
    } catch (error) {
      done(error as Error);
    }
  }

  private takeData(data: Buffer): Buffer {
    const part = data.subarray(0, this.left);
    this.left -= part.length;
    if (this.key) this.chunkHash.update(part);
    this.push(part);
    if (this.left === 0) {
      this.checkChunk();
      this.state = 'after-data';
    }
    return data.subarray(part.length);
  }

  private takeLine(data: Buffer): Buffer {
    const at = data.indexOf(0x0a);
    const piece = at < 0 ? data : data.subarray(0, at);
    if (this.line.length + piece.length > maxLineBytes) throw malformed('a line is too long');
    this.line = Buffer.concat([this.line, piece]);
    if (at < 0) return data.subarray(data.length);
    const line = this.line.toString('latin1').replace(/\r$/, '');
    this.line = Buffer.alloc(0);
    this.onLine(line);
    return data.subarray(at + 1);
  }

  private onLine(line: string): void {
    if (this.state === 'size') this.onSize(line);
    else if (this.state === 'after-data') {
      if (line !== '') throw malformed('a chunk is longer than it says');
      this.state = 'size';
    } else if (this.state === 'trailer') {
      if (line === '') {
        this.checkTrailers();
        this.state = 'end';
        return;
      }
      const at = line.indexOf(':');
      if (at < 1) throw malformed('a trailer has no colon');
      this.trailers[line.slice(0, at).trim().toLowerCase()] = line.slice(at + 1).trim();
    } else if (line !== '') throw malformed('bytes follow the last chunk');
  }

  private onSize(line: string): void {
    const [size = '', ...extensions] = line.split(';');
    if (!/^[0-9a-fA-F]{1,12}$/.test(size)) throw malformed('a chunk has no size');
    this.left = Number.parseInt(size, 16);
    this.chunkSignature = extensions.find((text) => text.startsWith('chunk-signature='))?.slice(16) ?? '';
    this.chunkHash = createHash('sha256');
    if (this.left > 0) {
      this.state = 'data';
      return;
    }
    this.checkChunk();
    this.state = 'trailer';
  }

  private checkChunk(): void {
    this.expect(
      'AWS4-HMAC-SHA256-PAYLOAD',
      `${emptyHash}\n${this.chunkHash.digest('hex')}`,
      this.chunkSignature,
    );
  }

  private checkTrailers(): void {
    const given = this.trailers['x-amz-trailer-signature'];
    delete this.trailers['x-amz-trailer-signature'];
    const lines = Object.entries(this.trailers).map(([name, value]) => `${name}:${value}\n`);
    if (given === undefined && lines.length === 0) return;
    this.expect('AWS4-HMAC-SHA256-TRAILER', sha256(lines.join('')), given ?? '');
  }

  private expect(kind: string, hashes: string, given: string): void {
    if (!this.key || !this.signing) return;
    const { time, scope } = this.signing.signature;
    const expected = hmac(this.key, [kind, time, scope, this.previous, hashes].join('\n')).toString('hex');
    if (!sameText(expected, given)) {
      throw new AwsError('SignatureDoesNotMatch', 'A chunk of the body is not what was signed.', 403);
    }
    this.previous = expected;
  }
}

/** Passes a body through. Fails at its end unless its SHA-256 is `expected` (hex). */
export class HashCheck extends Transform {
  private readonly hash = createHash('sha256');

  constructor(private readonly expected: string) {
    super();
  }

  override _transform(data: Buffer, _: BufferEncoding, done: TransformCallback): void {
    this.hash.update(data);
    done(null, data);
  }

  override _flush(done: TransformCallback): void {
    const same = sameText(this.hash.digest('hex'), this.expected.toLowerCase());
    done(
      same
        ? null
        : new AwsError(
            'XAmzContentSHA256Mismatch',
            "The provided 'x-amz-content-sha256' header does not match what was computed.",
          ),
    );
  }
}

const malformed = (what: string): AwsError =>
  new AwsError('InvalidRequest', `The aws-chunked body is malformed: ${what}.`);
