import { formatCount, formatUnits } from '@/components/format';
import { Term } from '@/components/ui/term';
import type { ControlContext } from '@/lib/domain/context';
import type { DatasetName } from '@/lib/domain/extracts/ports';
import { type PolicyPreview, previewPolicy } from '@/lib/domain/policies/verbs/preview-policy';
import { isAnnexError } from '@/lib/errors';
import { inputOf, type PolicyDraft } from '../../fields';
import { PreviewTable } from './preview-table';

/** What the masks of a draft make of generated rows. */
export async function loadPreview(context: ControlContext, dataset: DatasetName, draft: PolicyDraft) {
  try {
    const preview = await previewPolicy(context, { dataset, columns: inputOf(draft).columns });
    return <Preview preview={preview} />;
  } catch (error) {
    // The review says which mask is wrong.
    if (isAnnexError(error, 'invalid'))
      return <p className="text-sm text-muted">There is no preview of it.</p>;
    throw error;
  }
}

function Preview({ preview }: { readonly preview: PolicyPreview }) {
  const { columns, rows, sampleSize } = preview;
  return (
    <div className="space-y-3">
      <p className="max-w-3xl text-sm text-muted">
        No tenant has these {formatCount(sampleSize)} rows: Annex made them up, and masks them with the same
        SQL as an extract. The first {rows.length}, each value as it is and, below, as it comes out. Hashes
        have the salt of this preview; each tenant has its own.
      </p>
      <Anonymity preview={preview} />
      <PreviewTable columns={columns} rows={rows} />
    </div>
  );
}

function Anonymity({ preview: { anonymity, unmasked, sampleSize } }: { readonly preview: PolicyPreview }) {
  return (
    <div className="max-w-3xl space-y-1 text-sm">
      {anonymity ? (
        <p>
          <strong className="figures">
            <Term name="kAnonymity">k</Term> = {formatCount(anonymity.k)}
          </strong>
          : of {formatCount(sampleSize)} generated rows, at least{' '}
          {anonymity.k === 1 ? 'one shares' : `${formatCount(anonymity.k)} share`} each combination of what{' '}
          {list(anonymity.by)} {anonymity.by.length === 1 ? 'says' : 'say'} once generalised. There{' '}
          {anonymity.groups === 1 ? 'is' : 'are'} {formatUnits(anonymity.groups, 'combination')}.
          {anonymity.k === 1 ? ' At k = 1, a combination singles out one row.' : ''} A tenant’s own rows may
          be more alike, or less.
        </p>
      ) : (
        <p>
          No column is generalised, so there are no groups to count and no <Term name="kAnonymity">k</Term>.
        </p>
      )}
      {unmasked.length > 0 ? (
        <p className="text-muted">
          Unmasked and not counted: {list(unmasked)}. Each may single somebody out on its own.
        </p>
      ) : null}
    </div>
  );
}

/** `a`, `a and b`, `a, b and c`. */
const list = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
