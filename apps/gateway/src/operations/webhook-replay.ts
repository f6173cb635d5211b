import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Failure, vendorSchema } from '@crossdock/contracts';
import type { KeptDeadLetter } from '@crossdock/event-bus';
import { DeadLetterReplayers } from '@crossdock/operations';
import { WebhookSources } from '../ingest/webhook-sources.ts';
import { WebhookStore } from '../ingest/webhook-store.ts';
import { keptWebhookOf } from './kept-webhook.ts';

/** Reads a dead webhook again by its vendor's source, and stores what it tells as if it came now. */
@Injectable()
export class WebhookReplay implements OnModuleInit {
  constructor(
    private readonly replayers: DeadLetterReplayers,
    private readonly sources: WebhookSources,
    private readonly store: WebhookStore,
  ) {}

  onModuleInit(): void {
    this.replayers.register('webhook', (_manager, letter) => this.replay(letter));
  }

  /**
   * Stores by the webhooks' own transaction: where the letter's removal then fails, a further replay finds its dedupe
   * keys and adds nothing.
   */
  async replay(letter: KeptDeadLetter): Promise<'accepted' | 'duplicate'> {
    const source = this.sources.find(vendorSchema.parse(letter.kind));
    if (!source) throw new Failure('invalid', `Nothing here reads webhooks of ${letter.kind}.`);
    const reading = await source.reread(keptWebhookOf(letter));
    switch (reading.outcome) {
      case 'verified':
        return await this.store.store(reading.deliveries) > 0 ? 'accepted' : 'duplicate';
      case 'unreadable':
      case 'malformed':
        throw new Failure('invalid', reading.reason);
      default:
        throw new Failure('not_found', 'The connection that the webhook came by is gone, or was not kept with it.');
    }
  }
}
