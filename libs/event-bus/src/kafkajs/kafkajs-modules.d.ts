/** What is used of the inside of kafkajs, which declares types of its outside alone. Its version is fixed; tests see that the inside is as written here. */

declare module 'kafkajs/src/network/requestQueue/index.js' {
  export default class RequestQueue {
    readonly pending: readonly unknown[];
    constructor(options: {
      readonly maxInFlightRequests: number | null;
      readonly requestTimeout: number;
      readonly enforceRequestTimeout: boolean;
      readonly clientId: string;
      readonly broker: string;
      readonly logger: { debug(message: string): void };
    });
    scheduleCheckPendingRequests: (this: RequestQueue) => void;
    push(request: {
      readonly entry: { readonly correlationId: number; readonly resolve: (answer: unknown) => void; readonly reject: (error: unknown) => void };
      readonly expectResponse: boolean;
      readonly sendRequest: () => void;
    }): void;
    maybeThrottle(throttleMs: number): void;
    fulfillRequest(answer: { readonly correlationId: number; readonly size: number; readonly payload: null }): void;
    destroy(): void;
  }
}

declare module 'kafkajs/src/protocol/requests/apiKeys.js' {
  const apiKeys: { readonly Fetch: number };
  export default apiKeys;
}

declare module 'kafkajs/src/protocol/requests/index.js' {
  interface RequestDefinitions {
    readonly versions: readonly string[];
  }
  const definitions: { readonly requests: { readonly Fetch: RequestDefinitions } };
  export default definitions;
}

declare module 'kafkajs/src/broker/index.js' {
  interface FetchPartition {
    readonly partition: number;
    readonly fetchOffset: string;
    readonly maxBytes: number;
  }
  interface FetchTopic {
    readonly topic: string;
    readonly partitions: readonly FetchPartition[];
  }
  /** What a consumer asks a broker. */
  interface FetchQuestion {
    readonly isolationLevel?: number;
    readonly maxWaitTime?: number;
    readonly minBytes?: number;
    readonly maxBytes?: number;
    readonly rackId?: string;
    readonly topics: readonly FetchTopic[];
  }
  interface FetchSessionPart {
    readonly sessionId: number;
    readonly sessionEpoch: number;
    readonly forgottenTopics: ReadonlyArray<{ readonly topic: string; readonly partitions: readonly number[] }>;
  }
  interface FetchAnswer {
    readonly errorCode?: number;
    /** Only in answers of brokers that keep sessions. */
    readonly sessionId?: number;
    readonly responses: ReadonlyArray<{ readonly topicName: string; readonly partitions: ReadonlyArray<{ readonly partition: number }> }>;
  }
  interface FetchRequest {
    readonly request: object;
  }
  export default class Broker {
    readonly connectionPool: { send(request: FetchRequest): Promise<FetchAnswer> };
    lookupRequest(apiKey: number, definitions: object): (question: FetchQuestion & FetchSessionPart) => FetchRequest;
    fetch: (this: Broker, question: FetchQuestion) => Promise<FetchAnswer>;
    disconnect(): Promise<void>;
  }
}
