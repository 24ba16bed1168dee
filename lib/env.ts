import { z } from 'zod';

const text = z.string().trim().min(1);
const url = z.url();

const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;

const schema = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  LOG_LEVEL: z.enum(logLevels).default('info'),
  /** Set only by the embedded start script: allows AWS and the issuer on loopback in production. */
  ANNEX_EMBEDDED: z.enum(['0', '1']).default('0'),
  /** The portal's public address. */
  NEXTAUTH_URL: url,
  NEXTAUTH_SECRET: z.string().min(32, 'needs at least 32 characters'),
  DATABASE_URL: url,
  /** A read replica, where extracts are previewed, estimated and read. */
  DATABASE_REPLICA_URL: url,
  COGNITO_ISSUER: url,
  /** Origin of the hosted UI. */
  COGNITO_DOMAIN: url,
  COGNITO_CLIENT_ID: text,
  COGNITO_CLIENT_SECRET: text,
  AWS_REGION: text,
  AWS_ENDPOINT_URL: url.optional(),
  /** `1` puts the bucket into the path, as S3-compatible stores need. */
  ANNEX_S3_PATH_STYLE: z.enum(['0', '1']).default('0'),
  ANNEX_WORKBENCH_TABLE: text,
  ANNEX_EXTRACTS_TABLE: text,
  /** Name of the Glue job that writes extracts. */
  ANNEX_EXTRACT_JOB: text,
  ANNEX_JOBS_QUEUE_URL: url,
  /** Receives Control Tower's events from EventBridge. */
  ANNEX_EVENTS_QUEUE_URL: url,
  /** Role in the portal's account that Annex assumes with the session tag `TenantId`. */
  ANNEX_TENANT_ROLE_ARN: text,
  /** Name of the role that the baseline creates in each tenant's account. */
  ANNEX_TENANT_ACCOUNT_ROLE: text,
  ANNEX_STACK_SET: text,
  /** Organizational unit of new accounts. */
  ANNEX_ML_OU: text,
  /** E-mail address of a new account; `{tenant}` stands for the tenant's id. */
  ANNEX_ACCOUNT_EMAIL: text.includes('{tenant}'),
  /** The address that Annex sends mail from; Amazon SES has verified it. */
  ANNEX_MAIL_FROM: z.email(),
  /** Who may sign up: nobody, whoever an administrator approves, or everybody. */
  ANNEX_SIGN_UP: z.enum(['closed', 'approval', 'open']).default('approval'),
  /** Whom to ask while sign-up is closed, as a sentence. */
  ANNEX_SIGN_UP_CONTACT: z.string().trim().max(500).default(''),
  /** Address of a product on AWS Marketplace: `{product}` stands for its page there, `{account}` for the AWS account of the buyer. */
  ANNEX_MARKETPLACE_PAGE: z
    .string()
    .trim()
    .regex(/^https?:\/\/[^\s]*\{product\}/)
    .default('https://aws.amazon.com/marketplace/pp/{product}'),
  /** Days for which a tenant’s data is kept after an administrator closed the tenant. */
  ANNEX_CLOSE_GRACE_DAYS: z.coerce.number().int().min(0).max(365).default(30),
  /** Addresses and networks of the proxies whose `X-Forwarded-For` counts, separated by commas. */
  ANNEX_TRUSTED_PROXIES: z.string().trim().default(''),
  /** Origin of Studio; the content security policy allows it as a form's target. */
  ANNEX_STUDIO_ORIGIN: text,
  /** Seconds that Studio stays open after a launch; AWS takes half an hour to twelve hours. */
  ANNEX_STUDIO_SESSION_SECONDS: z.coerce.number().int().min(1800).max(43_200).default(3600),
  /** Seconds between two readings of the bill, each of which AWS charges by the page. */
  ANNEX_BILL_SECONDS: z.coerce.number().int().min(1).max(86_400).default(28_800),
  /** Seconds between two measurements of what runs in a tenant’s account. */
  ANNEX_MEASURE_SECONDS: z.coerce.number().int().min(1).max(7200).default(3600),
  /** Seconds between the worker's sweeps. */
  ANNEX_SWEEP_SECONDS: z.coerce.number().int().min(1).max(3600).default(15),
  /** Seconds after which a message whose worker died goes to another; a worker that lives extends it. */
  ANNEX_VISIBILITY_SECONDS: z.coerce.number().int().min(3).max(3600).default(30),
});

export type Env = z.output<typeof schema>;

let cached: Env | undefined;

/** Every variable that `env` reads by name. */
export const variables: readonly string[] = Object.keys(schema.shape);

/**
 * The process's settings, read and checked once. Throws one error that names every variable that is missing or wrong. In
 * production it also refuses AWS, queues or sign-in on loopback unless the embedded start script runs it, and remote databases
 * without a verified certificate.
 */
export function env(): Env {
  cached ??= parseEnv(process.env);
  return cached;
}

type Source = Readonly<Record<string, string | undefined>>;

/** As `env`, from a given source. */
export function parseEnv(source: Source): Env {
  const parsed = schema.safeParse(source);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new Error(
      `Some environment variables are missing or invalid (see .env.example):\n${lines.join('\n')}`,
    );
  }
  const value = parsed.data;
  if (value.NODE_ENV === 'production' && value.ANNEX_EMBEDDED === '0') {
    refuseLoopback(source);
    refuseOpenDatabases(value);
  }
  return value;
}

/** The SDK also reads one endpoint per service, such as `AWS_ENDPOINT_URL_S3`. */
const outside = /^(AWS_ENDPOINT_URL(_\w+)?|COGNITO_(ISSUER|DOMAIN)|ANNEX_(JOBS|EVENTS)_QUEUE_URL)$/;

function refuseLoopback(source: Source): void {
  for (const [name, set] of Object.entries(source)) {
    if (set && outside.test(name) && URL.canParse(set) && isLoopback(new URL(set).hostname)) {
      throw new Error(`${name} points to loopback (${set}), which is not allowed in production.`);
    }
  }
}

/** The error does not show the address, which holds a password. */
function refuseOpenDatabases(value: Env): void {
  for (const name of ['DATABASE_URL', 'DATABASE_REPLICA_URL'] as const) {
    const { hostname, searchParams } = new URL(value[name]);
    // As pg reads them: a host in the query takes precedence, and the last of several values counts.
    const host = searchParams.getAll('host').at(-1) || hostname;
    if (!isLoopback(host) && searchParams.getAll('sslmode').at(-1) !== 'verify-full') {
      throw new Error(
        `${name} doesn’t verify the server’s certificate, which is required in production. Add sslmode=verify-full to its query.`,
      );
    }
  }
}

/** What the log needs before the rest of the environment is checked; `env` reports an invalid level. */
export function logSettings(): { readonly level: string; readonly service: string } {
  const level = logLevels.find((known) => known === process.env.LOG_LEVEL) ?? 'info';
  return { level, service: process.env.ANNEX_SERVICE ?? 'portal' };
}

const loopback =
  /^(localhost|.+\.localhost|127(\.\d+){1,3}|0\.0\.0\.0|\[(::1?|::ffff:(7f[\da-f]{2}:[\da-f]{1,4}|0:0))\])$/i;

/** Whether `host`, as in a URL, is this machine, which the unspecified addresses also mean. */
const isLoopback = (host: string): boolean => loopback.test(host);
