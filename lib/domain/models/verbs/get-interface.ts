import { nothing, tenantVerb } from '@/lib/domain/verb';
import { churnInterface, churnInterfaceSchema } from '../interface';

/** The churn interface that every model must keep, and its JSON Schema. Throws `forbidden`. */
export const getInterface = tenantVerb('models.view', nothing, async () => ({
  ...churnInterface,
  schema: churnInterfaceSchema(),
}));
