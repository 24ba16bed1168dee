import { Status } from '@/components/ui/status';
import type { Tone } from '@/components/ui/tones';
import type { ExtractState } from '@/lib/domain/extracts/ports';

const tones: Readonly<Record<ExtractState, Tone>> = {
  queued: 'neutral',
  running: 'running',
  done: 'done',
  failed: 'failed',
  cancelled: 'neutral',
};

/** An extract's state: its icon and its word. */
export function StateLabel({ state, words }: { readonly state: ExtractState; readonly words: string }) {
  return (
    <span className="whitespace-nowrap">
      <Status tone={tones[state]}>{words}</Status>
    </span>
  );
}
