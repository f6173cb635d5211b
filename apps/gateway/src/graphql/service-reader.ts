import { Injectable } from '@nestjs/common';
import { Failure, type ServiceName } from '@crossdock/contracts';
import type { z } from 'zod';
import { InternalClient, type InternalCall } from '../facade/internal-client.ts';

/** Asks services for what the graph shows, by the same way as REST, and believes only what has the form that it should have. */
@Injectable()
export class ServiceReader {
  constructor(private readonly internal: InternalClient) {}

  /** @throws as `InternalClient.call`; Failure `unexpected` where the answer has another form. */
  async read<Schema extends z.ZodType>(service: ServiceName, call: InternalCall, schema: Schema): Promise<z.infer<Schema>> {
    const { success, data, error } = schema.safeParse(await this.internal.call(service, call));
    if (!success) throw new Failure('unexpected', `The answer of ${service} to ${call.method} ${call.path.split('?')[0] ?? ''} has not the form that it should have.`, { cause: error });
    return data;
  }
}
