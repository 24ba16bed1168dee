import { isDeepStrictEqual } from 'node:util';
import { zipOf } from '@/local/aws/core/zip';
import { neverUpdated, type Properties, type ResourceContext, type ResourceHandler, unless } from './handler';

const config = [
  'Handler',
  'Runtime',
  'Role',
  'Description',
  'Timeout',
  'MemorySize',
  'Environment',
  'LoggingConfig',
  'Architectures',
];

/** `AWS::Lambda::Function`. */
export const lambdaFunction: ResourceHandler = {
  known: [...config, 'FunctionName', 'Code', 'PackageType', 'ReservedConcurrentExecutions', 'Tags'],
  fixed: ['FunctionName', 'PackageType'],
  async create(context, properties) {
    const name = String(properties.FunctionName ?? context.name.slice(0, 64));
    const { lambda } = context.standIn.services;
    const { ReservedConcurrentExecutions: reserved, Code, ...rest } = properties;
    const input = { ...rest, ...environmentOf(properties), FunctionName: name, Code: codeOf(Code) };
    const made = await lambda.call('CreateFunction', input, context.caller, context.owner);
    if (reserved !== undefined)
      await reserve(context, name, reserved).catch(async (error: unknown) => {
        await lambda.call('DeleteFunction', { FunctionName: name }, context.caller);
        throw error;
      });
    return { physicalId: name, attributes: { Arn: String((made as { FunctionArn?: string }).FunctionArn) } };
  },
  async update(context, made, properties, before) {
    const { lambda } = context.standIn.services;
    const named = { FunctionName: made.physicalId };
    if (!isDeepStrictEqual(properties.Code, before.Code))
      await lambda.call('UpdateFunctionCode', { ...codeOf(properties.Code), ...named }, context.caller);
    const chosen = Object.fromEntries(config.map((name) => [name, properties[name]]));
    const standard = { Description: '', Timeout: 3, MemorySize: 128 };
    const given = Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined));
    await lambda.call(
      'UpdateFunctionConfiguration',
      { ...standard, ...given, ...environmentOf(properties), ...named },
      context.caller,
    );
    await reserve(context, made.physicalId, properties.ReservedConcurrentExecutions);
    return made;
  },
  remove: ({ standIn, caller }, { physicalId }) =>
    unless(['ResourceNotFoundException'], () =>
      standIn.services.lambda.call('DeleteFunction', { FunctionName: physicalId }, caller),
    ),
};

async function reserve({ standIn, caller }: ResourceContext, name: string, reserved: unknown): Promise<void> {
  const input = { FunctionName: name, ReservedConcurrentExecutions: reserved };
  const operation = reserved === undefined ? 'DeleteFunctionConcurrency' : 'PutFunctionConcurrency';
  await standIn.services.lambda.call(operation, input, caller);
}

/** Variables are texts, however a template writes them. */
function environmentOf({ Environment: environment }: Properties): object {
  const variables = Object((environment as Properties | undefined)?.Variables) as Properties;
  const texts = Object.entries(variables).map(([name, value]) => [name, String(value)]);
  return { Environment: { Variables: Object.fromEntries(texts) } };
}

/** A source in the template becomes the file `index.js`. */
function codeOf(code: unknown): Properties {
  const { ZipFile: source, ...rest } = Object(code) as Properties;
  if (typeof source !== 'string') return rest;
  return { ZipFile: zipOf({ 'index.js': source }).toString('base64') };
}

const permissionProperties = ['FunctionName', 'Action', 'Principal', 'SourceArn', 'SourceAccount'];

/** `AWS::Lambda::Permission`. */
export const lambdaPermission: ResourceHandler = {
  known: permissionProperties,
  fixed: permissionProperties,
  async create({ standIn, caller, name }, properties) {
    const StatementId = name.slice(-100);
    await standIn.services.lambda
      .call('AddPermission', { ...properties, StatementId }, caller)
      .catch((error: Error) => {
        // It was added before a stop.
        if (error.name !== 'ResourceConflictException') throw error;
      });
    return { physicalId: StatementId, attributes: { Id: StatementId } };
  },
  update: neverUpdated,
  remove: ({ standIn, caller }, { physicalId }, { FunctionName }) =>
    unless(['ResourceNotFoundException'], () =>
      standIn.services.lambda.call('RemovePermission', { FunctionName, StatementId: physicalId }, caller),
    ),
};

/** `AWS::Logs::LogGroup`. */
export const logGroup: ResourceHandler = {
  known: ['LogGroupName', 'RetentionInDays', 'Tags'],
  fixed: ['LogGroupName'],
  async create(context, properties) {
    const name = String(properties.LogGroupName ?? context.name);
    await ensure(context, name, properties);
    const { region } = context.standIn;
    const arn = `arn:aws:logs:${region}:${context.caller.accountId}:log-group:${name}:*`;
    return { physicalId: name, attributes: { Arn: arn } };
  },
  async update(context, made, properties) {
    await ensure(context, made.physicalId, properties);
    return made;
  },
  remove: ({ standIn, caller }, { physicalId }) =>
    unless(['ResourceNotFoundException'], () => standIn.services.logs.deleteGroup(caller, physicalId)),
};

const ensure = (
  { standIn, caller, owner }: ResourceContext,
  name: string,
  { RetentionInDays: days }: Properties,
) => standIn.services.logs.ensureGroup(caller, name, days === undefined ? null : Number(days), owner);
