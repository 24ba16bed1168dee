import { AnnexError } from '@/lib/errors';
import type { WorkbenchRequest } from './ports';

/** The account and the domain of a workbench that is ready. Throws `conflict`, which says what is missing. */
export function launchable(request: WorkbenchRequest | null): { accountId: string; domainId: string } {
  if (!request) throw new AnnexError('conflict', 'There is no workbench yet. Request it first.');
  if (request.state === 'failed') {
    throw new AnnexError('conflict', 'Workbench setup failed. Retry the failed step, then launch Studio.');
  }
  if (request.state !== 'ready' || request.accountId === null || request.domainId === null) {
    throw new AnnexError(
      'conflict',
      'The workbench is not ready yet. Launch Studio once all steps are done.',
    );
  }
  return { accountId: request.accountId, domainId: request.domainId };
}
