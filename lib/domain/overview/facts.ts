import type { CustomerOverview, OrderImport } from '../crm/ports';
import type { Extract } from '../extracts/ports';
import type { ModelInUse } from '../models/verbs/get-model';
import type { EndpointList } from '../models/verbs/list-endpoints';
import type { ScoringView } from '../scoring/verbs/get-scoring';
import type { WorkbenchRequest } from '../workbench/ports';

/** One part of an overview. `unread`: the reader may not see it, or nothing depends on it now. */
export type Read<T> =
  | { readonly state: 'read'; readonly value: T }
  | { readonly state: 'unreadable'; readonly reason: string }
  | { readonly state: 'unread' };

/** What an overview is made of, as far as the reader may see it. */
export interface OverviewFacts {
  readonly customers: Read<CustomerOverview>;
  /** The last import of orders. */
  readonly orderImport: Read<OrderImport | null>;
  readonly scoring: Read<ScoringView>;
  readonly model: Read<ModelInUse>;
  readonly workbench: Read<WorkbenchRequest | null>;
  /** The newest extracts, newest first. */
  readonly extracts: Read<readonly Extract[]>;
  /** Unread while a model is active. */
  readonly endpoints: Read<EndpointList>;
}

/** The value of a part that was read; null otherwise. */
export const known = <T>(part: Read<T>): T | null => (part.state === 'read' ? part.value : null);
