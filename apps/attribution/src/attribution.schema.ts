import type { OwnedSchema } from '@crossdock/service-kit';
import { CreateAttribution1795240000000 } from './migrations/create-attribution.ts';

/** The PostgreSQL schema of attribution. */
export const attributionSchema: OwnedSchema = { name: 'attribution', migrations: [CreateAttribution1795240000000] };
