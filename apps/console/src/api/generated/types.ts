/** Written by `npm run generate` from docs/openapi.json. */

export type ClientOptions = {
    baseUrl: `${string}://${string}` | (string & {});
};

export type AccountSchema = {
    object: 'contact' | 'company' | 'deal';
    fields: Array<{
        name: string;
        label: string;
        type: 'text' | 'long_text' | 'email' | 'phone' | 'url' | 'integer' | 'decimal' | 'money' | 'boolean' | 'date' | 'date_time' | 'picklist' | 'multi_picklist' | 'owner' | 'reference';
        isCustom: boolean;
        isReadOnly: boolean;
        isRequired: boolean;
        maxLength?: number;
        options?: Array<{
            value: string;
            label: string;
            isActive: boolean;
        }>;
    }>;
};

export type ApiKey = {
    id: string;
    name: string;
    prefix: string;
    scopes: Array<string>;
    workspaceId: string | null;
    createdBy: string;
    createdAt: string;
    expiresAt: string;
    lastUsedAt: string | null;
    revokedAt: string | null;
};

export type ApiKeysCreate = {
    /**
     * What the key is for.
     */
    name: string;
    /**
     * What the key allows: no more than its maker may.
     */
    scopes: Array<'connections:read' | 'connections:write' | 'records:read' | 'personal:read' | 'orders:read' | 'orders:write' | 'shipments:read' | 'shipments:write' | 'attribution:read' | 'attribution:write' | 'syncs:read' | 'syncs:write' | 'leads:write' | 'jobs:read' | 'jobs:write' | 'dead-letters:read' | 'dead-letters:write' | 'identity:read' | 'identity:write' | 'lineage:read' | 'audit:read' | 'audit:write' | 'privacy:read' | 'privacy:write' | 'api-keys:read' | 'api-keys:write'>;
    /**
     * The one workspace whose reports the key may read; it opens nothing else then.
     */
    workspaceId?: string;
    /**
     * Days until it holds no more.
     */
    expiresInDays?: number;
};

export type AttributionTouches = {
    touches: Array<{
        id: string;
        kind: 'lead' | 'web' | 'campaign' | 'activity';
        contactEmail?: string;
        contactPhone?: string;
        companyDomain?: string;
        connectionId?: string;
        occurredAt: string;
        channel: string;
        campaign?: string;
        product?: string;
        cost?: {
            amountMinor: number;
            currency: string;
        };
    }>;
};

export type AttributionRules = {
    windowDays: number;
    halfLifeDays: number;
    touchKinds: Array<'sample' | 'sample_sent' | 'order' | 'lead' | 'web' | 'campaign' | 'activity'>;
    reach: 'contacts' | 'company';
    conversionStages: {
        [key: string]: Array<string>;
    };
    ownerField: string;
    model: 'first' | 'last' | 'last-non-direct' | 'linear' | 'position' | 'w-shaped' | 'time-decay' | 'shapley';
    markovOrder: number;
    reportCurrency?: string;
    writeBack?: {
        connectionIds: Array<string>;
        field: string;
    };
};

export type AttributionSettings = {
    version: number;
    settings: AttributionRules;
    savedBy: string;
    savedAt?: string;
    /**
     * Settings that hold once their results have been worked out by this job.
     */
    building?: {
        version: number;
        settings: AttributionRules;
        jobId?: string;
    };
};

export type AttributionSettingsExceptIdentity = {
    one: string;
    other?: string;
    note: string;
};

export type AttributionSettingsSave = {
    windowDays?: number;
    halfLifeDays?: number;
    touchKinds?: Array<'sample' | 'sample_sent' | 'order' | 'lead' | 'web' | 'campaign' | 'activity'>;
    reach?: 'contacts' | 'company';
    conversionStages?: {
        [key: string]: Array<string>;
    };
    ownerField?: string;
    model?: 'first' | 'last' | 'last-non-direct' | 'linear' | 'position' | 'w-shaped' | 'time-decay' | 'shapley';
    markovOrder?: number;
    reportCurrency?: string;
    writeBack?: {
        connectionIds: Array<string>;
        field: string;
    };
};

export type AttributionSettingsStoreRates = {
    rates: Array<{
        currency: string;
        base: string;
        day: string;
        rate: string;
    }>;
};

export type AttributionSettingsVersion = {
    rulesVersion: number;
    settings: AttributionRules;
    version: number;
    state: 'building' | 'live' | 'superseded' | 'abandoned';
    savedBy: string;
    savedAt?: string;
    /**
     * The job that works results out by them.
     */
    jobId?: string;
};

export type AuditRetain = {
    days: number;
};

export type AuditEntry = {
    id: string;
    at: string;
    actor: string;
    action: string;
    record: {
        [key: string]: string;
    };
    outcome: 'asked' | 'done' | 'refused' | 'failed';
    detail: {
        [key: string]: string | number;
    };
    sequence: number;
    /**
     * In hexadecimal digits; that of the entry before is part of it.
     */
    hash: string;
};

export type AuditVerdict = {
    outcome: 'whole' | 'broken';
    entries: number;
    /**
     * The first place where an entry is missing or not what it was.
     */
    brokenAt?: number;
};

export type AuthorisationsAuthorise = {
    vendor: 'hubspot' | 'salesforce' | 'pipedrive' | 'zoho' | 'dynamics' | 'woocommerce' | 'shippo';
    settings?: {
        [key: string]: unknown;
    };
    returnTo?: string;
    credentials?: {
        [key: string]: string;
    };
};

export type AuthorisationsReconnect = {
    settings?: {
        [key: string]: unknown;
    };
    returnTo?: string;
    credentials?: {
        [key: string]: string;
    };
};

export type Caller = {
    kind: 'service' | 'api_key' | 'user';
    /**
     * As it is written down of what the caller does: a client id, `api-key/<id>` or `user/<id>`.
     */
    id: string;
    /**
     * What the caller may, in alphabetical order.
     */
    scopes: Array<string>;
    tenant: {
        id: string;
        /**
         * Absent for a tenant that nobody made here.
         */
        name?: string;
    };
};

export type CanonicalOrder = {
    source: {
        vendor: 'hubspot' | 'salesforce' | 'pipedrive' | 'zoho' | 'dynamics' | 'woocommerce' | 'shippo';
        connectionId: string;
        externalId: string;
    };
    modifiedAt: string;
    custom?: {
        [key: string]: string | number | boolean | {
            amountMinor: number;
            currency: string;
        } | Array<string> | null;
    };
    number: string;
    status: 'pending' | 'on_hold' | 'processing' | 'shipped' | 'completed' | 'cancelled' | 'refunded' | 'failed';
    total: {
        amountMinor: number;
        currency: string;
    };
    placedAt: string;
    /**
     * Left out for whoever may not see people’s data.
     */
    customer?: {
        email?: string;
        phone?: string;
        firstName?: string;
        lastName?: string;
        companyName?: string;
        country?: string;
        lifecycleStage?: 'subscriber' | 'lead' | 'marketing_qualified' | 'sales_qualified' | 'opportunity' | 'customer' | 'evangelist' | 'other';
    };
    lines: Array<{
        externalId: string;
        name: string;
        sku?: string;
        quantity: number;
        total: {
            amountMinor: number;
            currency: string;
        };
    }>;
    charges?: Array<{
        externalId: string;
        kind: 'shipping' | 'fee' | 'tax';
        name: string;
        total: {
            amountMinor: number;
            currency: string;
        };
    }>;
    refunds?: Array<{
        externalId: string;
        amount: {
            amountMinor: number;
            currency: string;
        };
    }>;
};

export type CataloguedEndpoint = {
    method: string;
    path: string;
    version: string;
    /**
     * The service that does it; the gateway hands the call on where that is another one.
     */
    owner: string;
    /**
     * Who may call.
     */
    consumers: 'tenants' | 'operators' | 'everybody';
    scopes: Array<string>;
    description: string;
    /**
     * JSON Schema of its body, where it takes one.
     */
    schema?: unknown;
    deprecation: {
        state: 'current';
    } | {
        state: 'deprecated';
        successor?: string;
    };
};

export type CataloguedEvent = {
    type: string;
    /**
     * Major version, such as `v1`.
     */
    version: string;
    /**
     * The services that say it.
     */
    owners: Array<string>;
    consumers: Array<string>;
    description: string;
    /**
     * JSON Schema of its data.
     */
    schema: unknown;
    deprecation: {
        state: 'current';
    } | {
        state: 'deprecated';
        successor?: string;
    };
};

export type Connection = {
    id: string;
    vendor: 'hubspot' | 'salesforce' | 'pipedrive' | 'zoho' | 'dynamics' | 'woocommerce' | 'shippo';
    accountId: string;
    accountName?: string;
    settings: {
        [key: string]: unknown;
    };
    state: 'connecting' | 'healthy' | 'degraded' | 'needs_reconnect' | 'disconnected';
    stateCode?: 'authorisation_refused' | 'renewal_lost' | 'secret_unreadable' | 'permission_missing' | 'account_limited' | 'vendor_unreachable' | 'disconnected';
    stateReason?: string;
    stateSince: string;
};

export type ConnectionAct = {
    id: string;
    at: string;
    actor: string;
    action: 'authorisation.started' | 'authorisation.keys_received' | 'authorisation.finished' | 'authorisation.refused' | 'connection.created' | 'connection.reconnected' | 'connection.state' | 'connection.secrets_changed' | 'connection.disconnected' | 'connection.revoked' | 'connection.webhooks';
    outcome: string;
    detail: string | null;
};

export type ConnectionCapabilities = {
    mode: 'full' | 'light' | 'read_only' | 'none';
    edition?: string;
    probedAt: string;
    missing: Array<{
        name: 'api' | 'read_records' | 'write_records' | 'create_fields' | 'key_field' | 'custom_objects' | 'embedded_pages' | 'line_items' | 'change_notices';
        consequence: string;
    }>;
};

export type ConnectionHealth = {
    connectionId: string;
    vendor: 'hubspot' | 'salesforce' | 'pipedrive' | 'zoho' | 'dynamics' | 'woocommerce' | 'shippo';
    state: 'connecting' | 'healthy' | 'degraded' | 'needs_reconnect' | 'disconnected';
    since: string;
    reason?: {
        code: 'authorisation_refused' | 'renewal_lost' | 'secret_unreadable' | 'permission_missing' | 'account_limited' | 'vendor_unreachable' | 'disconnected';
        message: string;
    };
    /**
     * Absent before the first one.
     */
    lastProbe?: {
        at: string;
        outcome: 'succeeded' | 'failed';
        message?: string;
    };
    /**
     * What the account allows and what is missing there; absent for vendors that are not looked at for it, and before the first look.
     */
    capabilities?: ConnectionCapabilities;
    /**
     * How many warnings each mapping has because the account has changed; absent where none has any.
     */
    mappingDrift?: {
        [key: string]: number;
    };
    banner?: {
        severity: 'warning' | 'error';
        title: string;
        text: string;
        /**
         * What ends it, where the tenant can: `reconnect` is asked for at the given path.
         */
        action?: {
            name: 'reconnect';
            method: 'POST';
            path: string;
        };
    };
    /**
     * What is used of each limit that the vendor has for the account. Absent while the counts cannot be read.
     */
    budget?: Array<LimitUsage>;
};

export type ConnectionsChangeSecrets = {
    credentials: {
        [key: string]: string;
    };
    overlapSeconds?: number;
};

export type ConnectionsCreate = {
    vendor: 'hubspot' | 'salesforce' | 'pipedrive' | 'zoho' | 'dynamics' | 'woocommerce' | 'shippo';
    accountId: string;
    endpoint?: string;
    settings?: {
        [key: string]: unknown;
    };
    credentials: {
        [key: string]: string;
    };
};

export type CreditedDeal = {
    amountMinor: number;
    currency: string;
    dealId: string;
    source: {
        vendor: 'hubspot' | 'salesforce' | 'pipedrive' | 'zoho' | 'dynamics' | 'woocommerce' | 'shippo';
        connectionId: string;
        externalId: string;
    };
    name: string;
    closedAt: string;
    revenue: {
        amountMinor: number;
        currency: string;
    };
    /**
     * Part of the deal's one conversion, above 0 and up to 1.
     */
    share: number;
    /**
     * How many touches its journey has, of whatever key.
     */
    touches: number;
};

export type DeadLetter = {
    id: string;
    origin: 'event' | 'task' | 'webhook';
    state: 'dead' | 'parked';
    kind: string;
    reason: string;
    error: string;
    tenantId: string | null;
    record: string | null;
    at: string;
    headers: unknown;
    /**
     * The content where it is JSON, redacted; other bytes are not shown, only measured.
     */
    content: {
        json: unknown;
    } | {
        bytes: number;
        sha256: string;
    };
    message?: {
        topic: string;
        partition: number;
        offset: string;
    };
    /**
     * Tries of a task.
     */
    attempts?: number;
    /**
     * What operators did with it before, newest first.
     */
    history: Array<OperatorAct>;
};

export type DeadLetterActs = {
    results: Array<{
        id: string;
        result: string;
        detail?: string;
    }>;
    /**
     * Where the next page of the filter begins; absent when this was the last.
     */
    nextCursor?: string;
};

export type DeadLetterLine = {
    id: string;
    origin: 'event' | 'task' | 'webhook';
    state: 'dead' | 'parked';
    kind: string;
    reason: string;
    error: string;
    tenantId: string | null;
    record: string | null;
    at: string;
    service: 'gateway' | 'auth-sso' | 'crm-salesforce' | 'crm-hubspot' | 'crm-pipedrive' | 'crm-zoho' | 'crm-dynamics' | 'orders' | 'shipping' | 'attribution' | 'sync' | 'journal';
};

export type DeadLetterOfTenant = {
    id: string;
    origin: 'event' | 'task' | 'webhook';
    state: 'dead' | 'parked';
    kind: string;
    reason: string;
    error: string;
    tenantId: string | null;
    record: string | null;
    at: string;
    service: 'gateway' | 'auth-sso' | 'crm-salesforce' | 'crm-hubspot' | 'crm-pipedrive' | 'crm-zoho' | 'crm-dynamics' | 'orders' | 'shipping' | 'attribution' | 'sync' | 'journal';
    /**
     * Null where nobody knows whose it is.
     */
    tenantName: string | null;
};

export type DeadLetterSummary = {
    groups: Array<{
        origin: 'event' | 'task' | 'webhook';
        state: 'dead' | 'parked';
        kind: string;
        reason: string;
        count: number;
        oldestAt: string;
        service: 'gateway' | 'auth-sso' | 'crm-salesforce' | 'crm-hubspot' | 'crm-pipedrive' | 'crm-zoho' | 'crm-dynamics' | 'orders' | 'shipping' | 'attribution' | 'sync' | 'journal';
    }>;
    /**
     * False where there are more than were counted: 100,000 of messages and as many tasks.
     */
    isComplete: boolean;
    /**
     * Services that do not answer: what they hold is missing.
     */
    unavailable: Array<'gateway' | 'auth-sso' | 'crm-salesforce' | 'crm-hubspot' | 'crm-pipedrive' | 'crm-zoho' | 'crm-dynamics' | 'orders' | 'shipping' | 'attribution' | 'sync' | 'journal'>;
};

export type DealCredits = {
    dealId: string;
    model: 'first' | 'last' | 'last-non-direct' | 'linear' | 'position' | 'w-shaped' | 'time-decay' | 'shapley';
    source: {
        vendor: 'hubspot' | 'salesforce' | 'pipedrive' | 'zoho' | 'dynamics' | 'woocommerce' | 'shippo';
        connectionId: string;
        externalId: string;
    };
    name: string;
    status: 'open' | 'won' | 'lost';
    revenue?: {
        amountMinor: number;
        currency: string;
    };
    closedAt?: string;
    modifiedAt: string;
    /**
     * What the credits follow from; absent while the deal gives none. `revision` counts how often they were worked out to something else.
     */
    result?: {
        settingsVersion: number;
        dataVersion: number;
        revision: number;
        windowDays: number;
        halfLifeDays: number;
    };
    /**
     * Every touch that counts, in order: the path behind the numbers.
     */
    credits: Array<{
        amountMinor: number;
        currency: string;
        touchId: string;
        channel: string;
        share: number;
        touchedAt: string;
    }>;
};

export type ExchangeRate = {
    currency: string;
    base: string;
    day: string;
    /**
     * How many units of `base` one unit of `currency` is worth, as a decimal number.
     */
    rate: string;
};

export type FeatureFlag = {
    flag: string;
    description: string;
    isOnByDefault: boolean;
    /**
     * For how many of a hundred tenants it is on; null where nobody said.
     */
    percentage: number | null;
    /**
     * What was said of single tenants, which goes before that.
     */
    tenants: Array<{
        tenantId: string;
        isOn: boolean;
    }>;
};

export type FeatureFlagChange = {
    id: number;
    tenantId: string;
    before: number | null;
    after: number | null;
    changedBy: string;
    reason: string;
    changedAt: string;
};

export type FlagsRollOut = {
    /**
     * For how many of a hundred tenants it is on. A tenant stays in while it grows.
     */
    percentage: number;
    /**
     * Why, for whoever looks at the changes.
     */
    reason: string;
};

export type FlagsSwitch = {
    isOn: boolean;
    /**
     * Why, for whoever looks at the changes.
     */
    reason: string;
};

export type FoundRecord = {
    object: 'contact' | 'company' | 'deal';
    externalId: string;
    externalKey?: string;
    modifiedAt: string;
    fields: {
        [key: string]: string | number | boolean | {
            amountMinor: number;
            currency: string;
        } | Array<string> | null;
    };
    /**
     * The tenant’s own fields, in the form of the vendor’s type. Left out for contacts where the caller may not see people’s data.
     */
    custom?: {
        [key: string]: string | number | boolean | {
            amountMinor: number;
            currency: string;
        } | Array<string> | null;
    };
    associations: Array<{
        object: 'contact' | 'company' | 'deal';
        externalId: string;
    }>;
};

export type GraphAnswer = {
    data?: unknown;
    errors?: Array<{
        message: string;
        [key: string]: unknown;
    }>;
    extensions?: {
        cost: number;
    };
};

export type GraphqlRun = {
    /**
     * The document; may be left out where `extensions.persistedQuery` names one that is kept.
     */
    query?: string;
    /**
     * Which operation of the document, where it has several.
     */
    operationName?: string | null;
    variables?: {
        [key: string]: unknown;
    } | null;
    extensions?: {
        persistedQuery?: {
            /**
             * SHA-256 of a document that is kept, in hexadecimal.
             */
            sha256Hash: string;
            [key: string]: unknown;
        };
        [key: string]: unknown;
    } | null;
};

export type Identity = {
    identityId: string;
    keys: Array<string>;
    /**
     * What joins the keys: which record says of which two that they are one.
     */
    because: Array<{
        one: string;
        other: string;
        /**
         * The record: `contact:…`, `company:…`, `deal/…`, `order/…` or `touch/…`.
         */
        source: string;
        /**
         * What the record says, in a word or two.
         */
        reason: string;
    }>;
    /**
     * What records say and what does not count: a person took it back, or many share the number.
     */
    notCounted: Array<{
        one: string;
        other: string;
        /**
         * The record: `contact:…`, `company:…`, `deal/…`, `order/…` or `touch/…`.
         */
        source: string;
        /**
         * What the record says, in a word or two.
         */
        reason: string;
    }>;
    /**
     * What persons took back.
     */
    exceptions: Array<{
        one: string;
        other?: string;
        id: string;
        note: string;
    }>;
};

export type IdentityAddPerson = {
    userName: string;
    email?: string | null;
    displayName?: string | null;
    roles?: Array<'viewer' | 'editor' | 'admin'>;
};

export type IdentityAddProvider = {
    name: string;
    issuer: string;
    clientId: string;
    clientSecret?: string;
    settings?: {
        emailDomains?: Array<string>;
        scopes?: Array<string>;
        roleClaim?: string;
        roleOfValue?: {
            [key: string]: 'viewer' | 'editor' | 'admin';
        };
        defaultRole?: 'viewer' | 'editor' | 'admin';
        newPeople?: 'create' | 'refuse';
        isEnabled?: boolean;
    };
};

export type IdentityChangePerson = {
    isActive?: boolean;
    roles?: Array<'viewer' | 'editor' | 'admin'>;
};

export type IdentityChangeProvider = {
    name: string;
    issuer: string;
    clientId: string;
    clientSecret?: string;
    settings?: {
        emailDomains?: Array<string>;
        scopes?: Array<string>;
        roleClaim?: string;
        roleOfValue?: {
            [key: string]: 'viewer' | 'editor' | 'admin';
        };
        defaultRole?: 'viewer' | 'editor' | 'admin';
        newPeople?: 'create' | 'refuse';
        isEnabled?: boolean;
    };
};

export type IdentityGiveRoles = {
    roles: Array<'viewer' | 'editor' | 'admin'>;
};

export type IdentityMakeToken = {
    name: string;
    expiresInDays?: number;
};

export type IdentityProvider = {
    providerId: string;
    name: string;
    /**
     * Compared letter by letter with what the provider says of itself.
     */
    issuer: string;
    clientId: string;
    settings: {
        emailDomains: Array<string>;
        scopes: Array<string>;
        roleClaim: string;
        roleOfValue: {
            [key: string]: 'viewer' | 'editor' | 'admin';
        };
        defaultRole?: 'viewer' | 'editor' | 'admin';
        newPeople: 'create' | 'refuse';
        isEnabled: boolean;
    };
    /**
     * Counts changes.
     */
    version: number;
    redirectUri: string;
    backChannelLogoutUri: string;
};

export type InstallationDeadLetterSummary = {
    groups: Array<{
        origin: 'event' | 'task' | 'webhook';
        state: 'dead' | 'parked';
        kind: string;
        reason: string;
        count: number;
        oldestAt: string;
        /**
         * Null where nobody knows whose it is, such as bytes that are no event.
         */
        tenantId: string | null;
        service: 'gateway' | 'auth-sso' | 'crm-salesforce' | 'crm-hubspot' | 'crm-pipedrive' | 'crm-zoho' | 'crm-dynamics' | 'orders' | 'shipping' | 'attribution' | 'sync' | 'journal';
        /**
         * Null where nobody knows whose it is.
         */
        tenantName: string | null;
    }>;
    /**
     * False where there are more than were counted: 100,000 of messages and as many tasks of a service; or more sorts than 200.
     */
    isComplete: boolean;
    /**
     * Services that do not answer: what they hold is missing.
     */
    unavailable: Array<'gateway' | 'auth-sso' | 'crm-salesforce' | 'crm-hubspot' | 'crm-pipedrive' | 'crm-zoho' | 'crm-dynamics' | 'orders' | 'shipping' | 'attribution' | 'sync' | 'journal'>;
};

export type InstallationFigures = {
    /**
     * When it was looked.
     */
    at: string;
    services: Array<{
        /**
         * Events that this process has handled since it started: two looks give a rate.
         */
        eventsHandled: number;
        /**
         * Events that wait to be published.
         */
        outbox: {
            events: number;
            oldestSeconds: number;
        };
        /**
         * Messages that this process knows of and has not handled.
         */
        lag: {
            messages: number;
            oldestSeconds: number;
        };
        /**
         * Work that is not done, by its state.
         */
        tasks: Array<{
            state: string;
            tasks: number;
            oldestSeconds: number;
        }>;
        deadLetters: number;
        /**
         * How much of a vendor’s limit the account nearest to it has used, from 0 to 1, by calls of this process.
         */
        budgets: Array<{
            vendor: string;
            window: string;
            usedRatio: number;
        }>;
        service: 'gateway' | 'auth-sso' | 'crm-salesforce' | 'crm-hubspot' | 'crm-pipedrive' | 'crm-zoho' | 'crm-dynamics' | 'orders' | 'shipping' | 'attribution' | 'sync' | 'journal';
    }>;
    /**
     * Services that do not answer.
     */
    unavailable: Array<'gateway' | 'auth-sso' | 'crm-salesforce' | 'crm-hubspot' | 'crm-pipedrive' | 'crm-zoho' | 'crm-dynamics' | 'orders' | 'shipping' | 'attribution' | 'sync' | 'journal'>;
    /**
     * Where the dashboards are.
     */
    grafanaUrl?: string;
};

export type Job = {
    id: string;
    /**
     * `<service or vendor>.<verb>`.
     */
    kind: string;
    state: 'queued' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'cancelled';
    /**
     * Ids of what it is about.
     */
    about: unknown;
    /**
     * What can be done with it at present.
     */
    acts: Array<'cancel' | 'resume'>;
    /**
     * From 0 to 1; absent while nobody knows how much there is to do.
     */
    progress?: number;
    total?: number;
    done: number;
    failed: number;
    step?: string;
    ratePerSecond?: number;
    secondsLeft?: number;
    isCancelRequested: boolean;
    error?: {
        kind: 'transient' | 'outcome_unknown' | 'rate_limited' | 'quota_exhausted' | 'unauthorised' | 'forbidden' | 'conflict' | 'cursor_expired' | 'dependency_missing' | 'invalid' | 'not_found' | 'unexpected';
        message: string;
    };
    /**
     * Where the records are listed that it did not bring through.
     */
    recordErrors?: string;
    createdAt: string;
    startedAt?: string;
    updatedAt: string;
    endedAt?: string;
    service: 'crm-hubspot' | 'crm-salesforce' | 'crm-pipedrive' | 'crm-zoho' | 'crm-dynamics' | 'orders' | 'shipping' | 'attribution' | 'sync';
};

export type Lead = {
    id: string;
    syncId: string;
    /**
     * The golden record of the person.
     */
    contactId: string;
    outcome: 'created' | 'updated' | 'unchanged';
    /**
     * Names of the fields that changed.
     */
    changed: Array<string>;
    /**
     * ISO 8601 in UTC with milliseconds.
     */
    receivedAt: string;
};

export type LeadForm = {
    name: string;
    syncId?: string;
    allowedOrigins: Array<string>;
    thanksUrl?: string;
    trapField: string;
    stage: 'subscriber' | 'lead' | 'marketing_qualified' | 'sales_qualified' | 'opportunity' | 'customer' | 'evangelist' | 'other';
    postsPerMinute: number;
    id: string;
    tenantId: string;
    createdAt: string;
};

export type LeadFormsCreate = {
    name: string;
    syncId?: string;
    allowedOrigins: Array<string>;
    thanksUrl?: string;
    trapField?: string;
    stage?: 'subscriber' | 'lead' | 'marketing_qualified' | 'sales_qualified' | 'opportunity' | 'customer' | 'evangelist' | 'other';
    postsPerMinute?: number;
};

export type LeadsTake = {
    syncId?: string;
    fields: {
        email: string;
        phone?: string;
        firstName?: string;
        lastName?: string;
        companyName?: string;
        country?: string;
        lifecycleStage?: 'subscriber' | 'lead' | 'marketing_qualified' | 'sales_qualified' | 'opportunity' | 'customer' | 'evangelist' | 'other';
    };
    custom?: {
        [key: string]: string | number | boolean | {
            amountMinor: number;
            currency: string;
        } | Array<string> | null;
    };
    overwrite?: Array<string>;
    channel?: string;
    campaign?: string;
    moveBack?: boolean;
};

export type LedgerEntry = {
    dealId: string;
    revision: number;
    recordedAt: string;
    cause: 'won' | 'taken_back' | 'shrunk' | 'grown' | 'moved' | 'touches';
    dataVersion: number;
    convertedAt: string;
    /**
     * What changed for each touch; negative where credit was taken back. Those of one currency sum to the change of the deal's revenue.
     */
    corrections: Array<{
        touchId: string;
        amountMinor: number;
        currency: string;
    }>;
};

export type LeftOutCompanies = {
    goldenId: string;
    connectionId: string;
    externalId: string;
    /**
     * Those that it belongs to elsewhere and not there, as the account has them.
     */
    companies: Array<{
        goldenId: string;
        externalId: string;
    }>;
};

export type LimitUsage = {
    /**
     * Of the limit, unique within the vendor, such as `ten-seconds` or `search`.
     */
    name: string;
    /**
     * `rolling`: so much in any stretch of time of this length; `fixed`: until the vendor’s clock begins a new window; `slots`: so many calls at once.
     */
    kind: 'rolling' | 'fixed' | 'slots';
    /**
     * What is counted; milliseconds are those of the vendor’s work on calls.
     */
    unit: 'calls' | 'tokens' | 'credits' | 'milliseconds';
    /**
     * Length of the window; absent for `slots`.
     */
    windowSeconds?: number;
    /**
     * What the vendor’s answers said that it grants, else what its documents say of the smallest account.
     */
    granted: number;
    /**
     * By all services of the hub, and by others as far as the vendor tells of them; 0 also where nothing was counted yet.
     */
    used: number;
    /**
     * When all that is used now has come back, bit by bit until then in a `rolling` window. Absent where nothing is used, and for `slots`.
     */
    renewsAt?: string;
    /**
     * Until when the vendor asked for no further call.
     */
    pausedUntil?: string;
};

export type Lineage = {
    /**
     * The record as events name it; several where an id alone stands for one record under several names.
     */
    records: Array<string>;
    items: Array<LineageStep | {
        kind: 'decision';
        at: string;
        orderId: string;
        decision: string;
        detail: {
            [key: string]: unknown;
        };
        correlationId?: string;
        causationId?: string;
    }>;
    /**
     * Where its orders stand, and the work that is still open in any service.
     */
    now: {
        orders: Array<{
            status: 'pending' | 'on_hold' | 'processing' | 'shipped' | 'completed' | 'cancelled' | 'refunded' | 'failed';
            since: string;
            waitsFor: Array<OrderWaiting>;
            orderId: string;
        }>;
        openWork: Array<{
            id: string;
            kind: string;
            recordKey: string;
            state: 'ready' | 'running' | 'waiting' | 'parked' | 'dead';
            attempts: number;
            createdAt: string;
            /**
             * Not before this it is tried again.
             */
            notBefore: string;
            correlationId: string;
            errorKind?: string;
            error?: string;
            service: 'gateway' | 'auth-sso' | 'crm-salesforce' | 'crm-hubspot' | 'crm-pipedrive' | 'crm-zoho' | 'crm-dynamics' | 'orders' | 'shipping' | 'attribution' | 'sync' | 'journal';
        }>;
    };
    /**
     * Services that did not answer: what they hold is missing.
     */
    unavailable: Array<'gateway' | 'auth-sso' | 'crm-salesforce' | 'crm-hubspot' | 'crm-pipedrive' | 'crm-zoho' | 'crm-dynamics' | 'orders' | 'shipping' | 'attribution' | 'sync' | 'journal'>;
    nextCursor?: string;
};

export type LineageStep = {
    /**
     * `webhook`: what a vendor told, which became an event because its signature was right.
     */
    kind: 'event' | 'webhook';
    at: string;
    id: string;
    type: string;
    /**
     * Who said it.
     */
    service: string;
    /**
     * Of what it was said.
     */
    subject: string;
    /**
     * The same for everything that one cause from outside set in motion.
     */
    correlationId: string;
    /**
     * The event that led to it.
     */
    causationId?: string;
    signature?: 'verified';
} | {
    kind: 'vendor_call';
    at: string;
    vendor: string;
    connectionId: string;
    operation: string;
    method: string;
    attempt: number;
    outcome: string;
    status?: number;
    durationMs: number;
    correlationId?: string;
};

export type ListedPersonRequest = {
    id: string;
    kind: 'export' | 'erasure';
    state: 'running' | 'done' | 'unfinished';
    round: number;
    requestedBy: string;
    createdAt: string;
    endedAt: string | null;
    fileExpiresAt: string | null;
};

export type ListedShipment = {
    id: string;
    /**
     * `elsewhere`: its label was bought elsewhere, and it is only followed.
     */
    kind: 'outbound' | 'return' | 'elsewhere';
    connectionId: string;
    status: 'requested' | 'label_purchased' | 'pre_transit' | 'in_transit' | 'delivered' | 'returned' | 'failed' | 'voided';
    statusSince: string;
    orderId?: string;
    sample?: {
        /**
         * Left out for whoever may not see people’s data.
         */
        contactEmail?: string;
        campaign?: string;
        product?: string;
        deal?: {
            vendor: 'hubspot' | 'salesforce' | 'pipedrive' | 'zoho' | 'dynamics';
            connectionId: string;
            externalId: string;
        };
    };
    /**
     * The carrier's token at Shippo, such as `usps`. This and the following are there once the label is bought.
     */
    carrier?: string;
    trackingNumber?: string;
    trackingUrl?: string;
    labelUrl?: string;
    service?: string;
    price?: {
        amountMinor: number;
        currency: string;
    };
    /**
     * The papers for customs, where the parcel crosses a border and the carrier makes them.
     */
    commercialInvoiceUrl?: string;
    /**
     * It is of the account's test mode: no parcel will be carried.
     */
    test?: boolean;
    /**
     * The shipment that comes back with this one.
     */
    returnOf?: string;
    /**
     * What has become of the money for a label that was given back.
     */
    refund?: {
        state: 'asked' | 'pending' | 'refunded' | 'rejected';
        askedAt: string;
    };
    deliveredAt?: string;
    /**
     * Why no label could be bought.
     */
    failure?: {
        kind: 'transient' | 'outcome_unknown' | 'rate_limited' | 'quota_exhausted' | 'unauthorised' | 'forbidden' | 'conflict' | 'cursor_expired' | 'dependency_missing' | 'invalid' | 'not_found' | 'unexpected';
        message: string;
    };
    createdAt: string;
};

export type Manifest = {
    id: string;
    connectionId: string;
    state: 'requested' | 'ready' | 'failed';
    shipmentIds: Array<string>;
    /**
     * The day on which they are handed over.
     */
    shippedOn: string;
    /**
     * Addresses of the papers that the driver scans; they are there once it is `ready`.
     */
    documents: Array<string>;
    /**
     * Why there is none.
     */
    message?: string;
};

export type Mapping = {
    connectionId: string;
    object: 'contact' | 'company' | 'deal';
    /**
     * The version that holds; 0 is the defaults alone.
     */
    version: number;
    /**
     * The rules that hold, the defaults among them.
     */
    fields: Array<{
        canonical: string;
        field: string;
        direction: 'both' | 'in' | 'out';
        values?: {
            [key: string]: string | Array<string>;
        };
        transform?: 'country_name' | 'website' | 'owner_email' | 'truncate';
        origin: 'default' | 'own';
    }>;
    off: Array<string>;
    /**
     * The fields of the hub’s own; every other name is a field of the tenant’s.
     */
    hubFields: Array<{
        name: string;
        type: 'text' | 'long_text' | 'email' | 'phone' | 'country' | 'hostname' | 'money' | 'date_time' | 'choice';
        /**
         * No record is without it.
         */
        isRequired: boolean;
        /**
         * The words of a `choice`.
         */
        choices?: Array<string>;
    }>;
    /**
     * What is wrong with them, as the account looked when they were saved.
     */
    problems: Array<{
        severity: 'error' | 'warning';
        code: 'unknown_field' | 'default_left_out' | 'read_only' | 'type_misfit' | 'transform_misfit' | 'values_misfit' | 'option_missing' | 'option_inactive' | 'no_counterpart' | 'not_readable' | 'ambiguous_value' | 'unknown_value' | 'written_twice' | 'required_unfilled' | 'too_long' | 'day_only' | 'foreign_ids' | 'nothing_to_switch_off' | 'misspelt_canonical' | 'field_removed' | 'type_changed' | 'became_read_only' | 'became_required' | 'became_shorter' | 'option_removed' | 'option_renamed' | 'option_deactivated' | 'owners_left';
        canonical?: string;
        field?: string;
        message: string;
        remedy: string;
    }>;
    /**
     * What has changed in the account since, as far as it hits them.
     */
    drift: Array<{
        severity: 'error' | 'warning';
        code: 'unknown_field' | 'default_left_out' | 'read_only' | 'type_misfit' | 'transform_misfit' | 'values_misfit' | 'option_missing' | 'option_inactive' | 'no_counterpart' | 'not_readable' | 'ambiguous_value' | 'unknown_value' | 'written_twice' | 'required_unfilled' | 'too_long' | 'day_only' | 'foreign_ids' | 'nothing_to_switch_off' | 'misspelt_canonical' | 'field_removed' | 'type_changed' | 'became_read_only' | 'became_required' | 'became_shorter' | 'option_removed' | 'option_renamed' | 'option_deactivated' | 'owners_left';
        canonical?: string;
        field?: string;
        message: string;
        remedy: string;
    }>;
    schemaFetchedAt: string;
    /**
     * When the account was last looked at for changes.
     */
    checkedAt: string;
    /**
     * All versions that were saved, the latest first.
     */
    versions: Array<{
        version: number;
        savedBy: string;
        savedAt: string;
        isActive: boolean;
    }>;
};

export type MappingVersion = {
    version: number;
    savedBy: string;
    savedAt: string;
    isActive: boolean;
    fields: Array<{
        canonical: string;
        field: string;
        direction: 'both' | 'in' | 'out';
        values?: {
            [key: string]: string | Array<string>;
        };
        transform?: 'country_name' | 'website' | 'owner_email' | 'truncate';
    }>;
    off: Array<string>;
};

export type MappingsCheck = {
    fields?: Array<{
        canonical: string;
        field: string;
        direction?: 'both' | 'in' | 'out';
        values?: {
            [key: string]: string | Array<string>;
        };
        transform?: 'country_name' | 'website' | 'owner_email' | 'truncate';
    }>;
    off?: Array<string>;
};

export type MappingsRollBack = {
    version: number;
};

export type MappingsSave = {
    fields?: Array<{
        canonical: string;
        field: string;
        direction?: 'both' | 'in' | 'out';
        values?: {
            [key: string]: string | Array<string>;
        };
        transform?: 'country_name' | 'website' | 'owner_email' | 'truncate';
    }>;
    off?: Array<string>;
};

export type MappingsTry = {
    ids: Array<string>;
    rules?: {
        fields?: Array<{
            canonical: string;
            field: string;
            direction?: 'both' | 'in' | 'out';
            values?: {
                [key: string]: string | Array<string>;
            };
            transform?: 'country_name' | 'website' | 'owner_email' | 'truncate';
        }>;
        off?: Array<string>;
    };
};

export type OperatedTenant = {
    id: string;
    slug: string;
    name: string;
    state: string;
};

export type Operator = {
    kind: 'service' | 'api_key' | 'user';
    /**
     * As it is written down of what the operator does: a client id, or `operator/<id>` for a person.
     */
    id: string;
    /**
     * Of a person.
     */
    name?: string;
    /**
     * What the operator may, in alphabetical order.
     */
    scopes: Array<string>;
};

export type OperatorAct = {
    id: string;
    at: string;
    client: string;
    onBehalfOf: string | null;
    action: string;
    recordKind: string;
    recordId: string;
    tenantId: string | null;
    reason: string;
    result: string;
    detail: string | null;
};

export type Order = {
    id: string;
    connectionId: string;
    externalId: string;
    status: 'pending' | 'on_hold' | 'processing' | 'shipped' | 'completed' | 'cancelled' | 'refunded' | 'failed';
    version: number;
    modifiedAt: string;
    deletedAt?: string;
    /**
     * The id of the order's deal at the CRM, once the CRM has it.
     */
    crmOrderId?: string;
    crm: {
        state: 'not_linked' | 'behind' | 'in_step';
        vendor?: 'hubspot' | 'salesforce' | 'pipedrive' | 'zoho' | 'dynamics';
        connectionId?: string;
        contactId?: string;
        dealStatus?: 'open' | 'won' | 'lost';
    };
    order: CanonicalOrder;
};

export type OrderComparison = {
    id: string;
    state: 'queued' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'cancelled';
    input: {
        connectionId: string;
        from: string;
        to: string;
        policy: 'report' | 'repair';
    };
    step?: string;
    /**
     * Orders of the shop that were compared.
     */
    compared: number;
    drift: Array<{
        side: 'shop' | 'crm';
        field: string;
        count: number;
        repaired: number;
    }>;
    error?: string;
    startedAt: string;
    endedAt?: string;
};

export type OrderComparisonsBegin = {
    connectionId: string;
    from: string;
    to: string;
    policy: 'report' | 'repair';
};

export type OrderDifference = {
    side: 'shop' | 'crm';
    field: string;
    /**
     * What the hub holds.
     */
    here: string;
    /**
     * What the shop, or the CRM, holds.
     */
    there: string;
    externalId: string;
    orderId?: string;
    repaired: boolean;
};

export type OrderStateMachine = {
    /**
     * 0 stands for the default.
     */
    version: number;
    definition: {
        initial: 'pending' | 'on_hold' | 'processing' | 'shipped' | 'completed' | 'cancelled' | 'refunded' | 'failed';
        states: {
            [key: string]: {
                rank: number;
                final?: boolean;
                shop: Array<string>;
                crm: Array<string>;
            };
        };
        transitions: Array<{
            from: 'pending' | 'on_hold' | 'processing' | 'shipped' | 'completed' | 'cancelled' | 'refunded' | 'failed';
            to: 'pending' | 'on_hold' | 'processing' | 'shipped' | 'completed' | 'cancelled' | 'refunded' | 'failed';
            correction?: boolean;
            by: {
                [key: string]: {
                    guards: Array<'verified_at_crm' | 'kept_in_shop'>;
                    actions: Array<'write_to_shop'>;
                };
            };
        }>;
        unknown: {
            shop: Array<string>;
            crm: Array<string>;
        };
    };
    /**
     * A Mermaid state diagram of it.
     */
    diagram: string;
    /**
     * All that were saved, the latest first; times are ISO 8601 in UTC with milliseconds.
     */
    versions: Array<{
        version: number;
        savedBy: string;
        isActive: boolean;
        savedAt: string;
    }>;
};

export type OrderTimeline = {
    now: {
        status: 'pending' | 'on_hold' | 'processing' | 'shipped' | 'completed' | 'cancelled' | 'refunded' | 'failed';
        since: string;
        waitsFor: Array<OrderWaiting>;
    };
    items: Array<OrderTimelineEntry>;
    nextCursor?: string;
};

export type OrderTimelineEntry = {
    at: string;
    /**
     * What was decided, or `vendor_call`.
     */
    kind: 'received' | 'stale' | 'look_up_asked' | 'applied' | 'deleted' | 'moved' | 'status_refused' | 'status_unknown' | 'crm_requested' | 'crm_upserted' | 'crm_refused' | 'deal_told' | 'deal_gone' | 'verification_asked' | 'verified' | 'verification_differs' | 'shop_write_asked' | 'shop_written' | 'shop_write_refused' | 'vendor_call';
    /**
     * Statuses, versions and ids; of a call what was called, and with what outcome.
     */
    detail: {
        [key: string]: unknown;
    };
    /**
     * The same for everything that one cause from outside set in motion.
     */
    correlationId?: string;
    /**
     * The event that led to it.
     */
    causationId?: string;
};

export type OrderWaiting = {
    for: 'crm_answer' | 'crm_verification' | 'shop_write' | 'shop_look_up';
    since: string;
    /**
     * What holds it up, where that is known, and what to do.
     */
    because?: string;
    /**
     * Tries so far.
     */
    attempts?: number;
    nextTryAt?: string;
};

export type PeopleErase = {
    email?: string;
    /**
     * In international form. It counts only where no e-mail address of somebody else stands beside it.
     */
    phone?: string;
    /**
     * A contact of a connected account.
     */
    contact?: {
        connectionId: string;
        externalId: string;
    };
};

export type PeopleExport = {
    email?: string;
    /**
     * In international form. It counts only where no e-mail address of somebody else stands beside it.
     */
    phone?: string;
    /**
     * A contact of a connected account.
     */
    contact?: {
        connectionId: string;
        externalId: string;
    };
};

export type Person = {
    personId: string;
    userName: string;
    email: string | null;
    displayName: string | null;
    isActive: boolean;
    roles: Array<'viewer' | 'editor' | 'admin'>;
    createdAt: string;
};

export type PersonRequest = {
    id: string;
    kind: 'export' | 'erasure';
    state: 'running' | 'done' | 'unfinished';
    round: number;
    requestedBy: string;
    createdAt: string;
    endedAt: string | null;
    fileExpiresAt: string | null;
    /**
     * What each service handed over or erased, all rounds together.
     */
    services: Array<{
        service: 'gateway' | 'auth-sso' | 'crm-salesforce' | 'crm-hubspot' | 'crm-pipedrive' | 'crm-zoho' | 'crm-dynamics' | 'orders' | 'shipping' | 'attribution' | 'sync' | 'journal';
        found: Array<{
            table: string;
            rows: number;
        }>;
    }>;
    /**
     * Services that have not answered this round.
     */
    missing: Array<'gateway' | 'auth-sso' | 'crm-salesforce' | 'crm-hubspot' | 'crm-pipedrive' | 'crm-zoho' | 'crm-dynamics' | 'orders' | 'shipping' | 'attribution' | 'sync' | 'journal'>;
    /**
     * What is not touched by it.
     */
    untouched: string;
    /**
     * When Kafka has forgotten the last event that may name the person; absent while the request is under way.
     */
    topicsForgetBy?: string;
};

export type PersonSession = {
    sessionId: string;
    device: string;
    providerId: string;
    startedAt: string;
    lastUsedAt: string;
    isCurrent?: boolean;
};

export type PlacedDeadLetter = {
    id: string;
    origin: 'event' | 'task' | 'webhook';
    state: 'dead' | 'parked';
    kind: string;
    reason: string;
    error: string;
    tenantId: string | null;
    record: string | null;
    at: string;
    place: string;
};

export type Problem = {
    type: string;
    status: number;
    title: string;
    /**
     * Stable, for programs.
     */
    code: string;
    /**
     * For people.
     */
    detail: string;
    /**
     * What is wrong with the request, place by place.
     */
    errors?: Array<{
        pointer: string;
        detail: string;
    }>;
    /**
     * Where what was named stands for several records, such as a number alone: which may be meant, each as it is asked for.
     */
    candidates?: Array<string>;
    /**
     * What is wrong with what was to be saved, where a route tells that in its own form.
     */
    problems?: Array<unknown>;
};

export type RateQuotes = {
    rates: Array<{
        carrier: string;
        /**
         * Shippo’s token of the service, such as `usps_priority`.
         */
        service?: string;
        price: {
            amountMinor: number;
            currency: string;
        };
        estimatedDays?: number;
        /**
         * Of the account’s test mode: a label of it carries nothing.
         */
        test: boolean;
    }>;
};

export type RecordTrial = {
    id: string;
    outcome: 'read' | 'archived' | 'merged' | 'not_found';
    fields: Array<{
        canonical: string;
        field: string;
        /**
         * What the CRM has there now.
         */
        atCrm?: string | number | boolean | {
            amountMinor: number;
            currency: string;
        } | Array<string> | null;
        /**
         * What the hub reads now.
         */
        before?: string | number | boolean | {
            amountMinor: number;
            currency: string;
        } | Array<string> | null;
        /**
         * What it would read.
         */
        after?: string | number | boolean | {
            amountMinor: number;
            currency: string;
        } | Array<string> | null;
        /**
         * What the hub would write if it sent the record back unchanged: where it is not what the CRM has, the mapping loses something.
         */
        wouldWrite?: string | number | boolean | {
            amountMinor: number;
            currency: string;
        } | Array<string> | null;
        problem?: string;
    }>;
};

export type RecordsSearch = {
    field: string;
    values: Array<string>;
};

export type Replay = {
    id: string;
    type: string;
    from: 'beginning' | 'end' | {
        time: string;
    } | {
        offsets: {
            [key: string]: string;
        };
    };
    to: 'beginning' | 'end' | {
        time: string;
    } | {
        offsets: {
            [key: string]: string;
        };
    };
    tenantId: string | null;
    state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
    attempt: number;
    client: string;
    onBehalfOf: string | null;
    reason: string;
    error: string | null;
    progress: {
        total: number;
        left: number;
        counts: {
            [key: string]: number;
        };
    } | null;
    createdAt: string;
    updatedAt: string;
    endedAt: string | null;
};

export type RevenueReport = {
    by: 'channel' | 'campaign' | 'product' | 'account' | 'workspace' | 'owner' | 'month';
    from?: string;
    to?: string;
    /**
     * What the numbers follow from: the same versions give the same numbers.
     */
    result: {
        settingsVersion: number;
        dataVersion: number;
        changedAt?: string;
        windowDays: number;
        halfLifeDays: number;
        markovOrder: number;
    };
    rows: Array<RevenueReportRow>;
    nextCursor?: string;
    /**
     * Won deals that nothing which counts had touched.
     */
    unattributed: {
        conversions: number;
        revenue: Array<{
            amountMinor: number;
            currency: string;
        }>;
    };
    /**
     * Amounts that could not be converted; they are in no converted sum.
     */
    missingRates: Array<{
        currency: string;
        base: string;
        day: string;
    }>;
};

export type RevenueReportRow = {
    /**
     * Touches of no campaign or product, and deals of no owner, stand under null.
     */
    key: string | null;
    touches: number;
    cost: Array<{
        amountMinor: number;
        currency: string;
    }>;
    convertedCost?: {
        amountMinor: number;
        currency: string;
    };
    credits: Array<{
        /**
         * `any` where a deal’s own trait decides, so that all models come to the same.
         */
        model: 'first' | 'last' | 'last-non-direct' | 'linear' | 'position' | 'w-shaped' | 'time-decay' | 'markov' | 'shapley' | 'any';
        /**
         * Won deals, those shared with others in part.
         */
        conversions: number;
        /**
         * One entry a currency; with what is unattributed the sums over all rows are the revenue of the won deals to the minor unit.
         */
        revenue: Array<{
            amountMinor: number;
            currency: string;
        }>;
        /**
         * All of it in the report’s currency; absent without one, or where a rate is missing.
         */
        converted?: {
            amountMinor: number;
            currency: string;
        };
        /**
         * Revenue less cost, as a part of the cost; absent where nothing is known to have been spent, or currencies differ.
         */
        returnOnInvestment?: number;
        /**
         * In minor units of the currency of the cost.
         */
        costPerConversionMinor?: number;
    }>;
};

export type SampleCohort = {
    /**
     * `YYYY-MM`.
     */
    month: string;
    samples: number;
    /**
     * Won deals with one of these samples in their path, by how many months after the sample's they were won. A deal counts for its first sample.
     */
    months: Array<{
        after: number;
        wonDeals: number;
        revenue: Array<{
            amountMinor: number;
            currency: string;
        }>;
    }>;
};

export type SampleCredits = {
    shipmentId: string;
    model: 'first' | 'last' | 'last-non-direct' | 'linear' | 'position' | 'w-shaped' | 'time-decay' | 'shapley';
    settingsVersion: number;
    campaign?: string;
    product?: string;
    sentAt?: string;
    /**
     * When the sample reached its contact; absent while it is on its way.
     */
    touchedAt?: string;
    /**
     * Newest close first.
     */
    credits: Array<{
        amountMinor: number;
        currency: string;
        dealId: string;
        source: {
            vendor: 'hubspot' | 'salesforce' | 'pipedrive' | 'zoho' | 'dynamics' | 'woocommerce' | 'shippo';
            connectionId: string;
            externalId: string;
        };
        /**
         * Part of the deal's revenue, above 0 and up to 1.
         */
        share: number;
        path: Array<{
            kind: 'touch';
            touchId: string;
            channel: string;
            at: string;
        } | {
            kind: 'deal_won';
            dealId: string;
            at: string;
        }>;
    }>;
    totals: Array<{
        amountMinor: number;
        currency: string;
    }>;
};

export type SampleFunnel = {
    sent: number;
    delivered: number;
    /**
     * With a deal that their delivery counts for or may count for once it is won.
     */
    withDeal: number;
    /**
     * In the path of a won deal.
     */
    withWonDeal: number;
    /**
     * Of these won deals, each once, whole: what share of it is the samples' says the report.
     */
    wonDeals: number;
    revenue: Array<{
        amountMinor: number;
        currency: string;
    }>;
};

export type SampleKit = {
    name: string;
    connectionId: string;
    from: {
        name: string;
        company?: string;
        street1: string;
        street2?: string;
        city: string;
        state?: string;
        postalCode: string;
        country: string;
        email?: string;
        phone?: string;
    };
    parcel: {
        weightGrams: number;
        lengthMm: number;
        widthMm: number;
        heightMm: number;
    };
    customs?: {
        contentsType: 'documents' | 'gift' | 'sample' | 'merchandise' | 'humanitarian_donation' | 'return_merchandise' | 'other';
        explanation?: string;
        nonDelivery: 'return' | 'abandon';
        signer: string;
        incoterm?: 'DDP' | 'DDU' | 'FCA' | 'DAP';
        exportFilingReference?: string;
        items: Array<{
            description: string;
            quantity: number;
            netWeightGrams: number;
            value: {
                amountMinor: number;
                currency: string;
            };
            originCountry: string;
            hsCode?: string;
            sku?: string;
        }>;
    };
    sku: string;
    /**
     * In the stock, those included that are put aside.
     */
    onHand: number;
    /**
     * Put aside for shipments whose labels are being bought.
     */
    reserved: number;
};

export type SampleRequest = {
    id: string;
    tenantId: string;
    vendor: 'hubspot' | 'salesforce' | 'pipedrive' | 'zoho' | 'dynamics';
    connectionId: string;
    dealId: string;
    /**
     * Counts what the deal asked for, one after the other.
     */
    round: number;
    sku: string;
    quantity: number;
    campaign: string | null;
    state: 'needs_recipient' | 'refused' | 'shipping' | 'withdrawn';
    /**
     * What is missing, or why it was refused.
     */
    detail: string | null;
    shipmentId: string | null;
    /**
     * When the deal was last changed at the CRM.
     */
    dealModifiedAt: string;
};

export type ScimToken = {
    tokenId: string;
    name: string;
    madeAt: string;
    expiresAt: string;
    lastUsedAt: string | null;
};

export type SetUp = {
    connectionId: string;
    job: {
        id: string;
        state: 'queued' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'cancelled';
        /**
         * The step under way, or the last one.
         */
        step?: string;
        done: number;
        total?: number;
        error?: {
            kind: 'transient' | 'outcome_unknown' | 'rate_limited' | 'quota_exhausted' | 'unauthorised' | 'forbidden' | 'conflict' | 'cursor_expired' | 'dependency_missing' | 'invalid' | 'not_found' | 'unexpected';
            message: string;
        };
        updatedAt: string;
    };
    capabilities?: {
        mode: 'full' | 'light' | 'read_only' | 'none';
        edition?: string;
        capabilities: Array<{
            name: 'api' | 'read_records' | 'write_records' | 'create_fields' | 'key_field' | 'custom_objects' | 'embedded_pages' | 'line_items' | 'change_notices';
            available: boolean;
            consequence: string;
        }>;
        probedAt?: string;
    };
    /**
     * What a person has to make in the account.
     */
    missing?: string;
    changeNotices?: {
        kind: 'account';
        endsAt?: string;
    } | {
        kind: 'app';
    } | {
        kind: 'stream';
    } | {
        kind: 'none';
        reason: string;
    };
};

export type Shipment = {
    id: string;
    /**
     * `elsewhere`: its label was bought elsewhere, and it is only followed.
     */
    kind: 'outbound' | 'return' | 'elsewhere';
    connectionId: string;
    status: 'requested' | 'label_purchased' | 'pre_transit' | 'in_transit' | 'delivered' | 'returned' | 'failed' | 'voided';
    statusSince: string;
    orderId?: string;
    sample?: {
        /**
         * Left out for whoever may not see people’s data.
         */
        contactEmail?: string;
        campaign?: string;
        product?: string;
        deal?: {
            vendor: 'hubspot' | 'salesforce' | 'pipedrive' | 'zoho' | 'dynamics';
            connectionId: string;
            externalId: string;
        };
    };
    /**
     * The carrier's token at Shippo, such as `usps`. This and the following are there once the label is bought.
     */
    carrier?: string;
    trackingNumber?: string;
    trackingUrl?: string;
    labelUrl?: string;
    service?: string;
    price?: {
        amountMinor: number;
        currency: string;
    };
    /**
     * The papers for customs, where the parcel crosses a border and the carrier makes them.
     */
    commercialInvoiceUrl?: string;
    /**
     * It is of the account's test mode: no parcel will be carried.
     */
    test?: boolean;
    /**
     * The shipment that comes back with this one.
     */
    returnOf?: string;
    /**
     * What has become of the money for a label that was given back.
     */
    refund?: {
        state: 'asked' | 'pending' | 'refunded' | 'rejected';
        askedAt: string;
    };
    deliveredAt?: string;
    /**
     * Why no label could be bought.
     */
    failure?: {
        kind: 'transient' | 'outcome_unknown' | 'rate_limited' | 'quota_exhausted' | 'unauthorised' | 'forbidden' | 'conflict' | 'cursor_expired' | 'dependency_missing' | 'invalid' | 'not_found' | 'unexpected';
        message: string;
    };
    createdAt: string;
    /**
     * What the carrier reported, in the order in which it happened.
     */
    tracking: Array<{
        status: 'requested' | 'label_purchased' | 'pre_transit' | 'in_transit' | 'delivered' | 'returned' | 'failed' | 'voided';
        substatus?: string;
        actionRequired?: boolean;
        occurredAt: string;
    }>;
};

export type ShipmentBatch = {
    id: string;
    accepted: Array<{
        index: number;
        shipmentId: string;
    }>;
    refused: Array<{
        index: number;
        code: 'transient' | 'outcome_unknown' | 'rate_limited' | 'quota_exhausted' | 'unauthorised' | 'forbidden' | 'conflict' | 'cursor_expired' | 'dependency_missing' | 'invalid' | 'not_found' | 'unexpected';
        detail: string;
    }>;
};

export type ShipmentsCloseOut = {
    shipmentIds: Array<string>;
    shippedOn: string;
};

export type ShipmentsCreate = {
    connectionId: string;
    from: {
        name: string;
        company?: string;
        street1: string;
        street2?: string;
        city: string;
        state?: string;
        postalCode: string;
        country: string;
        email?: string;
        phone?: string;
    };
    to: {
        name: string;
        company?: string;
        street1: string;
        street2?: string;
        city: string;
        state?: string;
        postalCode: string;
        country: string;
        email?: string;
        phone?: string;
    };
    parcel: {
        weightGrams: number;
        lengthMm: number;
        widthMm: number;
        heightMm: number;
    };
    customs?: {
        contentsType: 'documents' | 'gift' | 'sample' | 'merchandise' | 'humanitarian_donation' | 'return_merchandise' | 'other';
        explanation?: string;
        nonDelivery: 'return' | 'abandon';
        signer: string;
        incoterm?: 'DDP' | 'DDU' | 'FCA' | 'DAP';
        exportFilingReference?: string;
        items: Array<{
            description: string;
            quantity: number;
            netWeightGrams: number;
            value: {
                amountMinor: number;
                currency: string;
            };
            originCountry: string;
            hsCode?: string;
            sku?: string;
        }>;
    };
    orderId?: string;
    sample?: {
        contactEmail: string;
        campaign?: string;
        product?: string;
        deal?: {
            vendor: 'hubspot' | 'salesforce' | 'pipedrive' | 'zoho' | 'dynamics';
            connectionId: string;
            externalId: string;
        };
    };
    kit?: {
        sku: string;
        quantity?: number;
    };
    carrierPreference?: string;
    priceLimit?: {
        amountMinor: number;
        currency: string;
    };
    mode?: 'live' | 'test';
};

export type ShipmentsCreateMany = {
    shipments: Array<unknown>;
};

export type ShipmentsFollow = {
    connectionId: string;
    carrier: string;
    trackingNumber: string;
    orderId?: string;
    sample?: {
        contactEmail: string;
        campaign?: string;
        product?: string;
        deal?: {
            vendor: 'hubspot' | 'salesforce' | 'pipedrive' | 'zoho' | 'dynamics';
            connectionId: string;
            externalId: string;
        };
    };
};

export type ShipmentsQuote = {
    connectionId: string;
    from: {
        name: string;
        company?: string;
        street1: string;
        street2?: string;
        city: string;
        state?: string;
        postalCode: string;
        country: string;
        email?: string;
        phone?: string;
    };
    to: {
        name: string;
        company?: string;
        street1: string;
        street2?: string;
        city: string;
        state?: string;
        postalCode: string;
        country: string;
        email?: string;
        phone?: string;
    };
    parcel: {
        weightGrams: number;
        lengthMm: number;
        widthMm: number;
        heightMm: number;
    };
    customs?: {
        contentsType: 'documents' | 'gift' | 'sample' | 'merchandise' | 'humanitarian_donation' | 'return_merchandise' | 'other';
        explanation?: string;
        nonDelivery: 'return' | 'abandon';
        signer: string;
        incoterm?: 'DDP' | 'DDU' | 'FCA' | 'DAP';
        exportFilingReference?: string;
        items: Array<{
            description: string;
            quantity: number;
            netWeightGrams: number;
            value: {
                amountMinor: number;
                currency: string;
            };
            originCountry: string;
            hsCode?: string;
            sku?: string;
        }>;
    };
    orderId?: string;
    sample?: {
        contactEmail: string;
        campaign?: string;
        product?: string;
        deal?: {
            vendor: 'hubspot' | 'salesforce' | 'pipedrive' | 'zoho' | 'dynamics';
            connectionId: string;
            externalId: string;
        };
    };
    kit?: {
        sku: string;
        quantity?: number;
    };
    carrierPreference?: string;
    priceLimit?: {
        amountMinor: number;
        currency: string;
    };
    mode?: 'live' | 'test';
};

export type ShipmentsRequestReturn = {
    parcel?: {
        weightGrams: number;
        lengthMm: number;
        widthMm: number;
        heightMm: number;
    };
    customs?: {
        contentsType: 'documents' | 'gift' | 'sample' | 'merchandise' | 'humanitarian_donation' | 'return_merchandise' | 'other';
        explanation?: string;
        nonDelivery: 'return' | 'abandon';
        signer: string;
        incoterm?: 'DDP' | 'DDU' | 'FCA' | 'DAP';
        exportFilingReference?: string;
        items: Array<{
            description: string;
            quantity: number;
            netWeightGrams: number;
            value: {
                amountMinor: number;
                currency: string;
            };
            originCountry: string;
            hsCode?: string;
            sku?: string;
        }>;
    };
};

export type ShippingStockChangeStock = {
    change: number;
};

export type ShippingStockCompleteSampleRequest = {
    to: {
        name: string;
        company?: string;
        street1: string;
        street2?: string;
        city: string;
        state?: string;
        postalCode: string;
        country: string;
        email?: string;
        phone?: string;
    };
    contactEmail: string;
};

export type ShippingStockKeepKit = {
    name: string;
    connectionId: string;
    from: {
        name: string;
        company?: string;
        street1: string;
        street2?: string;
        city: string;
        state?: string;
        postalCode: string;
        country: string;
        email?: string;
        phone?: string;
    };
    parcel: {
        weightGrams: number;
        lengthMm: number;
        widthMm: number;
        heightMm: number;
    };
    customs?: {
        contentsType: 'documents' | 'gift' | 'sample' | 'merchandise' | 'humanitarian_donation' | 'return_merchandise' | 'other';
        explanation?: string;
        nonDelivery: 'return' | 'abandon';
        signer: string;
        incoterm?: 'DDP' | 'DDU' | 'FCA' | 'DAP';
        exportFilingReference?: string;
        items: Array<{
            description: string;
            quantity: number;
            netWeightGrams: number;
            value: {
                amountMinor: number;
                currency: string;
            };
            originCountry: string;
            hsCode?: string;
            sku?: string;
        }>;
    };
};

export type ShippingStockReplacePolicy = {
    addressValidation?: 'us_only' | 'always' | 'never';
    priceLimits?: Array<{
        amountMinor: number;
        currency: string;
    }>;
    renewedRateRisePercent?: number;
    dailyManifests?: {
        at: string;
        timeZone: string;
        carriers: Array<string>;
    };
};

export type SigningKey = {
    kid: string;
    /**
     * When it begins to sign.
     */
    activeFrom: string;
    /**
     * `next` is published and does not sign yet; `retired` is published until its last token has run out.
     */
    state: 'next' | 'signing' | 'retired';
};

export type StateMachineCheck = {
    initial: 'pending' | 'on_hold' | 'processing' | 'shipped' | 'completed' | 'cancelled' | 'refunded' | 'failed';
    states: {
        [key: string]: {
            rank: number;
            final?: boolean;
            shop: Array<string>;
            crm: Array<string>;
        };
    };
    transitions: Array<{
        from: 'pending' | 'on_hold' | 'processing' | 'shipped' | 'completed' | 'cancelled' | 'refunded' | 'failed';
        to: 'pending' | 'on_hold' | 'processing' | 'shipped' | 'completed' | 'cancelled' | 'refunded' | 'failed';
        correction?: boolean;
        by: {
            [key: string]: {
                guards: Array<'verified_at_crm' | 'kept_in_shop'>;
                actions: Array<'write_to_shop'>;
            };
        };
    }>;
    unknown: {
        shop: Array<string>;
        crm: Array<string>;
    };
};

export type StateMachineRollBack = {
    version: number;
};

export type StateMachineSave = {
    initial: 'pending' | 'on_hold' | 'processing' | 'shipped' | 'completed' | 'cancelled' | 'refunded' | 'failed';
    states: {
        [key: string]: {
            rank: number;
            final?: boolean;
            shop: Array<string>;
            crm: Array<string>;
        };
    };
    transitions: Array<{
        from: 'pending' | 'on_hold' | 'processing' | 'shipped' | 'completed' | 'cancelled' | 'refunded' | 'failed';
        to: 'pending' | 'on_hold' | 'processing' | 'shipped' | 'completed' | 'cancelled' | 'refunded' | 'failed';
        correction?: boolean;
        by: {
            [key: string]: {
                guards: Array<'verified_at_crm' | 'kept_in_shop'>;
                actions: Array<'write_to_shop'>;
            };
        };
    }>;
    unknown: {
        shop: Array<string>;
        crm: Array<string>;
    };
};

export type Sync = {
    object: 'contact' | 'company' | 'deal';
    sides: Array<{
        connectionId: string;
        vendor: 'hubspot' | 'salesforce' | 'pipedrive' | 'zoho' | 'dynamics';
        reads: boolean;
        writes: boolean;
    }>;
    authority: {
        [key: string]: string;
    };
    conflicts: 'source_wins' | 'latest_wins' | 'ask';
    gone: 'ignore' | 'archive' | 'tombstone';
    id: string;
    name: string;
    state: 'loading' | 'active' | 'paused';
    pollEverySeconds: number;
    reconcileEveryHours: number;
    createdAt: string;
};

export type SyncConflict = {
    goldenId: string;
    connectionId: string;
    externalId?: string;
    field: string;
    ours?: string | number | boolean | {
        amountMinor: number;
        currency: string;
    } | Array<string> | null;
    theirs?: string | number | boolean | {
        amountMinor: number;
        currency: string;
    } | Array<string> | null;
    since: string;
};

export type SyncDifference = {
    driftId: string;
    goldenId: string;
    connectionId: string;
    externalId: string;
    field: string;
    expected?: string | number | boolean | {
        amountMinor: number;
        currency: string;
    } | Array<string> | null;
    found?: string | number | boolean | {
        amountMinor: number;
        currency: string;
    } | Array<string> | null;
};

export type SyncError = {
    goldenId: string;
    connectionId: string;
    /**
     * Its id in the account, where it is there already.
     */
    externalId?: string;
    kind: 'transient' | 'outcome_unknown' | 'rate_limited' | 'quota_exhausted' | 'unauthorised' | 'forbidden' | 'conflict' | 'cursor_expired' | 'dependency_missing' | 'invalid' | 'not_found' | 'unexpected';
    message: string;
    /**
     * The account's name of the field it complained about.
     */
    field?: string;
    /**
     * What to do, for people.
     */
    advice: string;
};

export type SyncRun = {
    id: string;
    syncId: string;
    kind: 'load' | 'reconciliation';
    state: 'running' | 'succeeded' | 'failed' | 'cancelled';
    message?: string;
    scans: Array<{
        scanId: string;
        connectionId: string;
        state: 'running' | 'read' | 'compared' | 'broken_off';
        /**
         * Records compared so far.
         */
        compared: number;
        /**
         * How many there are, once all were read.
         */
        told?: number;
        /**
         * Records that were known and not found; each was looked up.
         */
        missing?: number;
        /**
         * Fields in which the account differed from what was known of it.
         */
        differences: number;
    }>;
    startedAt: string;
    endedAt?: string;
};

export type SyncTroubleDecide = {
    winner: 'ours' | 'theirs';
};

export type SyncTroubleRetry = {
    goldenIds?: Array<string>;
};

export type SyncsCreate = {
    name: string;
    object: 'contact' | 'company' | 'deal';
    sides: Array<{
        connectionId: string;
        reads: boolean;
        writes: boolean;
    }>;
    authority?: {
        [key: string]: string;
    };
    conflicts?: 'source_wins' | 'latest_wins' | 'ask';
    gone?: 'ignore' | 'archive' | 'tombstone';
    pollEverySeconds?: number;
    reconcileEveryHours?: number;
};

export type Tenant = {
    id: string;
    slug: string;
    name: string;
    state: 'active' | 'suspended' | 'deleted' | 'erased';
    version: number;
    createdAt: string;
    changedAt: string;
    /**
     * When nothing of a deleted tenant will be left; until then it may be resumed.
     */
    eraseAt: string | null;
};

export type TenantDeadLettersDiscard = {
    reason: string;
    ids: Array<string | string>;
} | {
    reason: string;
    filter: {
        origin?: 'event' | 'task' | 'webhook';
        state?: 'dead' | 'parked';
        kind?: string;
        reason?: 'transient' | 'outcome_unknown' | 'rate_limited' | 'quota_exhausted' | 'unauthorised' | 'forbidden' | 'conflict' | 'cursor_expired' | 'dependency_missing' | 'invalid' | 'not_found' | 'unexpected' | 'unparseable' | 'unknown_type' | 'schema_mismatch';
        before?: string;
        since?: string;
    };
    limit?: number;
    cursor?: string;
};

export type TenantDeadLettersReplay = {
    reason: string;
    ids: Array<string | string>;
} | {
    reason: string;
    filter: {
        origin?: 'event' | 'task' | 'webhook';
        state?: 'dead' | 'parked';
        kind?: string;
        reason?: 'transient' | 'outcome_unknown' | 'rate_limited' | 'quota_exhausted' | 'unauthorised' | 'forbidden' | 'conflict' | 'cursor_expired' | 'dependency_missing' | 'invalid' | 'not_found' | 'unexpected' | 'unparseable' | 'unknown_type' | 'schema_mismatch';
        before?: string;
        since?: string;
    };
    limit?: number;
    cursor?: string;
};

export type TenantsCreate = {
    slug: string;
    name: string;
};

export type TimeToRevenue = {
    deals: number;
    /**
     * Days, absent where no deal was touched.
     */
    meanDays?: number;
    medianDays?: number;
    ninetiethDays?: number;
};

export type VendorCall = {
    id: string;
    tenantId: string;
    connectionId: string;
    startedAt: string;
    vendor: 'hubspot' | 'salesforce' | 'pipedrive' | 'zoho' | 'dynamics' | 'woocommerce' | 'shippo';
    operation: string;
    method: string;
    endpoint: string;
    attempt: number;
    outcome: string;
    status: number | null;
    durationMs: number;
    correlationId: string | null;
};

export type Workspace = {
    id: string;
    name: string;
    connectionIds: Array<string>;
    createdAt: string;
};

export type WorkspacesCreate = {
    name: string;
};

/**
 * The tenant, for clients that may act for any.
 */
export type Tenant2 = string;

export type ApiKeysListData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: {
        limit?: number;
        cursor?: string;
    };
    url: '/v1/api-keys';
};

export type ApiKeysListResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<ApiKey>;
        nextCursor?: string;
    };
};

export type ApiKeysListResponse = ApiKeysListResponses[keyof ApiKeysListResponses];

export type ApiKeysCreateData = {
    body: ApiKeysCreate;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/api-keys';
};

export type ApiKeysCreateResponses = {
    /**
     * Made.
     */
    201: {
        id: string;
        name: string;
        prefix: string;
        scopes: Array<string>;
        workspaceId: string | null;
        createdBy: string;
        createdAt: string;
        expiresAt: string;
        lastUsedAt: string | null;
        revokedAt: string | null;
        /**
         * The key itself; it is not shown again.
         */
        key: string;
    };
};

export type ApiKeysCreateResponse = ApiKeysCreateResponses[keyof ApiKeysCreateResponses];

export type ApiKeysRevokeData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/api-keys/{id}';
};

export type ApiKeysRevokeResponses = {
    /**
     * Done.
     */
    204: void;
};

export type ApiKeysRevokeResponse = ApiKeysRevokeResponses[keyof ApiKeysRevokeResponses];

export type AttributionCohortsData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: {
        from?: string;
        to?: string;
    };
    url: '/v1/attribution/cohorts';
};

export type AttributionCohortsResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<SampleCohort>;
    };
};

export type AttributionCohortsResponse = AttributionCohortsResponses[keyof AttributionCohortsResponses];

export type AttributionCreditedDealsData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: {
        by?: 'channel' | 'campaign' | 'product';
        key?: string;
        model?: 'first' | 'last' | 'last-non-direct' | 'linear' | 'position' | 'w-shaped' | 'time-decay' | 'markov' | 'shapley';
        from?: string;
        to?: string;
        limit?: number;
        cursor?: string;
    };
    url: '/v1/attribution/credited-deals';
};

export type AttributionCreditedDealsResponses = {
    /**
     * Done.
     */
    200: {
        settingsVersion: number;
        model: 'first' | 'last' | 'last-non-direct' | 'linear' | 'position' | 'w-shaped' | 'time-decay' | 'shapley';
        /**
         * Newest close first. Over all pages the amounts sum to the report's number.
         */
        items: Array<CreditedDeal>;
        nextCursor?: string;
    };
};

export type AttributionCreditedDealsResponse = AttributionCreditedDealsResponses[keyof AttributionCreditedDealsResponses];

export type AttributionDealData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        dealId: string;
    };
    query?: {
        model?: 'first' | 'last' | 'last-non-direct' | 'linear' | 'position' | 'w-shaped' | 'time-decay' | 'markov' | 'shapley';
    };
    url: '/v1/attribution/deals/{dealId}';
};

export type AttributionDealResponses = {
    /**
     * Done.
     */
    200: DealCredits;
};

export type AttributionDealResponse = AttributionDealResponses[keyof AttributionDealResponses];

export type AttributionFunnelData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: {
        from?: string;
        to?: string;
    };
    url: '/v1/attribution/funnel';
};

export type AttributionFunnelResponses = {
    /**
     * Done.
     */
    200: SampleFunnel;
};

export type AttributionFunnelResponse = AttributionFunnelResponses[keyof AttributionFunnelResponses];

export type AttributionSettingsFindIdentityData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query: {
        key: string;
    };
    url: '/v1/attribution/identities';
};

export type AttributionSettingsFindIdentityResponses = {
    /**
     * Done.
     */
    200: Identity;
};

export type AttributionSettingsFindIdentityResponse = AttributionSettingsFindIdentityResponses[keyof AttributionSettingsFindIdentityResponses];

export type AttributionSettingsExplainIdentityData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/attribution/identities/{id}';
};

export type AttributionSettingsExplainIdentityResponses = {
    /**
     * Done.
     */
    200: Identity;
};

export type AttributionSettingsExplainIdentityResponse = AttributionSettingsExplainIdentityResponses[keyof AttributionSettingsExplainIdentityResponses];

export type AttributionSettingsExceptIdentityData = {
    body: AttributionSettingsExceptIdentity;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/attribution/identity-exceptions';
};

export type AttributionSettingsExceptIdentityResponses = {
    /**
     * Made.
     */
    201: {
        id: string;
    };
};

export type AttributionSettingsExceptIdentityResponse = AttributionSettingsExceptIdentityResponses[keyof AttributionSettingsExceptIdentityResponses];

export type AttributionSettingsWithdrawExceptionData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/attribution/identity-exceptions/{id}';
};

export type AttributionSettingsWithdrawExceptionResponses = {
    /**
     * Done.
     */
    204: void;
};

export type AttributionSettingsWithdrawExceptionResponse = AttributionSettingsWithdrawExceptionResponses[keyof AttributionSettingsWithdrawExceptionResponses];

export type AttributionLedgerData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: {
        model?: 'first' | 'last' | 'last-non-direct' | 'linear' | 'position' | 'w-shaped' | 'time-decay' | 'markov' | 'shapley';
        dealId?: string;
        cursor?: string;
        limit?: number;
    };
    url: '/v1/attribution/ledger';
};

export type AttributionLedgerResponses = {
    /**
     * Done.
     */
    200: {
        settingsVersion: number;
        model: 'first' | 'last' | 'last-non-direct' | 'linear' | 'position' | 'w-shaped' | 'time-decay' | 'shapley';
        items: Array<LedgerEntry>;
        nextCursor?: string;
    };
};

export type AttributionLedgerResponse = AttributionLedgerResponses[keyof AttributionLedgerResponses];

export type AttributionSettingsRatesData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/attribution/rates';
};

export type AttributionSettingsRatesResponses = {
    /**
     * Done.
     */
    200: {
        latest: Array<ExchangeRate>;
    };
};

export type AttributionSettingsRatesResponse = AttributionSettingsRatesResponses[keyof AttributionSettingsRatesResponses];

export type AttributionSettingsStoreRatesData = {
    body: AttributionSettingsStoreRates;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/attribution/rates';
};

export type AttributionSettingsStoreRatesResponses = {
    /**
     * Done.
     */
    200: {
        stored: number;
    };
};

export type AttributionSettingsStoreRatesResponse = AttributionSettingsStoreRatesResponses[keyof AttributionSettingsStoreRatesResponses];

export type AttributionReportData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: {
        by?: 'channel' | 'campaign' | 'product' | 'account' | 'workspace' | 'owner' | 'month';
        models?: string;
        from?: string;
        to?: string;
        order?: number;
        workspace?: string;
        limit?: number;
        cursor?: string;
    };
    url: '/v1/attribution/report';
};

export type AttributionReportResponses = {
    /**
     * Done.
     */
    200: RevenueReport;
};

export type AttributionReportResponse = AttributionReportResponses[keyof AttributionReportResponses];

export type AttributionReportAsCsvData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: {
        by?: 'channel' | 'campaign' | 'product' | 'account' | 'workspace' | 'owner' | 'month';
        models?: string;
        from?: string;
        to?: string;
        order?: number;
        workspace?: string;
        limit?: number;
        cursor?: string;
    };
    url: '/v1/attribution/report.csv';
};

export type AttributionReportAsCsvResponses = {
    /**
     * Done.
     */
    200: string;
};

export type AttributionReportAsCsvResponse = AttributionReportAsCsvResponses[keyof AttributionReportAsCsvResponses];

export type AttributionReportAsParquetData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: {
        by?: 'channel' | 'campaign' | 'product' | 'account' | 'workspace' | 'owner' | 'month';
        models?: string;
        from?: string;
        to?: string;
        order?: number;
        workspace?: string;
        limit?: number;
        cursor?: string;
    };
    url: '/v1/attribution/report.parquet';
};

export type AttributionReportAsParquetResponses = {
    /**
     * An Apache Parquet file with the lines of the CSV file. Columns: what the report is by, such as `channel` (text in UTF-8, null where there is no key), `touches` (whole number of 64 bits), `model` (text in UTF-8), `conversions` (number of double precision), `currency` (text in UTF-8), `amount_minor` (whole number of 64 bits).
     */
    200: string;
};

export type AttributionReportAsParquetResponse = AttributionReportAsParquetResponses[keyof AttributionReportAsParquetResponses];

export type AttributionSampleData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        shipmentId: string;
    };
    query?: {
        model?: 'first' | 'last' | 'last-non-direct' | 'linear' | 'position' | 'w-shaped' | 'time-decay' | 'markov' | 'shapley';
    };
    url: '/v1/attribution/samples/{shipmentId}';
};

export type AttributionSampleResponses = {
    /**
     * Done.
     */
    200: SampleCredits;
};

export type AttributionSampleResponse = AttributionSampleResponses[keyof AttributionSampleResponses];

export type AttributionSettingsReadData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/attribution/settings';
};

export type AttributionSettingsReadResponses = {
    /**
     * Done.
     */
    200: AttributionSettings;
};

export type AttributionSettingsReadResponse = AttributionSettingsReadResponses[keyof AttributionSettingsReadResponses];

export type AttributionSettingsSaveData = {
    body: AttributionSettingsSave;
    headers: {
        /**
         * The entity tag that was read before.
         */
        'if-match': string;
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/attribution/settings';
};

export type AttributionSettingsSaveResponses = {
    /**
     * Done.
     */
    200: AttributionSettings;
};

export type AttributionSettingsSaveResponse = AttributionSettingsSaveResponses[keyof AttributionSettingsSaveResponses];

export type AttributionSettingsVersionsData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/attribution/settings/versions';
};

export type AttributionSettingsVersionsResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<AttributionSettingsVersion>;
    };
};

export type AttributionSettingsVersionsResponse = AttributionSettingsVersionsResponses[keyof AttributionSettingsVersionsResponses];

export type AttributionTimeToRevenueData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: {
        from?: string;
        to?: string;
    };
    url: '/v1/attribution/time-to-revenue';
};

export type AttributionTimeToRevenueResponses = {
    /**
     * Done.
     */
    200: TimeToRevenue;
};

export type AttributionTimeToRevenueResponse = AttributionTimeToRevenueResponses[keyof AttributionTimeToRevenueResponses];

export type AttributionTouchesData = {
    body: AttributionTouches;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/attribution/touches';
};

export type AttributionTouchesResponses = {
    /**
     * Done.
     */
    200: {
        taken: number;
    };
};

export type AttributionTouchesResponse = AttributionTouchesResponses[keyof AttributionTouchesResponses];

export type AuditListData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: {
        actor?: string;
        action?: string;
        record?: string;
        since?: string;
        until?: string;
        limit?: number;
        cursor?: number;
    };
    url: '/v1/audit';
};

export type AuditListResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<AuditEntry>;
        nextCursor?: string;
    };
};

export type AuditListResponse = AuditListResponses[keyof AuditListResponses];

export type AuditExportData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: {
        actor?: string;
        action?: string;
        record?: string;
        since?: string;
        until?: string;
        limit?: number;
        cursor?: number;
    };
    url: '/v1/audit/export';
};

export type AuditExportResponses = {
    /**
     * Done.
     */
    200: string;
};

export type AuditExportResponse = AuditExportResponses[keyof AuditExportResponses];

export type AuditRetentionData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/audit/retention';
};

export type AuditRetentionResponses = {
    /**
     * Done.
     */
    200: {
        days: number;
    };
};

export type AuditRetentionResponse = AuditRetentionResponses[keyof AuditRetentionResponses];

export type AuditRetainData = {
    body: AuditRetain;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/audit/retention';
};

export type AuditRetainResponses = {
    /**
     * Done.
     */
    200: {
        days: number;
    };
};

export type AuditRetainResponse = AuditRetainResponses[keyof AuditRetainResponses];

export type AuditVerifyData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/audit/verification';
};

export type AuditVerifyResponses = {
    /**
     * Done.
     */
    200: AuditVerdict;
};

export type AuditVerifyResponse = AuditVerifyResponses[keyof AuditVerifyResponses];

export type CallerReadData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/caller';
};

export type CallerReadResponses = {
    /**
     * Done.
     */
    200: Caller;
};

export type CallerReadResponse = CallerReadResponses[keyof CallerReadResponses];

export type InterfaceCataloguePageData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/catalogue';
};

export type InterfaceCataloguePageResponses = {
    /**
     * Done.
     */
    200: string;
};

export type InterfaceCataloguePageResponse = InterfaceCataloguePageResponses[keyof InterfaceCataloguePageResponses];

export type InterfaceCatalogueData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/catalogue.json';
};

export type InterfaceCatalogueResponses = {
    /**
     * Done.
     */
    200: {
        events: Array<CataloguedEvent>;
        endpoints: Array<CataloguedEndpoint>;
    };
};

export type InterfaceCatalogueResponse = InterfaceCatalogueResponses[keyof InterfaceCatalogueResponses];

export type ConnectionsListData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: {
        limit?: number;
        /**
         * `nextCursor` of the page before.
         */
        cursor?: string;
    };
    url: '/v1/connections';
};

export type ConnectionsListResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<Connection>;
        nextCursor?: string;
    };
};

export type ConnectionsListResponse = ConnectionsListResponses[keyof ConnectionsListResponses];

export type ConnectionsCreateData = {
    body: ConnectionsCreate;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/connections';
};

export type ConnectionsCreateResponses = {
    /**
     * Made.
     */
    201: Connection;
};

export type ConnectionsCreateResponse = ConnectionsCreateResponses[keyof ConnectionsCreateResponses];

export type AuthorisationsAuthoriseData = {
    body: AuthorisationsAuthorise;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/connections/authorizations';
};

export type AuthorisationsAuthoriseResponses = {
    /**
     * Made.
     */
    201: {
        authorizationUrl: string;
    } | {
        connection: Connection;
    };
};

export type AuthorisationsAuthoriseResponse = AuthorisationsAuthoriseResponses[keyof AuthorisationsAuthoriseResponses];

export type ConnectionsDisconnectData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/connections/{id}';
};

export type ConnectionsDisconnectResponses = {
    /**
     * Taken: the work goes on in the background.
     */
    202: Connection;
};

export type ConnectionsDisconnectResponse = ConnectionsDisconnectResponses[keyof ConnectionsDisconnectResponses];

export type ConnectionsFindData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/connections/{id}';
};

export type ConnectionsFindResponses = {
    /**
     * Done.
     */
    200: {
        id: string;
        vendor: 'hubspot' | 'salesforce' | 'pipedrive' | 'zoho' | 'dynamics' | 'woocommerce' | 'shippo';
        accountId: string;
        accountName?: string;
        settings: {
            [key: string]: unknown;
        };
        state: 'connecting' | 'healthy' | 'degraded' | 'needs_reconnect' | 'disconnected';
        stateCode?: 'authorisation_refused' | 'renewal_lost' | 'secret_unreadable' | 'permission_missing' | 'account_limited' | 'vendor_unreachable' | 'disconnected';
        stateReason?: string;
        stateSince: string;
        capabilities?: ConnectionCapabilities;
    };
};

export type ConnectionsFindResponse = ConnectionsFindResponses[keyof ConnectionsFindResponses];

export type ConnectionsAuditData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/connections/{id}/audit';
};

export type ConnectionsAuditResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<ConnectionAct>;
    };
};

export type ConnectionsAuditResponse = ConnectionsAuditResponses[keyof ConnectionsAuditResponses];

export type CallsOfConnectionData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: {
        since?: string;
        until?: string;
        result?: 'success' | 'failed';
        operation?: string;
        limit?: number;
        cursor?: string;
    };
    url: '/v1/connections/{id}/calls';
};

export type CallsOfConnectionResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<VendorCall>;
        nextCursor?: string;
    };
};

export type CallsOfConnectionResponse = CallsOfConnectionResponses[keyof CallsOfConnectionResponses];

export type ConnectionsHealthData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/connections/{id}/health';
};

export type ConnectionsHealthResponses = {
    /**
     * Done.
     */
    200: ConnectionHealth;
};

export type ConnectionsHealthResponse = ConnectionsHealthResponses[keyof ConnectionsHealthResponses];

export type MappingsReadData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
        object: string;
    };
    query?: never;
    url: '/v1/connections/{id}/mappings/{object}';
};

export type MappingsReadResponses = {
    /**
     * Done.
     */
    200: Mapping;
};

export type MappingsReadResponse = MappingsReadResponses[keyof MappingsReadResponses];

export type MappingsSaveData = {
    body: MappingsSave;
    headers: {
        /**
         * The entity tag that was read before.
         */
        'if-match': string;
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
        object: string;
    };
    query?: never;
    url: '/v1/connections/{id}/mappings/{object}';
};

export type MappingsSaveResponses = {
    /**
     * Done.
     */
    200: Mapping;
};

export type MappingsSaveResponse = MappingsSaveResponses[keyof MappingsSaveResponses];

export type MappingsCheckData = {
    body: MappingsCheck;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
        object: string;
    };
    query?: never;
    url: '/v1/connections/{id}/mappings/{object}/check';
};

export type MappingsCheckResponses = {
    /**
     * Done.
     */
    200: {
        mapping: {
            object: 'contact' | 'company' | 'deal';
            fields: Array<{
                canonical: string;
                field: string;
                direction: 'both' | 'in' | 'out';
                values?: {
                    [key: string]: string | Array<string>;
                };
                transform?: 'country_name' | 'website' | 'owner_email' | 'truncate';
            }>;
        };
        /**
         * Errors first. Only the tenant's own rules are errors: a default that does not fit is no reason to refuse what he wants.
         */
        problems: Array<{
            severity: 'error' | 'warning';
            code: 'unknown_field' | 'default_left_out' | 'read_only' | 'type_misfit' | 'transform_misfit' | 'values_misfit' | 'option_missing' | 'option_inactive' | 'no_counterpart' | 'not_readable' | 'ambiguous_value' | 'unknown_value' | 'written_twice' | 'required_unfilled' | 'too_long' | 'day_only' | 'foreign_ids' | 'nothing_to_switch_off' | 'misspelt_canonical' | 'field_removed' | 'type_changed' | 'became_read_only' | 'became_required' | 'became_shorter' | 'option_removed' | 'option_renamed' | 'option_deactivated' | 'owners_left';
            canonical?: string;
            field?: string;
            message: string;
            remedy: string;
        }>;
    };
};

export type MappingsCheckResponse = MappingsCheckResponses[keyof MappingsCheckResponses];

export type MappingsRollBackData = {
    body: MappingsRollBack;
    headers: {
        /**
         * The entity tag that was read before.
         */
        'if-match': string;
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
        object: string;
    };
    query?: never;
    url: '/v1/connections/{id}/mappings/{object}/roll-back';
};

export type MappingsRollBackResponses = {
    /**
     * Done.
     */
    200: Mapping;
};

export type MappingsRollBackResponse = MappingsRollBackResponses[keyof MappingsRollBackResponses];

export type MappingsTryData = {
    body: MappingsTry;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
        object: string;
    };
    query?: never;
    url: '/v1/connections/{id}/mappings/{object}/try';
};

export type MappingsTryResponses = {
    /**
     * Done.
     */
    200: {
        mapping: {
            object: 'contact' | 'company' | 'deal';
            fields: Array<{
                canonical: string;
                field: string;
                direction: 'both' | 'in' | 'out';
                values?: {
                    [key: string]: string | Array<string>;
                };
                transform?: 'country_name' | 'website' | 'owner_email' | 'truncate';
            }>;
        };
        /**
         * Errors first. Only the tenant's own rules are errors: a default that does not fit is no reason to refuse what he wants.
         */
        problems: Array<{
            severity: 'error' | 'warning';
            code: 'unknown_field' | 'default_left_out' | 'read_only' | 'type_misfit' | 'transform_misfit' | 'values_misfit' | 'option_missing' | 'option_inactive' | 'no_counterpart' | 'not_readable' | 'ambiguous_value' | 'unknown_value' | 'written_twice' | 'required_unfilled' | 'too_long' | 'day_only' | 'foreign_ids' | 'nothing_to_switch_off' | 'misspelt_canonical' | 'field_removed' | 'type_changed' | 'became_read_only' | 'became_required' | 'became_shorter' | 'option_removed' | 'option_renamed' | 'option_deactivated' | 'owners_left';
            canonical?: string;
            field?: string;
            message: string;
            remedy: string;
        }>;
        records: Array<RecordTrial>;
    };
};

export type MappingsTryResponse = MappingsTryResponses[keyof MappingsTryResponses];

export type MappingsVersionsData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
        object: string;
    };
    query?: {
        limit?: number;
        /**
         * `nextCursor` of the page before.
         */
        cursor?: string;
    };
    url: '/v1/connections/{id}/mappings/{object}/versions';
};

export type MappingsVersionsResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<MappingVersion>;
        nextCursor?: string;
    };
};

export type MappingsVersionsResponse = MappingsVersionsResponses[keyof MappingsVersionsResponses];

export type ConnectionsProbeData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/connections/{id}/probe';
};

export type ConnectionsProbeResponses = {
    /**
     * Done.
     */
    200: ConnectionHealth;
};

export type ConnectionsProbeResponse = ConnectionsProbeResponses[keyof ConnectionsProbeResponses];

export type AuthorisationsReconnectData = {
    body: AuthorisationsReconnect;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/connections/{id}/reconnect';
};

export type AuthorisationsReconnectResponses = {
    /**
     * Made.
     */
    201: {
        authorizationUrl: string;
    } | {
        connection: Connection;
    };
};

export type AuthorisationsReconnectResponse = AuthorisationsReconnectResponses[keyof AuthorisationsReconnectResponses];

export type RecordsSearchData = {
    body: RecordsSearch;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
        object: 'contact' | 'company' | 'deal';
    };
    query?: {
        /**
         * How old an answer may be, in seconds; 0 asks the account itself.
         */
        maxAgeSeconds?: number;
    };
    url: '/v1/connections/{id}/records/{object}/search';
};

export type RecordsSearchResponses = {
    /**
     * Done.
     */
    200: {
        records: Array<FoundRecord>;
        asOf?: string;
        stale?: true;
    };
};

export type RecordsSearchResponse = RecordsSearchResponses[keyof RecordsSearchResponses];

export type MappingsSchemaData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
        object: string;
    };
    query?: never;
    url: '/v1/connections/{id}/schema/{object}';
};

export type MappingsSchemaResponses = {
    /**
     * Done.
     */
    200: AccountSchema;
};

export type MappingsSchemaResponse = MappingsSchemaResponses[keyof MappingsSchemaResponses];

export type ConnectionsChangeSecretsData = {
    body: ConnectionsChangeSecrets;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/connections/{id}/secrets';
};

export type ConnectionsChangeSecretsResponses = {
    /**
     * Done.
     */
    200: Connection;
};

export type ConnectionsChangeSecretsResponse = ConnectionsChangeSecretsResponses[keyof ConnectionsChangeSecretsResponses];

export type SetUpFindData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/connections/{id}/set-up';
};

export type SetUpFindResponses = {
    /**
     * Done.
     */
    200: SetUp;
};

export type SetUpFindResponse = SetUpFindResponses[keyof SetUpFindResponses];

export type SetUpBeginData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/connections/{id}/set-up';
};

export type SetUpBeginResponses = {
    /**
     * Taken: the work goes on in the background.
     */
    202: SetUp;
};

export type SetUpBeginResponse = SetUpBeginResponses[keyof SetUpBeginResponses];

export type TenantDeadLettersListData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: {
        origin?: 'event' | 'task' | 'webhook';
        state?: 'dead' | 'parked';
        kind?: string;
        reason?: 'transient' | 'outcome_unknown' | 'rate_limited' | 'quota_exhausted' | 'unauthorised' | 'forbidden' | 'conflict' | 'cursor_expired' | 'dependency_missing' | 'invalid' | 'not_found' | 'unexpected' | 'unparseable' | 'unknown_type' | 'schema_mismatch';
        before?: string;
        since?: string;
        limit?: number;
        cursor?: string;
        service?: 'gateway' | 'auth-sso' | 'crm-salesforce' | 'crm-hubspot' | 'crm-pipedrive' | 'crm-zoho' | 'crm-dynamics' | 'orders' | 'shipping' | 'attribution' | 'sync' | 'journal';
    };
    url: '/v1/dead-letters';
};

export type TenantDeadLettersListResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<DeadLetterLine>;
        nextCursor?: string;
        /**
         * Services that do not answer: what they hold is missing.
         */
        unavailable: Array<'gateway' | 'auth-sso' | 'crm-salesforce' | 'crm-hubspot' | 'crm-pipedrive' | 'crm-zoho' | 'crm-dynamics' | 'orders' | 'shipping' | 'attribution' | 'sync' | 'journal'>;
    };
};

export type TenantDeadLettersListResponse = TenantDeadLettersListResponses[keyof TenantDeadLettersListResponses];

export type TenantDeadLettersSummaryData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/dead-letters/summary';
};

export type TenantDeadLettersSummaryResponses = {
    /**
     * Done.
     */
    200: DeadLetterSummary;
};

export type TenantDeadLettersSummaryResponse = TenantDeadLettersSummaryResponses[keyof TenantDeadLettersSummaryResponses];

export type TenantDeadLettersDiscardData = {
    body: TenantDeadLettersDiscard;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        service: 'gateway' | 'auth-sso' | 'crm-salesforce' | 'crm-hubspot' | 'crm-pipedrive' | 'crm-zoho' | 'crm-dynamics' | 'orders' | 'shipping' | 'attribution' | 'sync' | 'journal';
    };
    query?: never;
    url: '/v1/dead-letters/{service}/discard';
};

export type TenantDeadLettersDiscardResponses = {
    /**
     * Done.
     */
    200: DeadLetterActs;
};

export type TenantDeadLettersDiscardResponse = TenantDeadLettersDiscardResponses[keyof TenantDeadLettersDiscardResponses];

export type TenantDeadLettersReplayData = {
    body: TenantDeadLettersReplay;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        service: 'gateway' | 'auth-sso' | 'crm-salesforce' | 'crm-hubspot' | 'crm-pipedrive' | 'crm-zoho' | 'crm-dynamics' | 'orders' | 'shipping' | 'attribution' | 'sync' | 'journal';
    };
    query?: never;
    url: '/v1/dead-letters/{service}/replay';
};

export type TenantDeadLettersReplayResponses = {
    /**
     * Done.
     */
    200: DeadLetterActs;
};

export type TenantDeadLettersReplayResponse = TenantDeadLettersReplayResponses[keyof TenantDeadLettersReplayResponses];

export type TenantDeadLettersShowData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        service: 'gateway' | 'auth-sso' | 'crm-salesforce' | 'crm-hubspot' | 'crm-pipedrive' | 'crm-zoho' | 'crm-dynamics' | 'orders' | 'shipping' | 'attribution' | 'sync' | 'journal';
        id: string;
    };
    query?: never;
    url: '/v1/dead-letters/{service}/{id}';
};

export type TenantDeadLettersShowResponses = {
    /**
     * Done.
     */
    200: DeadLetter;
};

export type TenantDeadLettersShowResponse = TenantDeadLettersShowResponses[keyof TenantDeadLettersShowResponses];

export type InterfacePageData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/docs';
};

export type InterfacePageResponses = {
    /**
     * Done.
     */
    200: string;
};

export type InterfacePageResponse = InterfacePageResponses[keyof InterfacePageResponses];

export type ShipmentsFollowData = {
    body: ShipmentsFollow;
    headers: {
        /**
         * The same key gives the same answer, and nothing is done twice.
         */
        'idempotency-key': string;
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/followed-shipments';
};

export type ShipmentsFollowResponses = {
    /**
     * Taken: the work goes on in the background.
     */
    202: Shipment;
};

export type ShipmentsFollowResponse = ShipmentsFollowResponses[keyof ShipmentsFollowResponses];

export type GraphqlRunData = {
    body: GraphqlRun;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/graphql';
};

export type GraphqlRunResponses = {
    /**
     * Done.
     */
    200: GraphAnswer;
};

export type GraphqlRunResponse = GraphqlRunResponses[keyof GraphqlRunResponses];

export type IdentityGiveRolesData = {
    body: IdentityGiveRoles;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        groupId: string;
    };
    query?: never;
    url: '/v1/identity/groups/{groupId}/roles';
};

export type IdentityGiveRolesResponses = {
    /**
     * Done.
     */
    200: {
        groupId: string;
        displayName: string;
        roles: Array<'viewer' | 'editor' | 'admin'>;
    };
};

export type IdentityGiveRolesResponse = IdentityGiveRolesResponses[keyof IdentityGiveRolesResponses];

export type IdentityListPeopleData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: {
        after?: string;
        limit?: number;
    };
    url: '/v1/identity/people';
};

export type IdentityListPeopleResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<Person>;
        next?: string;
    };
};

export type IdentityListPeopleResponse = IdentityListPeopleResponses[keyof IdentityListPeopleResponses];

export type IdentityAddPersonData = {
    body: IdentityAddPerson;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/identity/people';
};

export type IdentityAddPersonResponses = {
    /**
     * Made.
     */
    201: Person;
};

export type IdentityAddPersonResponse = IdentityAddPersonResponses[keyof IdentityAddPersonResponses];

export type IdentityRemovePersonData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        personId: string;
    };
    query?: never;
    url: '/v1/identity/people/{personId}';
};

export type IdentityRemovePersonResponses = {
    /**
     * Done.
     */
    204: void;
};

export type IdentityRemovePersonResponse = IdentityRemovePersonResponses[keyof IdentityRemovePersonResponses];

export type IdentityFindPersonData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        personId: string;
    };
    query?: never;
    url: '/v1/identity/people/{personId}';
};

export type IdentityFindPersonResponses = {
    /**
     * Done.
     */
    200: {
        personId: string;
        userName: string;
        email: string | null;
        displayName: string | null;
        isActive: boolean;
        roles: Array<'viewer' | 'editor' | 'admin'>;
        createdAt: string;
        allRoles: Array<string>;
    };
};

export type IdentityFindPersonResponse = IdentityFindPersonResponses[keyof IdentityFindPersonResponses];

export type IdentityChangePersonData = {
    body: IdentityChangePerson;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        personId: string;
    };
    query?: never;
    url: '/v1/identity/people/{personId}';
};

export type IdentityChangePersonResponses = {
    /**
     * Done.
     */
    200: Person;
};

export type IdentityChangePersonResponse = IdentityChangePersonResponses[keyof IdentityChangePersonResponses];

export type IdentityEndSessionsData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        personId: string;
    };
    query?: never;
    url: '/v1/identity/people/{personId}/sessions';
};

export type IdentityEndSessionsResponses = {
    /**
     * Done.
     */
    200: {
        ended: number;
    };
};

export type IdentityEndSessionsResponse = IdentityEndSessionsResponses[keyof IdentityEndSessionsResponses];

export type IdentityListSessionsData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        personId: string;
    };
    query?: never;
    url: '/v1/identity/people/{personId}/sessions';
};

export type IdentityListSessionsResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<PersonSession>;
    };
};

export type IdentityListSessionsResponse = IdentityListSessionsResponses[keyof IdentityListSessionsResponses];

export type IdentityListProvidersData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/identity/providers';
};

export type IdentityListProvidersResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<IdentityProvider>;
    };
};

export type IdentityListProvidersResponse = IdentityListProvidersResponses[keyof IdentityListProvidersResponses];

export type IdentityAddProviderData = {
    body: IdentityAddProvider;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/identity/providers';
};

export type IdentityAddProviderResponses = {
    /**
     * Made.
     */
    201: IdentityProvider;
};

export type IdentityAddProviderResponse = IdentityAddProviderResponses[keyof IdentityAddProviderResponses];

export type IdentityRemoveProviderData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        providerId: string;
    };
    query?: never;
    url: '/v1/identity/providers/{providerId}';
};

export type IdentityRemoveProviderResponses = {
    /**
     * Done.
     */
    204: void;
};

export type IdentityRemoveProviderResponse = IdentityRemoveProviderResponses[keyof IdentityRemoveProviderResponses];

export type IdentityChangeProviderData = {
    body: IdentityChangeProvider;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        providerId: string;
    };
    query?: never;
    url: '/v1/identity/providers/{providerId}';
};

export type IdentityChangeProviderResponses = {
    /**
     * Done.
     */
    200: IdentityProvider;
};

export type IdentityChangeProviderResponse = IdentityChangeProviderResponses[keyof IdentityChangeProviderResponses];

export type IdentityListTokensData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/identity/scim-tokens';
};

export type IdentityListTokensResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<ScimToken>;
    };
};

export type IdentityListTokensResponse = IdentityListTokensResponses[keyof IdentityListTokensResponses];

export type IdentityMakeTokenData = {
    body: IdentityMakeToken;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/identity/scim-tokens';
};

export type IdentityMakeTokenResponses = {
    /**
     * Made.
     */
    201: {
        tokenId: string;
        name: string;
        madeAt: string;
        expiresAt: string;
        lastUsedAt: string | null;
        token: string;
        baseUrl: string;
    };
};

export type IdentityMakeTokenResponse = IdentityMakeTokenResponses[keyof IdentityMakeTokenResponses];

export type IdentityRevokeTokenData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        tokenId: string;
    };
    query?: never;
    url: '/v1/identity/scim-tokens/{tokenId}';
};

export type IdentityRevokeTokenResponses = {
    /**
     * Done.
     */
    204: void;
};

export type IdentityRevokeTokenResponse = IdentityRevokeTokenResponses[keyof IdentityRevokeTokenResponses];

export type JobsListData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: {
        limit?: number;
    };
    url: '/v1/jobs';
};

export type JobsListResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<Job>;
        nextCursor?: string;
        /**
         * Services that do not answer: what they hold is missing.
         */
        unavailable: Array<'crm-hubspot' | 'crm-salesforce' | 'crm-pipedrive' | 'crm-zoho' | 'crm-dynamics' | 'orders' | 'shipping' | 'attribution' | 'sync'>;
    };
};

export type JobsListResponse = JobsListResponses[keyof JobsListResponses];

export type JobsReadData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        service: 'crm-hubspot' | 'crm-salesforce' | 'crm-pipedrive' | 'crm-zoho' | 'crm-dynamics' | 'orders' | 'shipping' | 'attribution' | 'sync';
        id: string;
    };
    query?: never;
    url: '/v1/jobs/{service}/{id}';
};

export type JobsReadResponses = {
    /**
     * Done.
     */
    200: Job;
};

export type JobsReadResponse = JobsReadResponses[keyof JobsReadResponses];

export type JobsCancelData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        service: 'crm-hubspot' | 'crm-salesforce' | 'crm-pipedrive' | 'crm-zoho' | 'crm-dynamics' | 'orders' | 'shipping' | 'attribution' | 'sync';
        id: string;
    };
    query?: never;
    url: '/v1/jobs/{service}/{id}/cancel';
};

export type JobsCancelResponses = {
    /**
     * Taken: the work goes on in the background.
     */
    202: Job;
};

export type JobsCancelResponse = JobsCancelResponses[keyof JobsCancelResponses];

export type JobsWatchData = {
    body?: never;
    headers?: {
        /**
         * The last event that was seen.
         */
        'last-event-id'?: string;
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        service: 'crm-hubspot' | 'crm-salesforce' | 'crm-pipedrive' | 'crm-zoho' | 'crm-dynamics' | 'orders' | 'shipping' | 'attribution' | 'sync';
        id: string;
    };
    query?: never;
    url: '/v1/jobs/{service}/{id}/events';
};

export type JobsWatchResponses = {
    /**
     * Done.
     */
    200: string;
    /**
     * It is over, and its end was seen: ask no more.
     */
    204: void;
};

export type JobsWatchResponse = JobsWatchResponses[keyof JobsWatchResponses];

export type JobsResumeData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        service: 'crm-hubspot' | 'crm-salesforce' | 'crm-pipedrive' | 'crm-zoho' | 'crm-dynamics' | 'orders' | 'shipping' | 'attribution' | 'sync';
        id: string;
    };
    query?: never;
    url: '/v1/jobs/{service}/{id}/resume';
};

export type JobsResumeResponses = {
    /**
     * Taken: the work goes on in the background.
     */
    202: Job;
};

export type JobsResumeResponse = JobsResumeResponses[keyof JobsResumeResponses];

export type LeadFormsListData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: {
        limit?: number;
        /**
         * `nextCursor` of the page before.
         */
        cursor?: string;
    };
    url: '/v1/lead-forms';
};

export type LeadFormsListResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<LeadForm>;
        nextCursor?: string;
    };
};

export type LeadFormsListResponse = LeadFormsListResponses[keyof LeadFormsListResponses];

export type LeadFormsCreateData = {
    body: LeadFormsCreate;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/lead-forms';
};

export type LeadFormsCreateResponses = {
    /**
     * Made.
     */
    201: LeadForm;
};

export type LeadFormsCreateResponse = LeadFormsCreateResponses[keyof LeadFormsCreateResponses];

export type LeadFormsDeleteData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/lead-forms/{id}';
};

export type LeadFormsDeleteResponses = {
    /**
     * Done.
     */
    204: void;
};

export type LeadFormsDeleteResponse = LeadFormsDeleteResponses[keyof LeadFormsDeleteResponses];

export type LeadsTakeData = {
    body: LeadsTake;
    headers: {
        /**
         * The same key gives the same answer, and nothing is done twice.
         */
        'idempotency-key': string;
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/leads';
};

export type LeadsTakeResponses = {
    /**
     * Taken: the work goes on in the background.
     */
    202: Lead;
};

export type LeadsTakeResponse = LeadsTakeResponses[keyof LeadsTakeResponses];

export type LineageLineageData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query: {
        record: string;
        limit?: number;
        cursor?: string;
    };
    url: '/v1/lineage';
};

export type LineageLineageResponses = {
    /**
     * Done.
     */
    200: Lineage;
};

export type LineageLineageResponse = LineageLineageResponses[keyof LineageLineageResponses];

export type ShipmentsManifestsData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: {
        shippedOn?: string;
    };
    url: '/v1/manifests';
};

export type ShipmentsManifestsResponses = {
    /**
     * Done.
     */
    200: {
        manifests: Array<Manifest>;
    };
};

export type ShipmentsManifestsResponse = ShipmentsManifestsResponses[keyof ShipmentsManifestsResponses];

export type ShipmentsCloseOutData = {
    body: ShipmentsCloseOut;
    headers: {
        /**
         * The same key gives the same answer, and nothing is done twice.
         */
        'idempotency-key': string;
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/manifests';
};

export type ShipmentsCloseOutResponses = {
    /**
     * Taken: the work goes on in the background.
     */
    202: Manifest;
};

export type ShipmentsCloseOutResponse = ShipmentsCloseOutResponses[keyof ShipmentsCloseOutResponses];

export type ShipmentsManifestData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/manifests/{id}';
};

export type ShipmentsManifestResponses = {
    /**
     * Done.
     */
    200: Manifest;
};

export type ShipmentsManifestResponse = ShipmentsManifestResponses[keyof ShipmentsManifestResponses];

export type InterfaceDocumentData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/openapi.json';
};

export type InterfaceDocumentResponses = {
    /**
     * Done.
     */
    200: {
        openapi: '3.1.0';
        [key: string]: unknown;
    };
};

export type InterfaceDocumentResponse = InterfaceDocumentResponses[keyof InterfaceDocumentResponses];

export type CallsForSupportData = {
    body?: never;
    path?: never;
    query: {
        since?: string;
        until?: string;
        result?: 'success' | 'failed';
        operation?: string;
        limit?: number;
        cursor?: string;
        tenantId: string;
        connectionId?: string;
    };
    url: '/v1/operations/calls';
};

export type CallsForSupportResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<VendorCall>;
        nextCursor?: string;
    };
};

export type CallsForSupportResponse = CallsForSupportResponses[keyof CallsForSupportResponses];

export type FlagsListData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/operations/flags';
};

export type FlagsListResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<FeatureFlag>;
    };
};

export type FlagsListResponse = FlagsListResponses[keyof FlagsListResponses];

export type FlagsRollOutData = {
    body: FlagsRollOut;
    path: {
        flag: string;
    };
    query?: never;
    url: '/v1/operations/flags/{flag}';
};

export type FlagsRollOutResponses = {
    /**
     * Done.
     */
    204: void;
};

export type FlagsRollOutResponse = FlagsRollOutResponses[keyof FlagsRollOutResponses];

export type FlagsChangesData = {
    body?: never;
    path: {
        flag: string;
    };
    query?: never;
    url: '/v1/operations/flags/{flag}/changes';
};

export type FlagsChangesResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<FeatureFlagChange>;
    };
};

export type FlagsChangesResponse = FlagsChangesResponses[keyof FlagsChangesResponses];

export type FlagsTakeBackData = {
    body?: never;
    path: {
        flag: string;
        tenantId: string;
    };
    query: {
        /**
         * Why, for whoever looks at the changes.
         */
        reason: string;
    };
    url: '/v1/operations/flags/{flag}/tenants/{tenantId}';
};

export type FlagsTakeBackResponses = {
    /**
     * Done.
     */
    204: void;
};

export type FlagsTakeBackResponse = FlagsTakeBackResponses[keyof FlagsTakeBackResponses];

export type FlagsSwitchData = {
    body: FlagsSwitch;
    path: {
        flag: string;
        tenantId: string;
    };
    query?: never;
    url: '/v1/operations/flags/{flag}/tenants/{tenantId}';
};

export type FlagsSwitchResponses = {
    /**
     * Done.
     */
    204: void;
};

export type FlagsSwitchResponse = FlagsSwitchResponses[keyof FlagsSwitchResponses];

export type CallsUsageForSupportData = {
    body?: never;
    path?: never;
    query?: {
        from?: string;
        to?: string;
        tenantId?: string;
    };
    url: '/v1/operations/usage';
};

export type CallsUsageForSupportResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<{
            tenantId: string;
            vendor: 'hubspot' | 'salesforce' | 'pipedrive' | 'zoho' | 'dynamics' | 'woocommerce' | 'shippo';
            day: string;
            calls: number;
            failedCalls: number;
        }>;
    };
};

export type CallsUsageForSupportResponse = CallsUsageForSupportResponses[keyof CallsUsageForSupportResponses];

export type OperationsListData = {
    body?: never;
    path: {
        service: string;
        resource: string;
    };
    query?: never;
    url: '/v1/operations/{service}/{resource}';
};

export type OperationsListResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<PlacedDeadLetter>;
        nextCursor?: string;
    } | {
        items: Array<Replay>;
    } | {
        items: Array<OperatorAct>;
        nextCursor?: string;
    } | {
        items: Array<SigningKey>;
    };
};

export type OperationsListResponse = OperationsListResponses[keyof OperationsListResponses];

export type OperationsStartData = {
    body: {
        [key: string]: unknown;
    };
    path: {
        service: string;
        resource: string;
    };
    query?: never;
    url: '/v1/operations/{service}/{resource}';
};

export type OperationsStartResponses = {
    /**
     * Taken: the work goes on in the background.
     */
    202: Replay | {
        items: Array<SigningKey>;
    };
};

export type OperationsStartResponse = OperationsStartResponses[keyof OperationsStartResponses];

export type OperationsShowData = {
    body?: never;
    path: {
        service: string;
        resource: string;
        act: string;
    };
    query?: never;
    url: '/v1/operations/{service}/{resource}/{act}';
};

export type OperationsShowResponses = {
    /**
     * Done.
     */
    200: DeadLetter | Replay;
};

export type OperationsShowResponse = OperationsShowResponses[keyof OperationsShowResponses];

export type OperationsActOnManyData = {
    body: {
        [key: string]: unknown;
    };
    path: {
        service: string;
        resource: string;
        act: string;
    };
    query?: never;
    url: '/v1/operations/{service}/{resource}/{act}';
};

export type OperationsActOnManyResponses = {
    /**
     * Done.
     */
    200: DeadLetterActs;
};

export type OperationsActOnManyResponse = OperationsActOnManyResponses[keyof OperationsActOnManyResponses];

export type OperationsActOnOneData = {
    body: {
        [key: string]: unknown;
    };
    path: {
        service: string;
        resource: string;
        id: string;
        act: string;
    };
    query?: never;
    url: '/v1/operations/{service}/{resource}/{id}/{act}';
};

export type OperationsActOnOneResponses = {
    /**
     * Done.
     */
    200: {
        id: string;
        result: string;
        detail?: string;
    } | Replay;
};

export type OperationsActOnOneResponse = OperationsActOnOneResponses[keyof OperationsActOnOneResponses];

export type OperatorAuditListData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/operators/audit';
};

export type OperatorAuditListResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<AuditEntry>;
        nextCursor?: string;
    };
};

export type OperatorAuditListResponse = OperatorAuditListResponses[keyof OperatorAuditListResponses];

export type OperatorAuditExportData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/operators/audit/export';
};

export type OperatorAuditExportResponses = {
    /**
     * Done.
     */
    200: string;
};

export type OperatorAuditExportResponse = OperatorAuditExportResponses[keyof OperatorAuditExportResponses];

export type OperatorAuditVerifyData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/operators/audit/verification';
};

export type OperatorAuditVerifyResponses = {
    /**
     * Done.
     */
    200: AuditVerdict;
};

export type OperatorAuditVerifyResponse = OperatorAuditVerifyResponses[keyof OperatorAuditVerifyResponses];

export type OperatorReadData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/operators/caller';
};

export type OperatorReadResponses = {
    /**
     * Done.
     */
    200: Operator;
};

export type OperatorReadResponse = OperatorReadResponses[keyof OperatorReadResponses];

export type OperatorDeadLettersListData = {
    body?: never;
    path?: never;
    query?: {
        origin?: 'event' | 'task' | 'webhook';
        state?: 'dead' | 'parked';
        kind?: string;
        reason?: 'transient' | 'outcome_unknown' | 'rate_limited' | 'quota_exhausted' | 'unauthorised' | 'forbidden' | 'conflict' | 'cursor_expired' | 'dependency_missing' | 'invalid' | 'not_found' | 'unexpected' | 'unparseable' | 'unknown_type' | 'schema_mismatch';
        tenantId?: string;
        before?: string;
        since?: string;
        limit?: number;
        cursor?: string;
        service?: 'gateway' | 'auth-sso' | 'crm-salesforce' | 'crm-hubspot' | 'crm-pipedrive' | 'crm-zoho' | 'crm-dynamics' | 'orders' | 'shipping' | 'attribution' | 'sync' | 'journal';
    };
    url: '/v1/operators/dead-letters';
};

export type OperatorDeadLettersListResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<DeadLetterOfTenant>;
        nextCursor?: string;
        /**
         * Services that do not answer: what they hold is missing.
         */
        unavailable: Array<'gateway' | 'auth-sso' | 'crm-salesforce' | 'crm-hubspot' | 'crm-pipedrive' | 'crm-zoho' | 'crm-dynamics' | 'orders' | 'shipping' | 'attribution' | 'sync' | 'journal'>;
    };
};

export type OperatorDeadLettersListResponse = OperatorDeadLettersListResponses[keyof OperatorDeadLettersListResponses];

export type OperatorDeadLettersSummaryData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/operators/dead-letters/summary';
};

export type OperatorDeadLettersSummaryResponses = {
    /**
     * Done.
     */
    200: InstallationDeadLetterSummary;
};

export type OperatorDeadLettersSummaryResponse = OperatorDeadLettersSummaryResponses[keyof OperatorDeadLettersSummaryResponses];

export type InstallationFiguresReadData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/operators/figures';
};

export type InstallationFiguresReadResponses = {
    /**
     * Done.
     */
    200: InstallationFigures;
};

export type InstallationFiguresReadResponse = InstallationFiguresReadResponses[keyof InstallationFiguresReadResponses];

export type OperatorListData = {
    body?: never;
    path?: never;
    query?: {
        limit?: number;
        /**
         * `nextCursor` of the page before.
         */
        cursor?: string;
        /**
         * Only tenants with this in their name or slug, in whatever case, or as their id.
         */
        search?: string;
    };
    url: '/v1/operators/tenants';
};

export type OperatorListResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<OperatedTenant>;
        nextCursor?: string;
    };
};

export type OperatorListResponse = OperatorListResponses[keyof OperatorListResponses];

export type OrdersListData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: {
        externalId?: string;
        connectionId?: string;
        status?: 'pending' | 'on_hold' | 'processing' | 'shipped' | 'completed' | 'cancelled' | 'refunded' | 'failed';
        limit?: number;
        cursor?: string;
    };
    url: '/v1/orders';
};

export type OrdersListResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<Order>;
        nextCursor?: string;
    };
};

export type OrdersListResponse = OrdersListResponses[keyof OrdersListResponses];

export type OrderComparisonsBeginData = {
    body: OrderComparisonsBegin;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/orders/comparisons';
};

export type OrderComparisonsBeginResponses = {
    /**
     * Taken: the work goes on in the background.
     */
    202: OrderComparison;
};

export type OrderComparisonsBeginResponse = OrderComparisonsBeginResponses[keyof OrderComparisonsBeginResponses];

export type OrderComparisonsFindData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/orders/comparisons/{id}';
};

export type OrderComparisonsFindResponses = {
    /**
     * Done.
     */
    200: OrderComparison;
};

export type OrderComparisonsFindResponse = OrderComparisonsFindResponses[keyof OrderComparisonsFindResponses];

export type OrderComparisonsDriftData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: {
        limit?: number;
        cursor?: string;
    };
    url: '/v1/orders/comparisons/{id}/drift';
};

export type OrderComparisonsDriftResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<OrderDifference>;
        nextCursor?: string;
    };
};

export type OrderComparisonsDriftResponse = OrderComparisonsDriftResponses[keyof OrderComparisonsDriftResponses];

export type StateMachineReadData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/orders/state-machine';
};

export type StateMachineReadResponses = {
    /**
     * Done.
     */
    200: OrderStateMachine;
};

export type StateMachineReadResponse = StateMachineReadResponses[keyof StateMachineReadResponses];

export type StateMachineSaveData = {
    body: StateMachineSave;
    headers: {
        /**
         * The entity tag that was read before.
         */
        'if-match': string;
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/orders/state-machine';
};

export type StateMachineSaveResponses = {
    /**
     * Done.
     */
    200: OrderStateMachine;
};

export type StateMachineSaveResponse = StateMachineSaveResponses[keyof StateMachineSaveResponses];

export type StateMachineCheckData = {
    body: StateMachineCheck;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/orders/state-machine/check';
};

export type StateMachineCheckResponses = {
    /**
     * Done.
     */
    200: {
        problems: Array<{
            /**
             * Where it is, as a JSON pointer (RFC 6901).
             */
            pointer: string;
            message: string;
        }>;
    };
};

export type StateMachineCheckResponse = StateMachineCheckResponses[keyof StateMachineCheckResponses];

export type StateMachineRollBackData = {
    body: StateMachineRollBack;
    headers: {
        /**
         * The entity tag that was read before.
         */
        'if-match': string;
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/orders/state-machine/roll-back';
};

export type StateMachineRollBackResponses = {
    /**
     * Done.
     */
    200: OrderStateMachine;
};

export type StateMachineRollBackResponse = StateMachineRollBackResponses[keyof StateMachineRollBackResponses];

export type OrdersFindData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/orders/{id}';
};

export type OrdersFindResponses = {
    /**
     * Done.
     */
    200: Order;
};

export type OrdersFindResponse = OrdersFindResponses[keyof OrdersFindResponses];

export type OrdersTimelineData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: {
        limit?: number;
        cursor?: string;
    };
    url: '/v1/orders/{id}/timeline';
};

export type OrdersTimelineResponses = {
    /**
     * Done.
     */
    200: OrderTimeline;
};

export type OrdersTimelineResponse = OrdersTimelineResponses[keyof OrdersTimelineResponses];

export type PeopleEraseData = {
    body: PeopleErase;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/people/erasures';
};

export type PeopleEraseResponses = {
    /**
     * Taken: the work goes on in the background.
     */
    202: PersonRequest;
};

export type PeopleEraseResponse = PeopleEraseResponses[keyof PeopleEraseResponses];

export type PeopleExportData = {
    body: PeopleExport;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/people/exports';
};

export type PeopleExportResponses = {
    /**
     * Taken: the work goes on in the background.
     */
    202: PersonRequest;
};

export type PeopleExportResponse = PeopleExportResponses[keyof PeopleExportResponses];

export type PeopleFileData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/people/exports/{id}/file';
};

export type PeopleFileResponses = {
    /**
     * Done.
     */
    200: string;
};

export type PeopleFileResponse = PeopleFileResponses[keyof PeopleFileResponses];

export type PeopleListData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: {
        limit?: number;
        /**
         * `nextCursor` of the page before.
         */
        cursor?: string;
    };
    url: '/v1/people/requests';
};

export type PeopleListResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<ListedPersonRequest>;
        nextCursor?: string;
    };
};

export type PeopleListResponse = PeopleListResponses[keyof PeopleListResponses];

export type PeopleFindData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/people/requests/{id}';
};

export type PeopleFindResponses = {
    /**
     * Done.
     */
    200: PersonRequest;
};

export type PeopleFindResponse = PeopleFindResponses[keyof PeopleFindResponses];

export type ShipmentsQuoteData = {
    body: ShipmentsQuote;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/rates';
};

export type ShipmentsQuoteResponses = {
    /**
     * Done.
     */
    200: RateQuotes;
};

export type ShipmentsQuoteResponse = ShipmentsQuoteResponses[keyof ShipmentsQuoteResponses];

export type ShippingStockKitsData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/sample-kits';
};

export type ShippingStockKitsResponses = {
    /**
     * Done.
     */
    200: {
        kits: Array<SampleKit>;
    };
};

export type ShippingStockKitsResponse = ShippingStockKitsResponses[keyof ShippingStockKitsResponses];

export type ShippingStockKitData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        sku: string;
    };
    query?: never;
    url: '/v1/sample-kits/{sku}';
};

export type ShippingStockKitResponses = {
    /**
     * Done.
     */
    200: SampleKit;
};

export type ShippingStockKitResponse = ShippingStockKitResponses[keyof ShippingStockKitResponses];

export type ShippingStockKeepKitData = {
    body: ShippingStockKeepKit;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        sku: string;
    };
    query?: never;
    url: '/v1/sample-kits/{sku}';
};

export type ShippingStockKeepKitResponses = {
    /**
     * Done.
     */
    200: SampleKit;
};

export type ShippingStockKeepKitResponse = ShippingStockKeepKitResponses[keyof ShippingStockKeepKitResponses];

export type ShippingStockChangeStockData = {
    body: ShippingStockChangeStock;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        sku: string;
    };
    query?: never;
    url: '/v1/sample-kits/{sku}/stock';
};

export type ShippingStockChangeStockResponses = {
    /**
     * Done.
     */
    200: SampleKit;
};

export type ShippingStockChangeStockResponse = ShippingStockChangeStockResponses[keyof ShippingStockChangeStockResponses];

export type ShippingStockSampleRequestsData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: {
        state?: 'needs_recipient' | 'refused' | 'shipping' | 'withdrawn';
    };
    url: '/v1/sample-requests';
};

export type ShippingStockSampleRequestsResponses = {
    /**
     * Done.
     */
    200: {
        requests: Array<SampleRequest>;
    };
};

export type ShippingStockSampleRequestsResponse = ShippingStockSampleRequestsResponses[keyof ShippingStockSampleRequestsResponses];

export type ShippingStockCompleteSampleRequestData = {
    body: ShippingStockCompleteSampleRequest;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/sample-requests/{id}/recipient';
};

export type ShippingStockCompleteSampleRequestResponses = {
    /**
     * Done.
     */
    200: SampleRequest;
};

export type ShippingStockCompleteSampleRequestResponse = ShippingStockCompleteSampleRequestResponses[keyof ShippingStockCompleteSampleRequestResponses];

export type ShipmentsCreateManyData = {
    body: ShipmentsCreateMany;
    headers: {
        /**
         * The same key gives the same answer, and nothing is done twice.
         */
        'idempotency-key': string;
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/shipment-batches';
};

export type ShipmentsCreateManyResponses = {
    /**
     * Taken: the work goes on in the background.
     */
    202: ShipmentBatch;
};

export type ShipmentsCreateManyResponse = ShipmentsCreateManyResponses[keyof ShipmentsCreateManyResponses];

export type ShipmentsListData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: {
        orderId?: string;
        batchId?: string;
        status?: 'requested' | 'label_purchased' | 'pre_transit' | 'in_transit' | 'delivered' | 'returned' | 'failed' | 'voided';
        sample?: string;
        limit?: number;
        cursor?: string;
    };
    url: '/v1/shipments';
};

export type ShipmentsListResponses = {
    /**
     * Done.
     */
    200: {
        shipments: Array<ListedShipment>;
        /**
         * Where the next page begins; absent on the last one.
         */
        nextCursor?: string;
    };
};

export type ShipmentsListResponse = ShipmentsListResponses[keyof ShipmentsListResponses];

export type ShipmentsCreateData = {
    body: ShipmentsCreate;
    headers: {
        /**
         * The same key gives the same answer, and nothing is done twice.
         */
        'idempotency-key': string;
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/shipments';
};

export type ShipmentsCreateResponses = {
    /**
     * Taken: the work goes on in the background.
     */
    202: Shipment;
};

export type ShipmentsCreateResponse = ShipmentsCreateResponses[keyof ShipmentsCreateResponses];

export type ShipmentsFindData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/shipments/{id}';
};

export type ShipmentsFindResponses = {
    /**
     * Done.
     */
    200: Shipment;
};

export type ShipmentsFindResponse = ShipmentsFindResponses[keyof ShipmentsFindResponses];

export type ShipmentsTryAgainData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/shipments/{id}/purchase';
};

export type ShipmentsTryAgainResponses = {
    /**
     * Taken: the work goes on in the background.
     */
    202: Shipment;
};

export type ShipmentsTryAgainResponse = ShipmentsTryAgainResponses[keyof ShipmentsTryAgainResponses];

export type ShipmentsRequestReturnData = {
    body: ShipmentsRequestReturn;
    headers: {
        /**
         * The same key gives the same answer, and nothing is done twice.
         */
        'idempotency-key': string;
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/shipments/{id}/returns';
};

export type ShipmentsRequestReturnResponses = {
    /**
     * Taken: the work goes on in the background.
     */
    202: Shipment;
};

export type ShipmentsRequestReturnResponse = ShipmentsRequestReturnResponses[keyof ShipmentsRequestReturnResponses];

export type ShipmentsTakeBackData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/shipments/{id}/void';
};

export type ShipmentsTakeBackResponses = {
    /**
     * Taken: the work goes on in the background.
     */
    202: Shipment;
};

export type ShipmentsTakeBackResponse = ShipmentsTakeBackResponses[keyof ShipmentsTakeBackResponses];

export type ShippingStockPolicyData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/shipping-policy';
};

export type ShippingStockPolicyResponses = {
    /**
     * Done.
     */
    200: {
        addressValidation: 'us_only' | 'always' | 'never';
        priceLimits: Array<{
            amountMinor: number;
            currency: string;
        }>;
        renewedRateRisePercent: number;
        dailyManifests?: {
            at: string;
            timeZone: string;
            carriers: Array<string>;
        };
    };
};

export type ShippingStockPolicyResponse = ShippingStockPolicyResponses[keyof ShippingStockPolicyResponses];

export type ShippingStockReplacePolicyData = {
    body: ShippingStockReplacePolicy;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/shipping-policy';
};

export type ShippingStockReplacePolicyResponses = {
    /**
     * Done.
     */
    200: {
        addressValidation: 'us_only' | 'always' | 'never';
        priceLimits: Array<{
            amountMinor: number;
            currency: string;
        }>;
        renewedRateRisePercent: number;
        dailyManifests?: {
            at: string;
            timeZone: string;
            carriers: Array<string>;
        };
    };
};

export type ShippingStockReplacePolicyResponse = ShippingStockReplacePolicyResponses[keyof ShippingStockReplacePolicyResponses];

export type SyncsListData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: {
        limit?: number;
        /**
         * `nextCursor` of the page before.
         */
        cursor?: string;
    };
    url: '/v1/syncs';
};

export type SyncsListResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<Sync>;
        nextCursor?: string;
    };
};

export type SyncsListResponse = SyncsListResponses[keyof SyncsListResponses];

export type SyncsCreateData = {
    body: SyncsCreate;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/syncs';
};

export type SyncsCreateResponses = {
    /**
     * Made.
     */
    201: Sync;
};

export type SyncsCreateResponse = SyncsCreateResponses[keyof SyncsCreateResponses];

export type SyncsDeleteData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/syncs/{id}';
};

export type SyncsDeleteResponses = {
    /**
     * Done.
     */
    204: void;
};

export type SyncsDeleteResponse = SyncsDeleteResponses[keyof SyncsDeleteResponses];

export type SyncsReadData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/syncs/{id}';
};

export type SyncsReadResponses = {
    /**
     * Done.
     */
    200: Sync;
};

export type SyncsReadResponse = SyncsReadResponses[keyof SyncsReadResponses];

export type SyncTroubleConflictsData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: {
        limit?: number;
        cursor?: string;
    };
    url: '/v1/syncs/{id}/conflicts';
};

export type SyncTroubleConflictsResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<SyncConflict>;
        nextCursor?: string;
    };
};

export type SyncTroubleConflictsResponse = SyncTroubleConflictsResponses[keyof SyncTroubleConflictsResponses];

export type SyncTroubleDecideData = {
    body: SyncTroubleDecide;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
        goldenId: string;
        connectionId: string;
        field: string;
    };
    query?: never;
    url: '/v1/syncs/{id}/conflicts/{goldenId}/{connectionId}/{field}';
};

export type SyncTroubleDecideResponses = {
    /**
     * Done.
     */
    204: void;
};

export type SyncTroubleDecideResponse = SyncTroubleDecideResponses[keyof SyncTroubleDecideResponses];

export type SyncTroubleErrorsData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: {
        limit?: number;
        cursor?: string;
    };
    url: '/v1/syncs/{id}/errors';
};

export type SyncTroubleErrorsResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<SyncError>;
        nextCursor?: string;
    };
};

export type SyncTroubleErrorsResponse = SyncTroubleErrorsResponses[keyof SyncTroubleErrorsResponses];

export type SyncTroubleErrorsAsCsvData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/syncs/{id}/errors.csv';
};

export type SyncTroubleErrorsAsCsvResponses = {
    /**
     * Done.
     */
    200: string;
};

export type SyncTroubleErrorsAsCsvResponse = SyncTroubleErrorsAsCsvResponses[keyof SyncTroubleErrorsAsCsvResponses];

export type SyncTroubleRetryData = {
    body: SyncTroubleRetry;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/syncs/{id}/errors/retry';
};

export type SyncTroubleRetryResponses = {
    /**
     * Taken: the work goes on in the background.
     */
    202: {
        records: number;
    };
};

export type SyncTroubleRetryResponse = SyncTroubleRetryResponses[keyof SyncTroubleRetryResponses];

export type SyncTroubleLeftOutData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: {
        limit?: number;
        cursor?: string;
    };
    url: '/v1/syncs/{id}/left-out-companies';
};

export type SyncTroubleLeftOutResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<LeftOutCompanies>;
        nextCursor?: string;
    };
};

export type SyncTroubleLeftOutResponse = SyncTroubleLeftOutResponses[keyof SyncTroubleLeftOutResponses];

export type SyncsPauseData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/syncs/{id}/pause';
};

export type SyncsPauseResponses = {
    /**
     * Done.
     */
    200: Sync;
};

export type SyncsPauseResponse = SyncsPauseResponses[keyof SyncsPauseResponses];

export type SyncsResetData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/syncs/{id}/reset';
};

export type SyncsResetResponses = {
    /**
     * Taken: the work goes on in the background.
     */
    202: Sync;
};

export type SyncsResetResponse = SyncsResetResponses[keyof SyncsResetResponses];

export type SyncsResumeData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/syncs/{id}/resume';
};

export type SyncsResumeResponses = {
    /**
     * Done.
     */
    200: Sync;
};

export type SyncsResumeResponse = SyncsResumeResponses[keyof SyncsResumeResponses];

export type SyncsListRunsData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/syncs/{id}/runs';
};

export type SyncsListRunsResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<SyncRun>;
    };
};

export type SyncsListRunsResponse = SyncsListRunsResponses[keyof SyncsListRunsResponses];

export type SyncsStartRunData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/syncs/{id}/runs';
};

export type SyncsStartRunResponses = {
    /**
     * Taken: the work goes on in the background.
     */
    202: SyncRun;
};

export type SyncsStartRunResponse = SyncsStartRunResponses[keyof SyncsStartRunResponses];

export type SyncsReadRunData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
        runId: string;
    };
    query?: never;
    url: '/v1/syncs/{id}/runs/{runId}';
};

export type SyncsReadRunResponses = {
    /**
     * Done.
     */
    200: SyncRun;
};

export type SyncsReadRunResponse = SyncsReadRunResponses[keyof SyncsReadRunResponses];

export type SyncsCancelRunData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
        runId: string;
    };
    query?: never;
    url: '/v1/syncs/{id}/runs/{runId}/cancel';
};

export type SyncsCancelRunResponses = {
    /**
     * Done.
     */
    200: SyncRun;
};

export type SyncsCancelRunResponse = SyncsCancelRunResponses[keyof SyncsCancelRunResponses];

export type SyncTroubleDifferencesData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
        runId: string;
    };
    query?: {
        limit?: number;
        cursor?: string;
    };
    url: '/v1/syncs/{id}/runs/{runId}/differences';
};

export type SyncTroubleDifferencesResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<SyncDifference>;
        nextCursor?: string;
    };
};

export type SyncTroubleDifferencesResponse = SyncTroubleDifferencesResponses[keyof SyncTroubleDifferencesResponses];

export type SyncsWatchRunData = {
    body?: never;
    headers?: {
        /**
         * The last event that was seen.
         */
        'last-event-id'?: string;
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
        runId: string;
    };
    query?: never;
    url: '/v1/syncs/{id}/runs/{runId}/events';
};

export type SyncsWatchRunResponses = {
    /**
     * Done.
     */
    200: string;
    /**
     * It is over, and its end was seen: ask no more.
     */
    204: void;
};

export type SyncsWatchRunResponse = SyncsWatchRunResponses[keyof SyncsWatchRunResponses];

export type TenantsListData = {
    body?: never;
    path?: never;
    query?: {
        state?: 'active' | 'suspended' | 'deleted' | 'erased';
        limit?: number;
        cursor?: string;
    };
    url: '/v1/tenants';
};

export type TenantsListResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<Tenant>;
        nextCursor?: string;
    };
};

export type TenantsListResponse = TenantsListResponses[keyof TenantsListResponses];

export type TenantsCreateData = {
    body: TenantsCreate;
    path?: never;
    query?: never;
    url: '/v1/tenants';
};

export type TenantsCreateResponses = {
    /**
     * Made.
     */
    201: Tenant;
};

export type TenantsCreateResponse = TenantsCreateResponses[keyof TenantsCreateResponses];

export type TenantsDeleteData = {
    body?: never;
    path: {
        id: string;
    };
    query?: {
        /**
         * Days in which the tenant may be resumed, before nothing of it is left.
         */
        retentionDays?: number;
    };
    url: '/v1/tenants/{id}';
};

export type TenantsDeleteResponses = {
    /**
     * Taken: the work goes on in the background.
     */
    202: Tenant;
};

export type TenantsDeleteResponse = TenantsDeleteResponses[keyof TenantsDeleteResponses];

export type TenantsFindData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/tenants/{id}';
};

export type TenantsFindResponses = {
    /**
     * Done.
     */
    200: Tenant;
};

export type TenantsFindResponse = TenantsFindResponses[keyof TenantsFindResponses];

export type TenantDomainsListData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/tenants/{id}/domains';
};

export type TenantDomainsListResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<{
            domain: string;
        }>;
    };
};

export type TenantDomainsListResponse = TenantDomainsListResponses[keyof TenantDomainsListResponses];

export type TenantDomainsRemoveData = {
    body?: never;
    path: {
        id: string;
        domain: string;
    };
    query?: never;
    url: '/v1/tenants/{id}/domains/{domain}';
};

export type TenantDomainsRemoveResponses = {
    /**
     * Done.
     */
    204: void;
};

export type TenantDomainsRemoveResponse = TenantDomainsRemoveResponses[keyof TenantDomainsRemoveResponses];

export type TenantDomainsAddData = {
    body?: never;
    path: {
        id: string;
        domain: string;
    };
    query?: never;
    url: '/v1/tenants/{id}/domains/{domain}';
};

export type TenantDomainsAddResponses = {
    /**
     * Done.
     */
    204: void;
};

export type TenantDomainsAddResponse = TenantDomainsAddResponses[keyof TenantDomainsAddResponses];

export type TenantExportExportData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/tenants/{id}/export';
};

export type TenantExportExportResponses = {
    /**
     * Done.
     */
    200: string;
};

export type TenantExportExportResponse = TenantExportExportResponses[keyof TenantExportExportResponses];

export type TenantsResumeData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/tenants/{id}/resume';
};

export type TenantsResumeResponses = {
    /**
     * Done.
     */
    200: Tenant;
};

export type TenantsResumeResponse = TenantsResumeResponses[keyof TenantsResumeResponses];

export type TenantsSuspendData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/tenants/{id}/suspend';
};

export type TenantsSuspendResponses = {
    /**
     * Done.
     */
    200: Tenant;
};

export type TenantsSuspendResponse = TenantsSuspendResponses[keyof TenantsSuspendResponses];

export type CallsUsageData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: {
        from?: string;
        to?: string;
    };
    url: '/v1/usage';
};

export type CallsUsageResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<{
            tenantId: string;
            vendor: 'hubspot' | 'salesforce' | 'pipedrive' | 'zoho' | 'dynamics' | 'woocommerce' | 'shippo';
            day: string;
            calls: number;
            failedCalls: number;
        }>;
    };
};

export type CallsUsageResponse = CallsUsageResponses[keyof CallsUsageResponses];

export type WorkspacesListData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: {
        limit?: number;
        /**
         * `nextCursor` of the page before.
         */
        cursor?: string;
    };
    url: '/v1/workspaces';
};

export type WorkspacesListResponses = {
    /**
     * Done.
     */
    200: {
        items: Array<Workspace>;
        nextCursor?: string;
    };
};

export type WorkspacesListResponse = WorkspacesListResponses[keyof WorkspacesListResponses];

export type WorkspacesCreateData = {
    body: WorkspacesCreate;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/workspaces';
};

export type WorkspacesCreateResponses = {
    /**
     * Made.
     */
    201: Workspace;
};

export type WorkspacesCreateResponse = WorkspacesCreateResponses[keyof WorkspacesCreateResponses];

export type WorkspacesDeleteData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/workspaces/{id}';
};

export type WorkspacesDeleteResponses = {
    /**
     * Done.
     */
    204: void;
};

export type WorkspacesDeleteResponse = WorkspacesDeleteResponses[keyof WorkspacesDeleteResponses];

export type WorkspacesFindData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/workspaces/{id}';
};

export type WorkspacesFindResponses = {
    /**
     * Done.
     */
    200: Workspace;
};

export type WorkspacesFindResponse = WorkspacesFindResponses[keyof WorkspacesFindResponses];

export type WorkspacesLetGoData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
        connectionId: string;
    };
    query?: never;
    url: '/v1/workspaces/{id}/connections/{connectionId}';
};

export type WorkspacesLetGoResponses = {
    /**
     * Done.
     */
    204: void;
};

export type WorkspacesLetGoResponse = WorkspacesLetGoResponses[keyof WorkspacesLetGoResponses];

export type WorkspacesTakeData = {
    body?: never;
    headers?: {
        /**
         * The tenant, for clients that may act for any.
         */
        'x-crossdock-tenant'?: string;
    };
    path: {
        id: string;
        connectionId: string;
    };
    query?: never;
    url: '/v1/workspaces/{id}/connections/{connectionId}';
};

export type WorkspacesTakeResponses = {
    /**
     * Done.
     */
    204: void;
};

export type WorkspacesTakeResponse = WorkspacesTakeResponses[keyof WorkspacesTakeResponses];
