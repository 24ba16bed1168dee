'use client';

import { Status } from '@/components/ui/status';
import type { ContractCheck } from '@/lib/domain/models/ports';
import { attentionFirst, countsOf } from '../checks';

/** The checks of a report: what did not pass stands open, what passed is folded. */
export function Checks({ checks }: { readonly checks: readonly ContractCheck[] }) {
  const { passed, others } = attentionFirst(checks);
  return (
    <section aria-labelledby="checks" className="border border-line bg-plate text-sm">
      <h4 id="checks" className="px-4 py-3 font-semibold">
        {countsOf(checks)}
      </h4>
      {others.length > 0 ? <List label="Checks that did not pass" checks={others} /> : null}
      {passed.length > 0 ? (
        <details className="border-t border-line">
          <summary className="px-4 py-3">
            <Status tone="done">
              <span className="underline decoration-edge underline-offset-4">Passed checks</span>
            </Status>
          </summary>
          <List label="Checks that passed" checks={passed} />
        </details>
      ) : null}
    </section>
  );
}

function List({ label, checks }: { readonly label: string; readonly checks: readonly ContractCheck[] }) {
  return (
    <ul aria-label={label} className="divide-y divide-line border-t border-line">
      {checks.map((check) => (
        <Check key={check.id} check={check} />
      ))}
    </ul>
  );
}

const outcomes = {
  passed: { word: 'Passed', tone: 'done' },
  failed: { word: 'Failed', tone: 'failed' },
  skipped: { word: 'Not tested', tone: 'neutral' },
  noted: { word: 'Noted', tone: 'warning' },
} as const;

function Check({ check: { title, outcome, finding, sent, received } }: { readonly check: ContractCheck }) {
  const { word, tone } = outcomes[outcome];
  return (
    <li className="grid gap-x-6 gap-y-1 px-4 py-3 sm:grid-cols-[7rem_minmax(0,1fr)]">
      <p>
        <Status tone={tone}>{word}</Status>
      </p>
      <div className="min-w-0">
        <p>
          <span className="font-medium">{title}.</span> {finding}
        </p>
        {sent === null && received === null ? null : (
          <details open={outcome === 'failed'} className="mt-1">
            <summary className="text-xs text-muted underline decoration-edge underline-offset-4">
              Sent and received
            </summary>
            <dl className="mt-2 space-y-2 text-xs">
              <Excerpt name="Sent" text={sent} />
              <Excerpt name="Received" text={received} />
            </dl>
          </details>
        )}
      </div>
    </li>
  );
}

function Excerpt({ name, text }: { readonly name: string; readonly text: string | null }) {
  return (
    <div>
      <dt className="text-muted">{name}</dt>
      <dd className="font-mono [overflow-wrap:anywhere]">{text ?? 'nothing'}</dd>
    </div>
  );
}
