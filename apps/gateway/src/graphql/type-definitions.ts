import { attributionTypes } from './attribution/attribution.types.ts';
import { baseTypes } from './base.types.ts';
import { connectionTypes } from './connections/connection.types.ts';
import { jobTypes } from './jobs/job.types.ts';
import { orderTypes } from './orders/order.types.ts';
import { recordTypes } from './records/record.types.ts';
import { shipmentTypes } from './shipments/shipment.types.ts';

/** The graph in GraphQL's schema language, with who may see what. */
export const typeDefinitions = [baseTypes, jobTypes, connectionTypes, orderTypes, recordTypes, shipmentTypes, attributionTypes].join('\n');
