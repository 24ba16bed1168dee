import { AwsError, type StandIn } from '../core/service';

export interface Stage {
  readonly id: string;
  /** Requests per second and at once; null: no limit of its own. */
  readonly rate: number | null;
  readonly burst: number | null;
}
export interface Integration {
  readonly id: string;
  readonly functionName: string;
  readonly timeoutMs: number;
}
export interface Route {
  readonly id: string;
  /** `<METHOD> <path>` or `$default`. */
  readonly key: string;
  readonly integrationId: string;
  readonly authorizerId: string | null;
}
export interface Authorizer {
  readonly id: string;
  readonly name: string;
  readonly functionName: string;
  /** E.g. `$request.header.Authorization`; each must be there. */
  readonly identitySource: readonly string[];
}

/** An HTTP API with its parts by their ids. */
export interface ApiRecord {
  readonly accountId: string;
  readonly apiId: string;
  readonly name: string;
  readonly stages: Readonly<Record<string, Stage>>;
  readonly integrations: Readonly<Record<string, Integration>>;
  readonly routes: Readonly<Record<string, Route>>;
  readonly authorizers: Readonly<Record<string, Authorizer>>;
}

const collection = 'apigateway.apis';

/** The APIs, as the state keeps them. */
export const apiStore = ({ state }: StandIn) => ({
  find: (apiId: string) => state.get<ApiRecord>(collection, apiId),
  put: (api: ApiRecord) => state.put(collection, api.apiId, api),
  remove: (apiId: string) => state.delete(collection, apiId),
});

/** What API Gateway says of a request that it does not take. */
export const badRequest = (message: string): AwsError => new AwsError('BadRequestException', message);
