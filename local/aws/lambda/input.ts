import { AwsError } from '../core/service';
import { optionalText, optionalWhole, structure, structures, texts } from '../wire/rpc-input';
import type { FunctionConfig } from './record';

type Input = Record<string, unknown>;

export const invalid = (message: string): AwsError =>
  new AwsError('InvalidParameterValueException', message, 400, { Type: 'User' });

const constraint = (name: string, value: unknown, rule: string): AwsError =>
  new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${String(value)}' at '${name}' failed to satisfy constraint: ${rule}`,
  );

/** The text of a member that must be there. */
export function required(input: Input, name: string): string {
  const value = optionalText(input, name);
  if (value) return value;
  throw constraint(name, 'null', 'Member must not be null');
}

/** Members that change what this stand-in has none of. */
const absent = [
  'Layers',
  'VpcConfig',
  'DeadLetterConfig',
  'FileSystemConfigs',
  'ImageConfig',
  'SnapStart',
  'KMSKeyArn',
  'CodeSigningConfigArn',
] as const;

/** What `input` says of a function, over what it was before. Throws for a member beyond its limits, naming it. */
export function configOf(input: Input, name: string, before: FunctionConfig | null): FunctionConfig {
  const unsupported = absent.find((member) => !isEmpty(input[member]));
  if (unsupported) throw invalid(`${unsupported} is not supported here.`);
  if ((optionalText(input, 'PackageType') ?? 'Zip') !== 'Zip') throw invalid('PackageType must be Zip here.');
  const text = (member: string, old: string | undefined) =>
    optionalText(input, member) ?? old ?? required(input, member);
  const runtime = text('Runtime', before?.runtime);
  if (runtime !== 'nodejs20.x' && runtime !== 'nodejs22.x')
    throw invalid(
      `The runtime parameter of ${runtime} is not supported here: nodejs20.x and nodejs22.x are.`,
    );
  const handler = text('Handler', before?.handler);
  if (!/^[^\s]{1,128}$/.test(handler))
    throw constraint('handler', handler, 'Member must satisfy regular expression pattern: [^\\s]+');
  const role = text('Role', before?.role);
  if (!/^arn:aws:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/.test(role))
    throw constraint('role', role, 'Member must be the ARN of a role');
  const description = optionalText(input, 'Description') ?? before?.description ?? '';
  if (description.length > 256)
    throw constraint('description', description, 'Member must have length less than or equal to 256');
  return {
    handler,
    role,
    runtime,
    description,
    timeout: within(input, 'Timeout', 1, 900, before?.timeout ?? 3),
    memory: within(input, 'MemorySize', 128, 10_240, before?.memory ?? 128),
    variables: input.Environment === undefined && before ? before.variables : variablesOf(input),
    architecture: architectureOf(input, before),
    logGroup: logGroupOf(input, before, name),
  };
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || Object.values(Object(value)).flat().length === 0;

function within(input: Input, name: string, min: number, max: number, standard: number): number {
  const value = optionalWhole(input, name) ?? standard;
  if (value >= min && value <= max) return value;
  const side = value < min ? `greater than or equal to ${min}` : `less than or equal to ${max}`;
  throw constraint(name === 'Timeout' ? 'timeout' : 'memorySize', value, `Member must have value ${side}`);
}

const reserved =
  /^(AWS_(REGION|DEFAULT_REGION|ACCESS_KEY|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|EXECUTION_ENV|LAMBDA_.*)|_HANDLER|_X_AMZN_TRACE_ID|LAMBDA_(TASK_ROOT|RUNTIME_DIR))$/;

function variablesOf(input: Input): Readonly<Record<string, string>> {
  const variables = structure(structure(input, 'Environment'), 'Variables');
  let bytes = 0;
  for (const name of Object.keys(variables)) {
    if (!/^[a-zA-Z]\w+$/.test(name))
      throw constraint(
        'environment.variables',
        name,
        'Map keys must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+',
      );
    if (reserved.test(name))
      throw invalid(
        `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${name}`,
      );
    bytes += Buffer.byteLength(name) + Buffer.byteLength(optionalText(variables, name) ?? '');
  }
  if (bytes > 4096)
    throw invalid(
      'Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.',
    );
  return variables as Record<string, string>;
}

function architectureOf(input: Input, before: FunctionConfig | null): FunctionConfig['architecture'] {
  const [given = before?.architecture ?? 'x86_64', ...more] = texts(input, 'Architectures');
  if ((given === 'x86_64' || given === 'arm64') && more.length === 0) return given;
  throw constraint('architectures', given, 'Member must be one of [x86_64, arm64]');
}

function logGroupOf(input: Input, before: FunctionConfig | null, name: string): string {
  const config = structure(input, 'LoggingConfig');
  if ((optionalText(config, 'LogFormat') ?? 'Text') !== 'Text') throw invalid('LogFormat must be Text here.');
  const group = optionalText(config, 'LogGroup') ?? before?.logGroup ?? `/aws/lambda/${name}`;
  if (/^[\w\-./#]{1,512}$/.test(group)) return group;
  throw constraint(
    'loggingConfig.logGroup',
    group,
    'Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+',
  );
}

/** Tags, as a map or, from CloudFormation, as a list of keys and values. */
export function tagsOf(input: Input): Readonly<Record<string, string>> {
  const given = Array.isArray(input.Tags)
    ? Object.fromEntries(structures(input, 'Tags').map((tag) => [required(tag, 'Key'), tag.Value]))
    : structure(input, 'Tags');
  return Object.fromEntries(Object.keys(given).map((key) => [key, optionalText(given, key) ?? '']));
}
