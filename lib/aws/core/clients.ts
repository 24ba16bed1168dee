import { LRUCache } from 'lru-cache';
import { clientConfig } from './client-config';
import { type Scope, scopeKey, tenantCredentials } from './credentials';
import { type AwsClient, watched } from './watched';

type ClientConfig = ReturnType<typeof clientConfig> & {
  readonly credentials?: () => ReturnType<typeof tenantCredentials>;
};

type ClientClass<C> = new (config: ClientConfig) => C;

// Enough for several services of as many tenants as one process serves at a time. An evicted client is not destroyed: its
// only resource is the connection pool, which all clients share.
const cache = new LRUCache<string, object>({ max: 5000 });

/** The process's client of a service, under the portal's own role. */
export function portalClient<C extends AwsClient>(Client: ClientClass<C>): C {
  return cached(Client, 'portal', () => new Client(clientConfig()));
}

/** A client of a service with the tenant's role and its permissions only. */
export function tenantClient<C extends AwsClient>(Client: ClientClass<C>, scope: Scope): C {
  return cached(
    Client,
    scopeKey(scope),
    () => new Client({ ...clientConfig(), credentials: () => tenantCredentials(scope) }),
  );
}

function cached<C extends AwsClient>(Client: ClientClass<C>, whose: string, make: () => C): C {
  const key = `${numberOf(Client)}/${whose}`;
  const present = cache.get(key);
  // The key names the class, so the value under it is an instance of that class.
  if (present) return present as C;
  const made = watched(make());
  cache.set(key, made);
  return made;
}

// Not the class's name: a bundler may give two classes the same one.
const numbers = new Map<object, number>();

function numberOf(Client: object): number {
  const present = numbers.get(Client);
  if (present !== undefined) return present;
  numbers.set(Client, numbers.size);
  return numbers.size - 1;
}
