import { VendorRefusal } from '../vendor-refusal.ts';

/** The control API's own error: what happened and what to do, in one sentence. */
export const controlRefusal = (status: number, message: string, path?: string): VendorRefusal =>
  new VendorRefusal(status, { error: path === undefined || path === '' ? message : `${path}: ${message}` });
