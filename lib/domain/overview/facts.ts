import type { BudgetNow } from '../costs/verbs/get-budget';
import type { CustomerOverview, OrderImport } from '../crm/ports';
import type { Extract } from '../extracts/ports';
import type { ModelInUse } from '../models/verbs/get-model';
import type { EndpointList } from '../models/verbs/list-endpoints';
import type { ScoringView } from '../scoring/verbs/get-scoring';
import type { Read } from '../seen';
import type { WorkbenchRequest } from '../workbench/ports';

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
  readonly budget: Read<BudgetNow>;
}
