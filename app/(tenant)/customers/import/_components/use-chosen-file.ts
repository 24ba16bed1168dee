import { useEffect, useState } from 'react';
import { formatBytes } from '@/components/format';
import type { Failure } from '@/components/ui/action-form';
import { longestOrderFile } from '@/lib/domain/crm/ports';
import { type Choices, proposedChoices } from '../fields';
import type { ImportPreview } from '../preview-reading';
import { fetchPreview } from '../send-file';

/** A file that somebody chose, and how it is to be read. */
export interface ChosenFileState {
  readonly file: File | null;
  /** Why a file cannot be taken. */
  readonly fileFault: string | null;
  /** Null until they are proposed. */
  readonly choices: Choices | null;
  readonly preview: ImportPreview | null;
  readonly failure: Failure | null;
  /** The preview does not show the choices yet. */
  readonly isPending: boolean;
  /** The first orders can be read. */
  readonly isReady: boolean;
  choose(file: File): void;
  /** Chooses none. */
  clear(): void;
  change(choices: Partial<Choices>): void;
}

interface Shown {
  readonly of: unknown;
  readonly preview: ImportPreview | null;
  readonly failure: Failure | null;
}

const pauseMs = 250;

/** Whether the dates and amounts of the file are of another column than before, so that they may be written in another way. */
interface Open {
  readonly format: boolean;
  readonly decimal: boolean;
}

const nothingOpen: Open = { format: false, decimal: false };

/** The file that is chosen in the form. Its preview follows the choices. */
export function useChosenFile(): ChosenFileState {
  const [file, setFile] = useState<File | null>(null);
  const [fileFault, setFileFault] = useState<string | null>(null);
  const [choices, setChoices] = useState<Choices | null>(null);
  const [shown, setShown] = useState<Shown>({ of: null, preview: null, failure: null });
  const [open, setOpen] = useState(nothingOpen);
  const wanted = choices ?? file;

  useEffect(() => {
    if (!file || shown.of === wanted) return;
    const abort = new AbortController();
    const timer = setTimeout(
      async () => {
        const answer = await fetchPreview(file, choices, abort.signal);
        if (abort.signal.aborted) return;
        if (!('proposal' in answer)) {
          setShown(({ preview }) => ({ of: wanted, preview, failure: answer }));
          return;
        }
        const next =
          choices === null
            ? proposedChoices(answer.proposal)
            : withWriting(withColumns(choices, answer), answer, open);
        setOpen(nothingOpen);
        setChoices(next);
        // What is proposed only now is not in this preview yet.
        setShown({ of: choices === null ? next : choices, preview: answer, failure: null });
      },
      choices === null ? 0 : pauseMs,
    );
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [file, choices, wanted, shown.of, open]);

  return {
    file,
    fileFault,
    choices,
    preview: shown.preview,
    failure: shown.failure,
    isPending: file !== null && shown.of !== wanted,
    isReady: shown.of === wanted && shown.failure === null && shown.preview?.orders != null,
    choose: (next) => {
      const fault = faultOf(next);
      setFileFault(fault);
      setFile(fault === null ? next : null);
      setChoices(null);
      setOpen(nothingOpen);
      setShown({ of: null, preview: null, failure: null });
    },
    clear: () => setFile(null),
    change: (changed) => {
      setOpen(({ format, decimal }) => ({
        format: changed.format === undefined && (format || changed.orderedAt !== undefined),
        decimal: changed.decimal === undefined && (decimal || changed.amount !== undefined),
      }));
      setChoices((before) => before && { ...before, ...changed });
    },
  };
}

/** `choices` with the columns that `preview` proposes, if none are chosen: another separator makes other columns. */
function withColumns(choices: Choices, { proposal }: ImportPreview): Choices {
  const { customerId, orderedAt, amount } = choices;
  const found = proposedChoices(proposal);
  if (`${customerId}${orderedAt}${amount}` !== '') return choices;
  if (`${found.customerId}${found.orderedAt}${found.amount}` === '') return choices;
  return { ...found, timeZone: choices.timeZone, allowFuture: choices.allowFuture };
}

/** `choices` with the way to write dates and amounts that `preview` proposes, as far as it is open. */
function withWriting(choices: Choices, { proposal }: ImportPreview, open: Open): Choices {
  const format = open.format ? proposal.format : choices.format;
  const decimal = open.decimal ? proposal.decimal : choices.decimal;
  return format === choices.format && decimal === choices.decimal ? choices : { ...choices, format, decimal };
}

function faultOf({ name, size }: File): string | null {
  if (size === 0) return `${name} is empty.`;
  return size > longestOrderFile
    ? `${name} has ${formatBytes(size)}. A file may have ${formatBytes(longestOrderFile)}: divide it into several.`
    : null;
}
