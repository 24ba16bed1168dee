import type { StandIn } from '@/local/aws/core/service';
import { Keeper } from './keeper';
import { makeNext } from './make';
import type { StackStore } from './records';
import { cleanNext, removeNext } from './remove';
import { undoNext } from './undo';

/** Does the next thing to a stack, and stores it; false once nothing is left. A step that a stop interrupted is done again. */
export async function step(standIn: StandIn, store: StackStore, stackId: string): Promise<boolean> {
  const stack = await store.byId(stackId);
  if (!stack?.work) return false;
  const keep = new Keeper(store, stack);
  switch (stack.work.phase) {
    case 'forward':
      if (stack.work.action === 'DELETE') await removeNext(standIn, keep, stack, stack.work);
      else await makeNext(standIn, keep, stack, stack.work);
      break;
    case 'rollback':
      await undoNext(standIn, keep, stack, stack.work);
      break;
    case 'cleanup':
      await cleanNext(standIn, keep, stack, stack.work);
  }
  return true;
}
