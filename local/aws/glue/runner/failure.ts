/** Why an extract failed, in a sentence for the person who asked for it. It never holds a value of a row. */
export class ExtractFailure extends Error {
  /** True when the same run may succeed if it is started again at once. */
  readonly passing: boolean;
  /** True when the replica is away or behind: the same run may succeed once it is back. */
  readonly outage: boolean;
  /** True when another run of the same request wrote what this one was to write. */
  readonly overtaken: boolean;

  constructor(
    sentence: string,
    options: {
      readonly passing?: boolean;
      readonly outage?: boolean;
      readonly overtaken?: boolean;
      readonly cause?: unknown;
    } = {},
  ) {
    super(sentence, { cause: options.cause });
    this.name = 'ExtractFailure';
    this.passing = options.passing ?? false;
    this.outage = options.outage ?? false;
    this.overtaken = options.overtaken ?? false;
  }
}

/** A code or name of `error` that may be shown: no message, which can quote a row. */
export function codeOf(error: unknown): string {
  const { code, name } = Object(error) as { code?: unknown; name?: unknown };
  if (typeof code === 'string') return code;
  return typeof name === 'string' ? name : 'unknown error';
}

const statementClasses: Readonly<Record<string, string>> = {
  '22': 'a value does not fit its type',
  '26': 'it is not a single SELECT',
  '42': 'it does not match the tables',
};

/** The failure that `error` of PostgreSQL, or of the connection to it, comes to. */
export function replicaFailure(error: unknown): ExtractFailure {
  if (error instanceof ExtractFailure) return error;
  const code = codeOf(error);
  const failure = (sentence: string, passing = false) =>
    new ExtractFailure(sentence, { passing, cause: error });
  if (code === '57014') return failure('The query exceeded its time limit on the replica.');
  if (code === '40001' || code === '40P01') {
    return failure('The replica cancelled the query to keep up with the primary.', true);
  }
  if (code === '53100' || code === '58030') return failure('The replica’s disk is full.');
  const away = (sentence: string) => new ExtractFailure(sentence, { outage: true, cause: error });
  if (code === '53300') return away('The replica has no free connections.');
  if (code.startsWith('28')) return failure('The replica rejected the job’s credentials.');
  const reason = statementClasses[code.slice(0, 2)];
  if (/^[0-9A-Z]{5}$/.test(code) && !code.startsWith('57') && !code.startsWith('08')) {
    return failure(`The replica rejected the query (${code})${reason ? `: ${reason}` : ''}.`);
  }
  return away(`The replica does not respond (${code}).`);
}

/** The failure that `error` of S3 comes to while the job did `what` in `bucket`. */
export function storeFailure(error: unknown, bucket: string, what: string): ExtractFailure {
  if (error instanceof ExtractFailure) return error;
  const code = codeOf(error);
  const failure = (sentence: string) => new ExtractFailure(sentence, { cause: error });
  if (code === 'NoSuchBucket') return failure(`The bucket ${bucket} does not exist.`);
  if (/AccessDenied|Forbidden|^403$/.test(code)) {
    return failure(`S3 denied permission to ${what} in the bucket ${bucket} (AccessDenied).`);
  }
  if (code === 'PreconditionFailed' || code === 'NoSuchUpload') {
    const sentence = 'Another run is writing the same extract.';
    return new ExtractFailure(sentence, { overtaken: true, cause: error });
  }
  if (code === 'InsufficientStorage') return failure('The object store’s disk is full.');
  return failure(`S3 could not ${what} in the bucket ${bucket} (${code}).`);
}

/** The failure that `error` of STS comes to. */
export function roleFailure(error: unknown, roleArn: string): ExtractFailure {
  const code = codeOf(error);
  return new ExtractFailure(
    code === 'AccessDenied'
      ? `The role ${roleArn} does not trust the job for this tenant.`
      : `The job could not assume the role ${roleArn} (${code}).`,
    { cause: error },
  );
}
