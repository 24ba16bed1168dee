import type { ListedEndpoint } from '../models/verbs/list-endpoints';
import { known } from '../seen';
import type { OverviewFacts } from './facts';

/** The tenant's listed endpoints, the one that changed last first. */
export function endpointsOf(facts: Pick<OverviewFacts, 'endpoints'>): readonly ListedEndpoint[] {
  const list = known(facts.endpoints);
  if (list?.state !== 'listed') return [];
  return list.endpoints.toSorted((a, b) => b.changedAt.getTime() - a.changedAt.getTime());
}

/** SageMaker's statuses for an endpoint that is on its way into service. */
const arriving = new Set(['Creating', 'Updating', 'SystemUpdating', 'RollingBack']);

export const isArriving = ({ status }: ListedEndpoint): boolean => arriving.has(status);

/** The newest report of what the endpoint serves now; null when that was never tested. */
export const currentReport = ({ report, changedAt }: ListedEndpoint): ListedEndpoint['report'] =>
  report && report.testedAt.getTime() >= changedAt.getTime() ? report : null;
