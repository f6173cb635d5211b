import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Retention } from '@crossdock/event-bus';

/** Received webhooks are kept for as long as the setting says. */
@Injectable()
export class WebhookRetention implements OnModuleInit {
  readonly #retention: Retention;
  readonly #days: number;

  constructor(retention: Retention, days: number) {
    this.#retention = retention;
    this.#days = days;
  }

  onModuleInit(): void {
    this.#retention.keepFor(this.#days, { table: 'received_webhook', keyColumn: 'dedupe_key', timeColumn: 'received_at' });
  }
}
