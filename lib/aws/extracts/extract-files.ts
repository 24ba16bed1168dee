import { Readable } from 'node:stream';
import { GetObjectCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { z } from 'zod';
import type { ExtractFiles } from '@/lib/domain/extracts/ports';
import { isAnnexError } from '@/lib/errors';
import { tenantClient } from '../core/clients';
import { aws } from '../core/errors';
import { tenantBucket } from '../core/tenant-bucket';

/**
 * How long a URL can start a download. A started download continues. The URL also stops working when the credentials
 * that signed it expire, but the SDK renews them before less than this is left.
 */
const urlSeconds = 300;
/** A browser does not verify checksums, so the URL does not ask S3 for them. */
const checksumHeaders = ['x-amz-checksum-mode'];
const mostManifestBytes = 1024 * 1024;

/** The part of a `manifest.json` that Annex reads. The rest is for people: see `ManifestSeed`. */
const manifest = z.object({
  requestId: z.string(),
  attempt: z.number().int(),
  tenant: z.string(),
  file: z.string().regex(/^data\.(csv|parquet)$/),
  rows: z.number().int().min(0),
  bytes: z.number().int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** The ETag that S3 gave these bytes at upload. Earlier job runs did not write it. */
  etag: z.string().optional(),
  finishedAt: z.iso.datetime(),
});

/** Prefix of an extract's objects in the tenant's bucket. */
export function extractPrefix(requestId: string): string {
  return `extracts/${requestId}/`;
}

/** The extracts' files in the tenant's bucket, read with the tenant's role in the tenant's account. */
export function extractFiles(tenantId: string): ExtractFiles {
  const at = (accountId: string, requestId: string, name: string) => ({
    Bucket: tenantBucket(tenantId, accountId),
    Key: `${extractPrefix(requestId)}${name}`,
  });
  const clientOf = (accountId: string) => tenantClient(S3Client, { kind: 'silo', tenantId, accountId });

  async function textOf(accountId: string, requestId: string, name: string): Promise<string | null> {
    try {
      return await aws('reading the extract’s manifest', async () => {
        const answer = await clientOf(accountId).send(new GetObjectCommand(at(accountId, requestId, name)));
        if ((answer.ContentLength ?? 0) > mostManifestBytes) {
          // An unread body would keep its connection, and its error event, without a listener, would end the process.
          if (answer.Body instanceof Readable) answer.Body.destroy();
          return '';
        }
        return (await answer.Body?.transformToString('utf8')) ?? '';
      });
    } catch (error) {
      if (isAnnexError(error, 'not_found')) return null;
      throw error;
    }
  }

  async function headOf(accountId: string, requestId: string, name: string) {
    try {
      const answer = await aws('checking the extract’s file', () =>
        clientOf(accountId).send(new HeadObjectCommand(at(accountId, requestId, name))),
      );
      return { bytes: answer.ContentLength ?? 0, etag: answer.ETag?.replaceAll('"', '') };
    } catch (error) {
      if (isAnnexError(error, 'not_found')) return null;
      throw error;
    }
  }

  return {
    async verify(accountId, { requestId, attempt }) {
      const text = await textOf(accountId, requestId, 'manifest.json');
      if (text === null) return { state: 'missing', reason: 'there is no manifest.' };
      const said = manifestOf(text);
      if (!said) return { state: 'different', reason: 'its manifest can’t be read.' };
      if (said.requestId !== requestId || said.attempt !== attempt || said.tenant !== tenantId) {
        return { state: 'different', reason: 'its manifest belongs to another extract.' };
      }
      const found = await headOf(accountId, requestId, said.file);
      if (found === null) return { state: 'missing', reason: 'there is a manifest, but no file.' };
      if (found.bytes !== said.bytes) {
        return {
          state: 'different',
          reason: `the file has ${found.bytes} bytes, but its manifest says ${said.bytes}.`,
        };
      }
      if (said.etag !== undefined && found.etag !== said.etag) {
        return { state: 'different', reason: 'the file was changed after its manifest was written.' };
      }
      const { file: name, rows, bytes, sha256 } = said;
      return { state: 'whole', file: { name, rows, bytes, sha256 }, finishedAt: new Date(said.finishedAt) };
    },

    downloadUrl(accountId, { requestId, name, saveAs }) {
      const command = new GetObjectCommand({
        ...at(accountId, requestId, name),
        ResponseContentDisposition: `attachment; filename="${saveAs.replace(/[^\w.-]/g, '_')}"`,
      });
      return aws('signing the download', () =>
        getSignedUrl(clientOf(accountId), command, {
          expiresIn: urlSeconds,
          // Neither moved to the query nor signed, so they are omitted.
          unhoistableHeaders: new Set(checksumHeaders),
          unsignableHeaders: new Set(checksumHeaders),
        }),
      );
    },
  };
}

function manifestOf(text: string): z.output<typeof manifest> | null {
  try {
    return manifest.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
