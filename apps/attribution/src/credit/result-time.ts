import { latencyBucketsSeconds, TracedHistogram } from '@crossdock/metrics';
import { Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';

/** Which models are worked out together: all that share out each deal by itself, with each change; Markov chains, which look at all journeys, with a report. */
type TimedModel = 'per-deal' | 'markov';

/** How long results take to be worked out. */
@Injectable()
export class ResultTime {
  readonly #seconds: TracedHistogram<'model'>;

  constructor(metrics: Registry) {
    this.#seconds = new TracedHistogram({
      name: 'crossdock_attribution_recompute_duration_seconds',
      help: 'Time to work out what a batch of changes bears on by all models that share out each deal by itself (`per-deal`), or a report by a Markov chain (`markov`).',
      labelNames: ['model'],
      buckets: latencyBucketsSeconds,
      registers: [metrics],
    });
  }

  /** @returns what ends the time and takes it down */
  begin(model: TimedModel): () => void {
    return this.#seconds.startTimer({ model });
  }
}
