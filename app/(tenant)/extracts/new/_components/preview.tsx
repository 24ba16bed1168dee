import { formatUnits } from '@/components/format';
import { Notice } from '@/components/ui/notice';
import type { TenantContext } from '@/lib/domain/context';
import { type ExtractEstimate, estimateExtract } from '@/lib/domain/extracts/verbs/estimate-extract';
import { type ExtractPreview, previewExtract } from '@/lib/domain/extracts/verbs/preview-extract';
import { isAnnexError } from '@/lib/errors';
import { type DraftFields, faultsOf } from '../draft';
import { PreviewTable } from './preview-table';

/** The first rows of the file and an estimate of their number, or why there would be none. */
export async function loadPreview(context: TenantContext, { columns, ...rest }: DraftFields) {
  const draft = { ...rest, ...(columns ? { columns: [...columns] } : {}) };
  try {
    const [preview, estimate] = await Promise.all([
      previewExtract(context, draft),
      estimateExtract(context, draft),
    ]);
    return <Preview preview={preview} estimate={estimate} />;
  } catch (error) {
    if (isAnnexError(error, 'dependency_failed')) {
      return (
        <Notice tone="warning" title="The preview is not available right now">
          <p>
            The replica does not respond. Update the preview in a moment, or submit: the run waits for the
            replica.
          </p>
        </Notice>
      );
    }
    if (!isAnnexError(error, 'invalid', 'conflict')) throw error;
    const faults = faultsOf(error.fields);
    return (
      <Notice tone="failed" title="This extract isn’t valid">
        {faults.length === 0 ? <p>{error.message}</p> : null}
        {faults.map(({ label, reason }) => (
          <p key={`${label} ${reason}`}>
            {label ? <strong>{label}: </strong> : null}
            {reason}
          </p>
        ))}
      </Notice>
    );
  }
}

function Preview({
  preview,
  estimate,
}: {
  readonly preview: ExtractPreview;
  readonly estimate: ExtractEstimate;
}) {
  const { columns, rows } = preview;
  return (
    <div className="space-y-3">
      {estimate.refusal ? (
        <Notice tone="failed" title="This extract has too many rows">
          <p>{estimate.refusal}</p>
        </Notice>
      ) : null}
      <p className="text-sm text-muted">
        {estimate.refusal
          ? `The first ${rows.length}, as the file would show them:`
          : rows.length === 0
            ? 'No rows match in the replica, which can be slightly behind the CRM. The run waits for the replica to catch up, so the file will contain the CRM’s data as of the start of the run.'
            : `${estimate.basis === 'counted' ? '' : 'About '}${formatUnits(Math.max(estimate.rows, rows.length), 'row')}. The first ${rows.length}, as the file will show ${rows.length === 1 ? 'it' : 'them'}:`}
      </p>
      {rows.length === 0 ? null : <PreviewTable columns={columns} rows={rows} />}
    </div>
  );
}
