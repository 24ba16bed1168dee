import { utcDay } from '@/lib/domain/time';
import { tenantVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';
import { recordPress } from '../records';
import { extractInput } from '../schemas';
import { existing } from './get-extract';

/**
 * A URL in the tenant's bucket that gives anyone who has it the file, for minutes. Never store, log or cache it. Throws
 * `forbidden`, `not_found`; `conflict` when there is no complete file (not yet, or no longer).
 */
export const downloadExtract = tenantVerb(
  'extracts.download',
  extractInput,
  async (ctx, { requestId }): Promise<{ url: string }> => {
    const { files } = ctx.ports.extracts;
    const extract = await existing(ctx, requestId);
    const { accountId } = ctx.tenant;
    if (extract.state !== 'done' || extract.file === null || accountId === null) {
      throw new AnnexError('conflict', 'This extract has no file to download.');
    }
    const seen = await files.verify(accountId, extract);
    if (seen.state !== 'whole') {
      throw new AnnexError(
        'conflict',
        `The file in your bucket was removed or changed after it was written: ${seen.reason} Submit the extract again.`,
      );
    }
    await recordPress(ctx, 'extracts.download', extract);
    const { name } = seen.file;
    const day = utcDay(extract.requestedAt);
    const ending = name.slice(name.lastIndexOf('.'));
    const saveAs = `${extract.dataset}-${ctx.tenant.id}-${day}${ending}`;
    return { url: await files.downloadUrl(accountId, { requestId, name, saveAs }) };
  },
);
