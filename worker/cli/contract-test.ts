import { parseArgs } from 'node:util';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { OneTryRuntimeClient } from '@/lib/aws/models/invoke-endpoint';
import { modelEndpointsOf } from '@/lib/aws/models/model-endpoints';
import { contractTest } from '@/lib/domain/models/contract-test';
import { churnInterface } from '@/lib/domain/models/interface';
import type { ContractCheck, ContractReport } from '@/lib/domain/models/ports';
import { endpointName } from '@/lib/domain/models/schemas';

const usage = `Usage: npm run contract-test -- --endpoint <name>

Tests whether a SageMaker endpoint meets Annex's churn interface, version ${churnInterface.version}.
The keys, the region and, unless you use AWS itself, the endpoint URL come from the environment: eval "$(npm run --silent aws:env -- --tenant <id>)"`;

/** A mistake in the command line. */
class UsageError extends Error {}

async function main(): Promise<boolean> {
  const name = nameOf(process.argv.slice(2));
  const settings = { userAgentAppId: 'annex-contract-test' };
  const clients = {
    sagemaker: new SageMakerClient(settings),
    runtime: new OneTryRuntimeClient(settings),
    cloudWatch: new CloudWatchClient(settings),
  };
  const report = await contractTest(
    modelEndpointsOf(async () => clients),
    name,
    { now: () => new Date() },
  );
  console.log(reportText(report));
  return report.passed;
}

function nameOf(args: string[]): string {
  const { endpoint } = optionsOf(args);
  if (endpoint === undefined) throw new UsageError(usage);
  const name = endpointName.safeParse(endpoint);
  if (!name.success) throw new UsageError(`--endpoint ${name.error.issues[0]?.message}`);
  return name.data;
}

function optionsOf(args: string[]) {
  try {
    return parseArgs({ args, options: { endpoint: { type: 'string' } } }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

const marks: Readonly<Record<ContractCheck['outcome'], string>> = {
  passed: 'ok',
  failed: 'FAILED',
  skipped: '-',
  noted: 'note',
};
const cut = (text: string): string => (text.length > 160 ? `${text.slice(0, 159)}…` : text);

function reportText({ endpointName: name, testedAt, passed, contentTypes, checks }: ContractReport): string {
  const failures = checks.filter(({ outcome }) => outcome === 'failed').length;
  return [
    `${name}, churn interface version ${churnInterface.version}, ${testedAt.toISOString()}`,
    '',
    ...checks.flatMap(lines),
    '',
    passed
      ? `Passed. Annex would request scores as ${contentTypes[0]}.`
      : `Failed: ${failures} of ${checks.length} checks failed.`,
  ].join('\n');
}

function lines({ title, outcome, finding, sent, received }: ContractCheck): string[] {
  return [
    `${marks[outcome].padEnd(7)}${title}: ${finding}`,
    ...(sent === null ? [] : [`         sent      ${cut(sent)}`]),
    ...(received === null ? [] : [`         received  ${cut(received)}`]),
  ];
}

main()
  .then((passed) => {
    process.exitCode = passed ? 0 : 1;
  })
  .catch((error: unknown) => {
    process.exitCode = 1;
    const text = error instanceof Error ? error.message : String(error);
    process.stderr.write(error instanceof UsageError ? `${text}\n` : `The test could not run: ${text}\n`);
  });
