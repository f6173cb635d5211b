import { z } from 'zod';

/** Secrets by field, as a caller hands them in. */
export const credentialsSchema = z.record(z.string().regex(/^[a-z_]{1,64}$/), z.string().min(1).max(8_192));
