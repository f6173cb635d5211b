/** The cheapest receiver there can be: Fastify checks the signature over the raw bytes, answers 200 and keeps nothing. */
import { listen, webhookServer } from './webhook-server.ts';

await listen(webhookServer(async () => undefined));
