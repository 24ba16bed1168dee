import { record } from '@/lib/domain/audit/record';
import { tenantVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';
import type { IdleSetting } from '../ports';
import { setIdleShutdownInput } from '../schemas';

const words = (setting: IdleSetting | null | undefined): string | null =>
  setting ? (setting.state === 'disabled' ? 'disabled' : `after ${setting.minutes} min`) : null;

/**
 * Sets after how long without use SageMaker stops apps of the workbench’s domain; apps that are up keep what they were started with.
 * What is left out stays as it is. Throws `forbidden`, `invalid`; `conflict` before the workbench is ready; what AWS throws.
 */
export const setIdleShutdown = tenantVerb(
  'running.set-idle',
  setIdleShutdownInput,
  async (ctx, { JupyterLab, CodeEditor }): Promise<void> => {
    if (!JupyterLab && !CodeEditor) {
      throw new AnnexError('invalid', 'Nothing was chosen. Say for JupyterLab or Code Editor what to do.');
    }
    const domainId = (await ctx.ports.workbenches.live())?.domainId;
    if (!domainId) {
      throw new AnnexError(
        'conflict',
        'There is no Studio domain yet. Set idle shutdown once the workbench is ready.',
      );
    }
    const { settings } = await ctx.ports.idleShutdown.ofDomain(domainId);
    const what = {
      action: 'running.set-idle',
      subject: `domain/${domainId}`,
      before: { jupyterLab: words(settings.JupyterLab), codeEditor: words(settings.CodeEditor) },
      after: {
        jupyterLab: words(JupyterLab ?? settings.JupyterLab),
        codeEditor: words(CodeEditor ?? settings.CodeEditor),
      },
    } as const;
    await record(ctx, { ...what, result: 'asked' });
    try {
      await ctx.ports.idleShutdown.change(domainId, {
        ...(JupyterLab && { JupyterLab }),
        ...(CodeEditor && { CodeEditor }),
      });
    } catch (error) {
      await record(ctx, { ...what, result: 'failed' });
      throw error;
    }
  },
);
