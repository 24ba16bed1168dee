import { Copy } from '@/components/ui/copy';
import type { Extract } from '@/lib/domain/extracts/ports';

/** Python code that reads the file in a Studio notebook. */
export function Snippet({
  extract,
  bucket,
  name,
}: {
  readonly extract: Extract;
  readonly bucket: string;
  readonly name: string;
}) {
  return (
    <section className="space-y-3">
      <h2 className="text-lg">Read it in a notebook</h2>
      <p className="text-sm text-muted">
        Run this in Studio, where your profile’s role can read the bucket. It uses Python with boto3 and
        pandas.
      </p>
      <div className="flex items-start gap-2 border border-line bg-sunk px-4 py-3">
        <pre className="min-w-0 flex-1 font-mono text-sm whitespace-pre-wrap [overflow-wrap:anywhere]">
          <code>{snippetOf(extract, bucket, name)}</code>
        </pre>
        <Copy what="notebook code" />
      </div>
    </section>
  );
}

function snippetOf({ requestId, format, columns }: Extract, bucket: string, name: string): string {
  const key = `extracts/${requestId}/`;
  const dates = columns
    .filter(({ type }) => type === 'timestamp' || type === 'date')
    .map((column) => column.name);
  const names = JSON.stringify(columns.map((column) => column.name));
  const ids = columns.filter(({ type }) => type === 'text').map((column) => `"${column.name}": str`);
  const csvOptions = [
    ...(ids.length > 0 ? [`dtype={${ids.join(', ')}}`] : []),
    ...(dates.length > 0 ? [`parse_dates=${JSON.stringify(dates)}`] : []),
  ];
  const read = {
    csv: `pd.read_csv(${['body', ...csvOptions].join(', ')})`,
    xgboost: `pd.read_csv(body, header=None, names=${names})`,
    parquet: 'pd.read_parquet(body)',
  }[format];
  return [
    'import hashlib, io, json',
    'import boto3',
    'import pandas as pd',
    '',
    's3 = boto3.client("s3")',
    `bucket, prefix = "${bucket}", "${key}"`,
    'manifest = json.load(s3.get_object(Bucket=bucket, Key=prefix + "manifest.json")["Body"])',
    `data = s3.get_object(Bucket=bucket, Key=prefix + "${name}")["Body"].read()`,
    'assert hashlib.sha256(data).hexdigest() == manifest["sha256"]',
    'body = io.BytesIO(data)',
    `frame = ${read}`,
    'frame.head()',
  ].join('\n');
}
