import { classNames } from '@/components/ui/class-names';
import type { ExtractState } from '@/lib/domain/extracts/ports';

const marks: Readonly<Record<ExtractState, string>> = {
  queued: 'border border-edge',
  running: 'pulse bg-mark',
  done: 'bg-ink',
  failed: 'bg-alarm',
  cancelled: 'border border-edge bg-line',
};

/** An extract's state: a mark and a word. */
export function StateLabel({ state, words }: { readonly state: ExtractState; readonly words: string }) {
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      <span aria-hidden="true" className={classNames('size-2.5 rounded-full', marks[state])} />
      <span className={classNames(state === 'failed' && 'font-semibold text-alarm')}>{words}</span>
    </span>
  );
}
