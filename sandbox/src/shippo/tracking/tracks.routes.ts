import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import type { WriteJournal } from '../../write-journal.ts';
import { trackKey, type ShippoAccount, type Track } from '../shippo-accounts.ts';
import { invalidField, notFound } from '../shippo-refusals.ts';
import { substatusOf, trackingStatuses } from './tracking-status.ts';
import { reportStatus } from './tracks.ts';

const trackSchema = z.object({
  carrier: z.string().min(1),
  tracking_number: z.string().min(1),
  metadata: z.string().max(100).optional(),
});

/** Where a parcel is, and registering one that was sent without a label from here. */
export function registerTrackRoutes(
  app: FastifyInstance,
  accountOf: (request: FastifyRequest) => ShippoAccount,
  journal: WriteJournal,
): void {
  app.post('/tracks', async (request) => {
    const account = accountOf(request);
    const wanted = read(trackSchema, request.body, invalidField);
    const track = account.tracks.get(trackKey(wanted.carrier, wanted.tracking_number)) ?? beginTrack(account, wanted);
    if (wanted.metadata !== undefined) track.metadata = wanted.metadata;
    journal.count(account.account, 'tracks', trackKey(track.carrier, track.tracking_number), 'created');
    return track;
  });

  app.get<{ Params: { carrier: string; number: string } }>('/tracks/:carrier/:number', async (request) => {
    const account = accountOf(request);
    const { carrier, number } = request.params;
    const known = account.tracks.get(trackKey(carrier, number));
    if (known !== undefined) return known;
    if (carrier !== 'shippo') throw notFound();
    return beginTrack(account, { carrier, tracking_number: number });
  });
}

/** Test numbers of the carrier `shippo` (`SHIPPO_TRANSIT`, …) are at their status from the start. */
function beginTrack(account: ShippoAccount, { carrier, tracking_number: number }: z.output<typeof trackSchema>): Track {
  const track: Track = { carrier, tracking_number: number, messages: [], tracking_history: [] };
  const status = trackingStatuses.find((candidate) => carrier === 'shippo' && number === `SHIPPO_${candidate}`);
  if (carrier === 'shippo' && status === undefined) throw invalidField('tracking_number', 'Not a test tracking number.');
  if (status !== undefined) reportStatus(account, track, status, substatusOf(status));
  account.tracks.set(trackKey(carrier, number), track);
  return track;
}
