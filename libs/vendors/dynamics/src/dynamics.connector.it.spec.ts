import { describeCrmConnector } from '@crossdock/crm-connector/conformance';
import { dynamicsWorld } from './records/dynamics-world.fixture.ts';

describeCrmConnector('Dynamics', () => dynamicsWorld({ changesPerPage: 5 }));
