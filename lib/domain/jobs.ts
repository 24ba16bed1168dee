/** Work that the worker does after the request has been answered. Delivered at least once, in any order. */
export type Job =
  | { readonly kind: 'workbench.advance'; readonly tenantId: string; readonly requestId: string }
  | { readonly kind: 'churn.refit'; readonly tenantId: string };

export interface JobQueue {
  /** Enqueues `job`; it is handed out no earlier than `delaySeconds` from now (0 to 900). */
  send(job: Job, options?: { readonly delaySeconds?: number }): Promise<void>;
}
