import { contactChanged, crmRecordTouched, writeCompleted, writeRequested } from '@crossdock/contracts';
import { z } from 'zod';
import { readEvents, type SaidEvent } from '../bus/read-events.ts';
import { latencyOf } from '../series.ts';

/** What a change passes, as the hub's own events tell it. */
interface Passed {
  touched?: SaidEvent;
  told?: SaidEvent;
  asked?: SaidEvent;
  answered?: SaidEvent;
}

const toldSchema = z.object({ source: z.object({ vendor: z.string() }), phone: z.string().optional() });
const askedSchema = z.object({ requestId: z.string(), action: z.object({ fields: z.object({ phone: z.string().optional() }).optional() }) });
const answeredSchema = z.object({ requestId: z.string() });

/** Divides the time of changes over their steps, afterwards, by the times that the events on Kafka carry; measuring costs nothing meanwhile. */
export class StepClock {
  readonly #brokers: string;
  readonly #topicPrefix: string;
  readonly #ways = new Map<string, Map<string, { readonly sentMs: number; readonly seenMs: number }>>();

  constructor(brokers: string, topicPrefix: string) {
    this.#brokers = brokers;
    this.#topicPrefix = topicPrefix;
  }

  /** Remembers when a phone number was changed to at one account and seen at the other; milliseconds since the epoch. */
  take(way: string, phone: string, sentMs: number, seenMs: number): void {
    const ofWay = this.#ways.get(way) ?? new Map<string, { readonly sentMs: number; readonly seenMs: number }>();
    this.#ways.set(way, ofWay.set(phone, { sentMs, seenMs }));
  }

  /** A line a way and step, over all changes whose number was asked for at the other account; where a later one overtook it there, it has no steps. */
  async describe(): Promise<string[]> {
    const passed = await this.#readChanges();
    return [...this.#ways].flatMap(([way, changes]) => {
      const steps = new Map<string, number[]>();
      const add = (step: string, ms: number): void => void steps.set(step, [...steps.get(step) ?? [], ms]);
      for (const [phone, { sentMs, seenMs }] of changes) {
        const { touched, told, asked, answered } = passed.get(phone) ?? {};
        if (!told || !asked || !answered) continue;
        if (touched) {
          add('changed → webhook taken', touched.saidMs - sentMs);
          add('webhook taken → on its way to Kafka', touched.sentMs - touched.saidMs);
          add('Kafka → read and told (inbox, rest, task, call)', told.saidMs - touched.sentMs);
        } else {
          add('changed → read and told', told.saidMs - sentMs);
        }
        add('told → on its way to Kafka', told.sentMs - told.saidMs);
        add('Kafka → sync asks the other account (inbox)', asked.saidMs - told.sentMs);
        add('asked → on its way to Kafka', asked.sentMs - asked.saidMs);
        add('Kafka → written and answered (inbox, task, call)', answered.saidMs - asked.sentMs);
        add('answered → found by a look', seenMs - answered.saidMs);
      }
      return [...steps].map(([step, times]) => {
        const { p50Ms, p99Ms } = latencyOf(times);
        return `${way}: ${step}: p50 ${p50Ms.toFixed(0)} ms, p99 ${p99Ms.toFixed(0)} ms (${times.length})`;
      });
    });
  }

  /** By phone number. */
  async #readChanges(): Promise<Map<string, Passed>> {
    const byPhone = new Map<string, Passed>();
    const touches = new Map<string, SaidEvent>();
    const answers = new Map<string, SaidEvent>();
    const requests = new Map<string, Passed>();
    const passedOf = (phone: string): Passed => {
      const passed = byPhone.get(phone) ?? {};
      byPhone.set(phone, passed);
      return passed;
    };
    await readEvents(this.#brokers, this.#topicPrefix, [crmRecordTouched, contactChanged, writeRequested, writeCompleted], (event) => {
      if (event.type === crmRecordTouched.type) touches.set(event.correlationId, event);
      else if (event.type === writeCompleted.type) answers.set(answeredSchema.parse(event.data).requestId, event);
      else if (event.type === contactChanged.type) {
        const { phone } = toldSchema.parse(event.data);
        // What the other account tells of it afterwards is its echo.
        const passed = phone === undefined ? undefined : passedOf(phone);
        if (passed && (passed.told === undefined || event.saidMs < passed.told.saidMs)) passed.told = event;
      } else {
        const { requestId, action } = askedSchema.parse(event.data);
        const phone = action.fields?.phone;
        if (phone === undefined) return;
        const passed = passedOf(phone);
        passed.asked = event;
        requests.set(requestId, passed);
      }
    });
    for (const passed of byPhone.values()) {
      const touched = passed.told && touches.get(passed.told.correlationId);
      if (touched) passed.touched = touched;
    }
    for (const [requestId, passed] of requests) {
      const answered = answers.get(requestId);
      if (answered) passed.answered = answered;
    }
    return byPhone;
  }
}
