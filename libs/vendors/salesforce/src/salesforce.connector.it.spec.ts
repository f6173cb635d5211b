import { describeCrmConnector } from '@crossdock/crm-connector/conformance';
import { salesforceWorld } from './records/salesforce-world.fixture.ts';

describeCrmConnector('Salesforce', () => salesforceWorld({ queryPageSize: 100 }));
describeCrmConnector('Salesforce (which writes by ingest jobs)', async () => ({ ...await salesforceWorld({ queryPageSize: 100 }, { bulkFirstPauseMs: 1 }), writesByJobs: true }));
