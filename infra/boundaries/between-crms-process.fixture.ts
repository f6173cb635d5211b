/* A process of its own that is one of the services between two CRMs; `mortal-service.fixture.ts` starts and kills it. */
import { createLogger } from '@crossdock/service-kit';
import { z } from 'zod';
import { namesBetween, servicesBetween } from './between-crms.fixture.ts';

const name = z.enum(namesBetween).parse(process.argv[2]);
await servicesBetween[name].start(process.env, createLogger(name, 'fatal'));
