import type { ResourceHandler } from './handler';

type Kind = 'Api' | 'Stage' | 'Integration' | 'Route' | 'Authorizer';

/** `AWS::ApiGatewayV2::<kind>`; API Gateway checks its properties. */
function part(kind: Kind): ResourceHandler {
  const put: ResourceHandler['create'] = async ({ standIn, caller, id }, properties) => {
    const { apiGateway } = standIn.services;
    const physicalId = kind === 'Stage' ? String(properties.StageName) : id;
    await apiGateway.put(kind, caller, physicalId, properties);
    const attributes: Record<string, string> =
      kind === 'Api' ? { ApiId: id, ApiEndpoint: apiGateway.endpoint(id) } : { [`${kind}Id`]: id };
    return { physicalId, attributes };
  };
  return {
    known: null,
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

export const api = part('Api');
export const stage = part('Stage');
export const integration = part('Integration');
export const route = part('Route');
export const authorizer = part('Authorizer');
