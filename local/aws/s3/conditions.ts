import { AwsError } from '../core/service';
import type { S3Request } from './exchange';
import type { ObjectRecord } from './records';

/**
 * Evaluates the conditional headers: read the object, or respond with 304. Throws PreconditionFailed (RFC 9110,
 * 13.2.2).
 */
export function readCondition(s3: S3Request, object: ObjectRecord, prefix = ''): 'read' | 'not-modified' {
  const ifMatch = s3.header(`${prefix}if-match`);
  const ifNoneMatch = s3.header(`${prefix}if-none-match`);
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, object)) throw failed('If-Match');
  } else if (modifiedSince(s3.header(`${prefix}if-unmodified-since`), object) === true)
    throw failed('If-Unmodified-Since');
  if (ifNoneMatch !== undefined) return matches(ifNoneMatch, object) ? 'not-modified' : 'read';
  return modifiedSince(s3.header(`${prefix}if-modified-since`), object) === false ? 'not-modified' : 'read';
}

/** Returns a check for the conditional headers of an upload: it throws unless `existing` may be replaced. */
export function checkWrite(s3: S3Request): (existing: ObjectRecord | undefined) => void {
  const ifMatch = s3.header('if-match');
  const ifNoneMatch = s3.header('if-none-match');
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
    throw new AwsError('NotImplemented', 'If-None-Match of a write can only be *.', 501);
  }
  return (existing) => {
    if (ifNoneMatch !== undefined && existing) throw failed('If-None-Match');
    if (ifMatch === undefined) return;
    if (!existing) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
    if (!matches(ifMatch, existing)) throw failed('If-Match');
  };
}

const failed = (condition: string): AwsError =>
  new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412, {
    Condition: condition,
  });

function matches(header: string, object: ObjectRecord): boolean {
  const tags = header.split(',').map((tag) => tag.trim().replace(/^W\//, '').replace(/^"|"$/g, ''));
  return tags.includes('*') || tags.includes(object.etag);
}

/** Null when the header is missing or not a date. Dates in headers have whole seconds. */
function modifiedSince(header: string | undefined, object: ObjectRecord): boolean | null {
  const since = header === undefined ? Number.NaN : Date.parse(header);
  return Number.isNaN(since) ? null : Math.floor(object.modifiedAt / 1000) * 1000 > since;
}

/** The bytes that a Range header requests, both ends inclusive; null for all. Throws InvalidRange. */
export function parseRange(
  header: string | undefined,
  size: number,
): { readonly start: number; readonly end: number } | null {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? [];
  if (first === '' && last === '') return null;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== '' && last !== '' && Number(last) < start) return null;
  if (start >= size || (first === '' && Number(last) === 0)) {
    throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416, {
      ActualObjectSize: size,
    });
  }
  return { start, end };
}
