import { AwsError, type StandIn } from '@/local/aws/core/service';
import type { Instances } from '@/local/aws/core/services';
import { billedInstances, type EndpointRecord, endpointArn, keyOf } from './endpoint-record';

const collection = 'sagemaker.endpoints';

/** The documents of all endpoints. */
export class EndpointStore {
  constructor(private readonly standIn: StandIn) {}

  find(accountId: string, name: string): Promise<EndpointRecord | undefined> {
    return this.standIn.state.get<EndpointRecord>(collection, keyOf({ accountId, name }));
  }

  /** As `find`; throws ValidationException. */
  async needed(accountId: string, name: string): Promise<EndpointRecord> {
    const endpoint = await this.find(accountId, name);
    if (endpoint) return endpoint;
    const arn = endpointArn(this.standIn, accountId, name);
    throw new AwsError('ValidationException', `Could not find endpoint "${arn}".`);
  }

  /** The endpoints of an account, or of all accounts. */
  async list(accountId?: string): Promise<readonly EndpointRecord[]> {
    const range = accountId === undefined ? {} : { prefix: `${accountId}/` };
    return (await this.standIn.state.list<EndpointRecord>(collection, range)).map(([, endpoint]) => endpoint);
  }

  /** Keeps the endpoint, as modified now. */
  async put(endpoint: EndpointRecord): Promise<EndpointRecord> {
    const stamped = { ...endpoint, modifiedAt: new Date().toISOString() };
    await this.standIn.state.put(collection, keyOf(endpoint), stamped);
    await this.meter(endpoint, billedInstances(endpoint.current));
    return stamped;
  }

  async delete(endpoint: EndpointRecord): Promise<void> {
    await this.standIn.state.delete(collection, keyOf(endpoint));
    await this.meter(endpoint, []);
  }

  private meter({ accountId, name }: EndpointRecord, instances: readonly Instances[]): Promise<void> {
    return this.standIn.services.usage.set(accountId, `endpoint/${name}`, instances);
  }
}
