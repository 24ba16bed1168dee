/** Work that the worker does after the request has been answered. Delivered at least once, in any order. */
export type Job =
  /** Without `requestId`: the tenant's live request. */
  | { readonly kind: 'workbench.advance'; readonly tenantId: string; readonly requestId?: string | undefined }
  | { readonly kind: 'extract.advance'; readonly tenantId: string; readonly requestId: string }
  | { readonly kind: 'churn.refit'; readonly tenantId: string }
  /** SageMaker is deploying again what was tested as `version`, which is to be activated when it is there. */
  | {
      readonly kind: 'models.roll-back';
      readonly tenantId: string;
      readonly version: number;
      readonly asked: { readonly at: string; readonly by: { readonly id: string; readonly name: string } };
    }
  /** What the tenant's scores come from has changed: score anew where they are behind. */
  | { readonly kind: 'scores.refresh'; readonly tenantId: string }
  /** The active endpoint is due for a look. */
  | { readonly kind: 'scores.look'; readonly tenantId: string }
  /** A run is shown that is not compared with the default yet. */
  | { readonly kind: 'scores.compare'; readonly tenantId: string };

export interface JobQueue {
  /** Enqueues `job`; it is handed out no earlier than `delaySeconds` from now (0 to 900). */
  send(job: Job, options?: { readonly delaySeconds?: number }): Promise<void>;
}
