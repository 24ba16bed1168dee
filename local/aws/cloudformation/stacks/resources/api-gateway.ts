import type { ResourceHandler } from './handler';

type Kind = 'Api' | 'Stage' | 'Integration' | 'Route' | 'Authorizer';

/** `AWS::ApiGatewayV2::<kind>`; API Gateway checks its properties. */
function part(kind: Kind, known: readonly string[]): ResourceHandler {
  const put: ResourceHandler['create'] = async ({ standIn, caller, id }, properties) => {
    const { apiGateway } = standIn.services;
    const physicalId = kind === 'Stage' ? String(properties.StageName) : id;
    await apiGateway.put(kind, caller, physicalId, properties);
    const attributes: Record<string, string> =
      kind === 'Api' ? { ApiId: id, ApiEndpoint: apiGateway.endpoint(id) } : { [`${kind}Id`]: id };
    return { physicalId, attributes };
  };
  return {
    known,
    fixed: ['ApiId', 'StageName', 'ProtocolType'],
    create: put,
    update: async ({ standIn, caller }, made, properties) => {
      await standIn.services.apiGateway.put(kind, caller, made.physicalId, properties);
      return made;
    },
    remove: ({ standIn, caller }, { physicalId }, { ApiId }) =>
      standIn.services.apiGateway.remove(
        kind,
        caller,
        kind === 'Api' ? physicalId : String(ApiId),
        physicalId,
      ),
  };
}

const of = (...names: string[]) => ['ApiId', ...names];

export const api = part('Api', ['Name', 'ProtocolType', 'Description', 'Version']);
export const stage = part('Stage', of('StageName', 'AutoDeploy', 'Description', 'DefaultRouteSettings'));
export const integration = part(
  'Integration',
  of(
    'IntegrationType',
    'IntegrationUri',
    'IntegrationMethod',
    'PayloadFormatVersion',
    'TimeoutInMillis',
    'Description',
  ),
);
export const route = part(
  'Route',
  of('RouteKey', 'Target', 'AuthorizationType', 'AuthorizerId', 'OperationName'),
);
export const authorizer = part(
  'Authorizer',
  of(
    'Name',
    'AuthorizerType',
    'AuthorizerUri',
    'AuthorizerPayloadFormatVersion',
    'EnableSimpleResponses',
    'IdentitySource',
    'AuthorizerResultTtlInSeconds',
  ),
);
