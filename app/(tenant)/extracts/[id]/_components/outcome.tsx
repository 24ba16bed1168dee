import Link from 'next/link';
import { Facts } from '@/components/data/facts';
import { formatBytes, formatCount, formatUnits } from '@/components/format';
import { buttonStyle } from '@/components/ui/button';
import { Copyable } from '@/components/ui/copy';
import { FileLink } from '@/components/ui/file-link';
import { NextStep } from '@/components/ui/next-step';
import { Notice } from '@/components/ui/notice';
import { Term } from '@/components/ui/term';
import type { Extract, ExtractFile } from '@/lib/domain/extracts/ports';
import { isOpen } from '../../_components/words';
import { likeHref, trainingDraftHref } from '../../new/draft';
import { PressForm } from './press-form';

/** The actions that an extract's state allows. */
export function Outcome({
  extract,
  bucket,
}: {
  readonly extract: Extract;
  /** The tenant's bucket; null when its account is not known. */
  readonly bucket: string | null;
}) {
  const { requestId, attempt, state, reason, file } = extract;
  const again = (
    <Link href={likeHref(extract)} prefetch={false} className={buttonStyle('plain')}>
      New extract like this
    </Link>
  );
  if (isOpen(extract)) {
    return (
      <>
        {extract.cancelAskedAt ? (
          <Notice tone="running" title="Stopping the run">
            <p>
              The extract will be cancelled once the run stops. If the file is complete by then, it is kept.
            </p>
          </Notice>
        ) : (
          <PressForm press="cancel" requestId={requestId} attempt={attempt} />
        )}
      </>
    );
  }
  if (state === 'failed') {
    return (
      <>
        <Notice tone="failed" title="The extract failed">
          <p>{reason}</p>
          <p>No partial file was kept.</p>
        </Notice>
        <PressForm press="retry" requestId={requestId} attempt={attempt}>
          {again}
        </PressForm>
      </>
    );
  }
  if (state === 'cancelled' || file === null) {
    return (
      <>
        <Notice title="The extract was cancelled">
          {reason ? <p>{reason}</p> : null}
          <p>No file was kept.</p>
        </Notice>
        <div>{again}</div>
      </>
    );
  }
  const purpose = purposeOf(extract);
  return (
    <>
      <FileFacts file={file} />
      <div className="flex flex-wrap gap-2">
        <FileLink href={`/extracts/${requestId}/download`} variant="primary">
          Download {file.name}
        </FileLink>
        {again}
      </div>
      <p className="text-sm text-muted">
        The button creates a download link to your bucket that is valid for five minutes.
      </p>
      <NextStep
        links={[
          { href: '/workbench', label: 'Go to Studio' },
          ...(purpose === 'notebook' ? [{ href: trainingDraftHref, label: 'Take a training extract' }] : []),
        ]}
      >
        {nextWords[purpose]}.
        {bucket ? (
          <>
            {' '}
            Its folder:{' '}
            <Copyable what="path" className="text-xs">
              s3://{bucket}/extracts/{requestId}/
            </Copyable>
          </>
        ) : null}
      </NextStep>
    </>
  );
}

/** What an extract is good for. Training jobs read one layout; a notebook reads any. */
function purposeOf({ dataset, format }: Pick<Extract, 'dataset' | 'format'>): keyof typeof nextWords {
  if (dataset !== 'churn_training') return 'reading';
  return format === 'xgboost' ? 'training' : 'notebook';
}

const nextWords = {
  training: 'train a model on it in Studio',
  notebook:
    'explore it in a notebook of Studio. A training job needs the same data as CSV for SageMaker XGBoost',
  reading: 'read it in Studio',
} as const;

function FileFacts({ file }: { readonly file: ExtractFile }) {
  return (
    <Facts
      facts={[
        { name: 'Rows', value: formatCount(file.rows) },
        { name: 'Size', value: `${formatBytes(file.bytes)} (${formatUnits(file.bytes, 'byte')})` },
        {
          name: 'SHA-256',
          label: <Term name="sha256" />,
          value: (
            <Copyable what="SHA-256" className="text-xs">
              {file.sha256}
            </Copyable>
          ),
        },
      ]}
    />
  );
}
