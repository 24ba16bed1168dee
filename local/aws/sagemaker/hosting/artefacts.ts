import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Programs } from '@/local/aws/core/programs';
import type { StandIn } from '@/local/aws/core/service';
import { algorithmOf } from '../shared/images';
import { reasonOf } from '../shared/reason';
import { isRefusal, isUnanswered, parseS3Uri, roleS3 } from '../shared/role-s3';
import { modelLimits, unpackTarGz } from '../shared/tar-gz';
import type { DeployedVariant } from './endpoint-record';
import type { ModelServerOrder } from './model-server/main';

const retryMs = 500;

/**
 * Puts the variant's artefact into `dir`, read with the model's execution role, and says which container serves it. A
 * text is the reason why there is nothing to serve. Asks again while S3 does not answer; rejects once aborted.
 */
export async function prepareModel(
  standIn: StandIn,
  programs: Programs,
  variant: DeployedVariant,
  dir: string,
  signal: AbortSignal,
): Promise<Pick<ModelServerOrder, 'container' | 'options'> | string> {
  if (variant.container) return variant.container;
  if (variant.modelPackageArn) return unpackPackage(standIn, variant.modelPackageArn, dir);
  const algorithm = algorithmOf(variant.image);
  if (algorithm === null) {
    return `The image ${variant.image} is not here: this stand-in has SageMaker's built-in XGBoost and Linear Learner.`;
  }
  const url = variant.modelDataUrl;
  const place = url === null ? null : parseS3Uri(url);
  if (place === null) return `Production variant ${variant.name} has no model data.`;
  // Both beside the folder, where no file of the archive can take their place.
  const whole = `${dir}.whole`;
  const archive = `${dir}.tar.gz`;
  if (await exists(whole)) return { container: algorithm, options: null };
  const s3 = roleS3(standIn, variant.roleArn);
  try {
    for (;;) {
      try {
        await rm(dir, { recursive: true, force: true });
        await mkdir(dir, { recursive: true });
        await s3.download(place, archive, modelLimits.packedBytes, signal);
        await unpackTarGz(programs, archive, dir, signal);
        await rm(archive);
        await writeFile(whole, '');
        return { container: algorithm, options: null };
      } catch (error) {
        signal.throwIfAborted();
        if (isRefusal(error)) {
          return `Could not find model data at ${url}: ${error.name}. Please ensure that the role "${variant.roleArn}" exists and that its trust relationship policy allows the action "sts:AssumeRole" for the service principal "sagemaker.amazonaws.com". Also ensure that the role has "s3:GetObject" permissions and that the object is located in ${standIn.region}.`;
        }
        if (!isUnanswered(error))
          return `Failed to extract model data archive from URL "${url}": ${reasonOf(error)}`;
        await wait(retryMs, undefined, { signal });
      }
    }
  } finally {
    s3.close();
  }
}

/** The seller's model, which reaches no bucket: the buyer's roles read nothing of it. */
async function unpackPackage(
  standIn: StandIn,
  arn: string,
  dir: string,
): Promise<Pick<ModelServerOrder, 'container' | 'options'> | string> {
  const found = await standIn.services.marketplace.modelPackage(arn);
  if (!found) return `The model package ${arn} is not there.`;
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'model.json'), JSON.stringify(found.model), { mode: 0o600 });
  return { container: 'packaged', options: null };
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
