import { classNames } from '@/components/ui/class-names';
import type { Extract, ExtractState } from '@/lib/domain/extracts/ports';
import { stateOf } from './words';

const marks: Readonly<Record<ExtractState, string>> = {
  queued: 'border border-edge',
  running: 'pulse bg-mark',
  done: 'bg-ink',
  failed: 'bg-alarm',
  cancelled: 'border border-edge bg-line',
};

/** An extract's state: a mark and a word. */
export function StateLabel({ extract }: { readonly extract: Pick<Extract, 'state' | 'cancelAskedAt'> }) {
  const { state } = extract;
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      <span aria-hidden="true" className={classNames('size-2.5 rounded-full', marks[state])} />
      <span className={classNames(state === 'failed' && 'font-semibold text-alarm')}>{stateOf(extract)}</span>
    </span>
  );
}
