import type { ComponentProps } from 'react';
import { Result } from '@/components/live/result';
import { Instant } from '@/components/ui/instant';
import { Status, StatusIcon } from '@/components/ui/status';
import { textOf } from '@/components/ui/tones';
import type { DoctorRun, LinkName, LinkResult } from '@/lib/domain/doctor/ports';
import { FixPart } from './fix-part';
import { RunAgain } from './run-form';
import { linkWords, stateWords } from './words';

type Act = ComponentProps<typeof RunAgain>['act'];

interface Offered {
  readonly act: Act;
  readonly tenantId?: string | undefined;
  /** The link that was just looked at again. */
  readonly again: LinkName | null;
}

/** The links in order, each with its state, what was called, what came back, and the fix. */
export function LinkList({ run, ...offered }: Offered & { readonly run: DoctorRun }) {
  return (
    <ol className="divide-y divide-line border border-line bg-plate">
      {run.links.map((link) => (
        <LinkItem key={link.name} link={link} {...offered} />
      ))}
    </ol>
  );
}

function LinkItem({ link, again, act, tenantId }: Offered & { readonly link: LinkResult }) {
  const { title, purpose } = linkWords[link.name];
  const { tone, words } = stateWords[link.state];
  return (
    <li id={link.name} className="grid grid-cols-[1.25rem_minmax(0,1fr)] gap-x-4 px-4 py-4 sm:px-6">
      <span className={textOf[tone]}>
        <StatusIcon tone={tone} className="size-5" />
      </span>
      <div className="min-w-0 space-y-3">
        <div className="flex flex-wrap items-start justify-between gap-x-8 gap-y-2">
          <div className="min-w-0 flex-1 basis-72">
            <Heading link={link} again={again} title={title} words={words} />
            <p className="text-sm text-muted">{purpose}</p>
            <p className="mt-1 text-sm [overflow-wrap:anywhere]">
              {link.found}
              {link.because === null ? null : (
                <>
                  {' '}
                  <a href={`#${link.because}`} className="link">
                    {linkWords[link.because].title}
                  </a>
                </>
              )}
            </p>
          </div>
          <RunAgain act={act} tenantId={tenantId} link={link.name} title={title} />
        </div>
        {link.fix ? <FixPart fix={link.fix} offersPages={tenantId === undefined} /> : null}
        <Answered link={link} title={title} />
      </div>
    </li>
  );
}

function Heading({
  link,
  again,
  title,
  words,
}: {
  readonly link: LinkResult;
  readonly again: LinkName | null;
  readonly title: string;
  readonly words: string;
}) {
  const { tone } = stateWords[link.state];
  const content = (
    <>
      {title}: <span className={textOf[tone]}>{words}</span>
    </>
  );
  if (again !== link.name) return <h3 className="leading-5">{content}</h3>;
  return (
    <Result
      name="doctor-link"
      mark={link.at.toISOString()}
      words={`${title}: ${words}`}
      as="h3"
      className="leading-5"
    >
      {content}
    </Result>
  );
}

/** What was called, and AWS's own words, behind a fold. Nothing for a link that nobody looked at, or that is not the reader's. */
function Answered({ link, title }: { readonly link: LinkResult; readonly title: string }) {
  if (link.calls.length === 0) return null;
  return (
    <details className="text-sm">
      <summary className="cursor-pointer text-muted underline underline-offset-4">
        What was called<span className="sr-only"> for {title}</span>, and what came back
      </summary>
      <dl className="mt-2 grid gap-x-4 gap-y-1 sm:grid-cols-[6rem_minmax(0,1fr)]">
        <dt className="text-muted">Called</dt>
        <dd>
          <ul className="space-y-1">
            {link.calls.map(({ operation, resource }) => (
              <li key={`${operation} ${resource}`} className="[overflow-wrap:anywhere]">
                <code className="font-mono text-xs">{operation}</code> on{' '}
                <code className="font-mono text-xs">{resource}</code>
              </li>
            ))}
          </ul>
        </dd>
        <dt className="text-muted">Came back</dt>
        <dd className="[overflow-wrap:anywhere]">
          {link.answer === null ? (
            link.found
          ) : (
            <>
              <code className="font-mono text-xs">{link.answer.code}</code> {link.answer.text}
            </>
          )}
        </dd>
        <dt className="text-muted">When</dt>
        <dd>
          <Instant at={link.at} style="second" />, in {link.ms} ms
        </dd>
      </dl>
    </details>
  );
}

/** What the newest results come to, and how old they are. */
export function Summary({
  tone,
  words,
  run,
}: ReturnType<typeof import('./words').summaryOf> & { readonly run: DoctorRun }) {
  return (
    <div>
      <Result name="doctor" mark={run.finishedAt.toISOString()} words={words} className="text-lg">
        <Status tone={tone}>{words}</Status>
      </Result>
      <p className="text-sm text-muted">
        As of <Instant at={run.finishedAt} style="second" />, asked by{' '}
        <span className="[overflow-wrap:anywhere]">{run.askedBy}</span>
      </p>
    </div>
  );
}
