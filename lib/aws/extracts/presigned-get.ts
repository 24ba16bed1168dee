import type { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AnnexError } from '@/lib/errors';

/** As much of a request of the SDK's as its address is made of. */
interface SdkRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>> | undefined;
  headers: Record<string, string>;
}

interface Presigner {
  presign(request: SdkRequest, options: { readonly expiresIn: number }): Promise<SdkRequest>;
}

/**
 * An address that does `command` for whoever has it, for `seconds` from now: the SDK builds the request, its own signer signs
 * it in the query (Signature Version 4, "Authenticating Requests: Using Query Parameters"), and nothing is sent. Never store,
 * log or cache it.
 */
export async function presignedGet(
  client: S3Client,
  command: GetObjectCommand,
  seconds: number,
): Promise<string> {
  const signer: unknown = await client.config.signer();
  if (!isPresigner(signer)) throw new Error('The signer of the S3 client cannot presign.');
  let address: string | null = null;
  command.middlewareStack.addRelativeTo(
    () => async (args: { readonly input: object; readonly request?: unknown }) => {
      const { request } = args;
      if (!isRequest(request)) throw new Error('The S3 client made no HTTP request.');
      // What the SDK adds for itself is not known to whoever opens the address.
      const { host = '' } = request.headers;
      request.headers = { host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
      address = addressOf(await signer.presign(request, { expiresIn: seconds }));
      return { response: {}, output: { $metadata: {} } };
    },
    {
      name: 'presignInsteadOfSending',
      relation: 'before',
      toMiddleware: 'awsAuthMiddleware',
      override: true,
    },
  );
  await client.send(command);
  if (address === null) throw new AnnexError('internal', 'The download could not be signed.');
  return address;
}

function isPresigner(value: unknown): value is Presigner {
  return typeof value === 'object' && value !== null && 'presign' in value;
}

function isRequest(value: unknown): value is SdkRequest {
  return typeof value === 'object' && value !== null && 'hostname' in value && 'headers' in value;
}

function addressOf({ protocol, hostname, port, path, query = {} }: SdkRequest): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value ?? ''].flat().map((each) => `${encoded(name)}=${encoded(each)}`),
  );
  return `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}?${pairs.join('&')}`;
}

/** As Signature Version 4 encodes (RFC 3986), which is stricter than encodeURIComponent. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
