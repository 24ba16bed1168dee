import type { OrderImport } from './ports';

/** Whether the import is under way. */
export const isImporting = ({ state }: Pick<OrderImport, 'state'>): boolean =>
  state === 'reading' || state === 'storing';
