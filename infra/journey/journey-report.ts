import { performance } from 'node:perf_hooks';

/** Prints the journey for people: a line a step with the milliseconds it took and the identifiers to look it up by. */
export class JourneyReport {
  readonly #startedMs = performance.now();
  #lastMs = this.#startedMs;
  #steps = 0;

  title(text: string): void {
    this.#print(`\n${text}`);
  }

  step(what: string, identifiers: Readonly<Record<string, string | number | undefined>>): void {
    this.#steps += 1;
    const nowMs = performance.now();
    const tookMs = Math.round(nowMs - this.#lastMs);
    this.#lastMs = nowMs;
    this.#print(`${String(this.#steps).padStart(3)}. ${new Date().toISOString().slice(11, 23)}  ${`${tookMs} ms`.padStart(8)}  ${what}`);
    for (const [name, value] of Object.entries(identifiers)) {
      if (value !== undefined) this.#print(`${' '.repeat(29)}${name}: ${value}`);
    }
  }

  end(text: string): void {
    this.#print(`\n✓ ${text} ${((performance.now() - this.#startedMs) / 1_000).toFixed(1)} s\n`);
  }

  fail(text: string): void {
    this.#print(`\n✗ ${text}\n  The services' logs are in .crossdock/logs.\n`);
  }

  #print(line: string): void {
    process.stdout.write(`${line}\n`);
  }
}
