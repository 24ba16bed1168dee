declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface Options {
    /** Folder of the store. Without it the store is in memory. */
    readonly path?: string;
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
    readonly updateTableMs?: number;
  }

  export default function dynalite(options?: Options): Server;
}
