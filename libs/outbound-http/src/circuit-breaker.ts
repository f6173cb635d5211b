/**
 * One breaker a connection: after several failures in a row further calls are refused at once, until after a pause a
 * single probe finds the vendor well again. It spares a vendor that is down, and our workers the waiting.
 */
export interface CircuitBreakerOptions {
  /** Failures in a row that open the circuit. */
  readonly failureThreshold: number;
  /** How long an open circuit refuses before it lets one probe through. */
  readonly openForMs: number;
  /** Circuits remembered at once; the one that failed least recently is forgotten first. */
  readonly maxCircuits: number;
  readonly now: () => number;
}

interface Circuit {
  readonly group: string;
  failures: number;
  openUntilMs: number;
  probing: boolean;
}

export type Admission = { admitted: true } | { admitted: false; retryAfterMs: number };

export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  /** Holds only circuits with failures, in the order of their latest one. */
  readonly #circuits = new Map<string, Circuit>();

  constructor(options: CircuitBreakerOptions) {
    this.#options = options;
  }

  /** Asks whether a call may go out; who is admitted must tell the result by `succeeded`, `failed` or `withdrawn`. */
  admit(key: string): Admission {
    const circuit = this.#circuits.get(key);
    if (!circuit || circuit.failures < this.#options.failureThreshold) return { admitted: true };
    const remainingMs = circuit.openUntilMs - this.#options.now();
    if (remainingMs > 0) return { admitted: false, retryAfterMs: remainingMs };
    if (circuit.probing) return { admitted: false, retryAfterMs: this.#options.openForMs };
    circuit.probing = true;
    return { admitted: true };
  }

  succeeded(key: string): void {
    this.#circuits.delete(key);
  }

  failed(key: string, group: string): void {
    const failures = (this.#circuits.get(key)?.failures ?? 0) + 1;
    this.#circuits.delete(key);
    this.#circuits.set(key, { group, failures, openUntilMs: this.#options.now() + this.#options.openForMs, probing: false });
    const oldest = this.#circuits.keys().next();
    if (this.#circuits.size > this.#options.maxCircuits && !oldest.done) this.#circuits.delete(oldest.value);
  }

  /** The call ended without saying anything about the vendor, as when our own side cancelled it. */
  withdrawn(key: string): void {
    const circuit = this.#circuits.get(key);
    if (circuit) circuit.probing = false;
  }

  /** How many circuits of each group refuse calls or wait for their probe. */
  openByGroup(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { group, failures } of this.#circuits.values()) {
      if (failures >= this.#options.failureThreshold) counts.set(group, (counts.get(group) ?? 0) + 1);
    }
    return counts;
  }
}
