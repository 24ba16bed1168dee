import { subscriptionsPage } from './page-info';

export const subscriptionHref = (id: string): string => `${subscriptionsPage.path}/${encodeURIComponent(id)}`;
