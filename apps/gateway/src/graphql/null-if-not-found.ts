import { Failure } from '@crossdock/contracts';
import { HttpException } from '@nestjs/common';

/** In the graph, what is not there, or is another tenant's, is null and no error. */
export async function nullIfNotFound<Found>(found: Promise<Found>): Promise<Found | null> {
  try {
    return await found;
  } catch (thrown) {
    if (thrown instanceof HttpException ? thrown.getStatus() === 404 : thrown instanceof Failure && thrown.kind === 'not_found') return null;
    throw thrown;
  }
}
