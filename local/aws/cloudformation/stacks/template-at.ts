import { AwsError, type Caller, type StandIn } from '@/local/aws/core/service';
import { invalid } from './template';

/** A template in S3, by a URL with the bucket in its path or in its host. */
export async function templateAt(standIn: StandIn, caller: Caller, url: string): Promise<string> {
  const { hostname, pathname } = URL.canParse(url) ? new URL(url) : { hostname: '', pathname: '' };
  const inHost = /^(.+)\.s3[.-][\w.-]*amazonaws\.com$/.exec(hostname)?.[1];
  const path = decodeURIComponent(pathname).slice(1);
  const [bucket = '', ...key] = inHost ? [inHost, path] : path.split('/');
  const found = await standIn.services.s3
    .read(caller, bucket, key.join('/'), 1_000_000)
    .catch((error: unknown) => {
      if (error instanceof AwsError) throw invalid(`S3 error: ${error.message}`);
      throw error;
    });
  return found.toString();
}
