import { describeCrmConnector, describeDealLines } from '@crossdock/crm-connector/conformance';
import { dynamicsWorld } from './records/dynamics-world.fixture.ts';

describeCrmConnector('Dynamics', () => dynamicsWorld({ changesPerPage: 5 }));
describeDealLines('Dynamics', async () => {
  const world = await dynamicsWorld();
  const { control, orgId } = world;
  return {
    ...world,
    linesOf: async (dealId) => (await control.dynamicsRows(orgId, 'opportunityproducts')).filter((row) => row['_opportunityid_value'] === dealId).map((row) => ({
      id: String(row['opportunityproductid']), name: String(row['productdescription']), quantity: Number(row['quantity']), totalMinor: Math.round(Number(row['extendedamount']) * 100),
    })),
    addLine: async (dealId, name) => {
      await control.addDynamicsRow(orgId, 'opportunityproducts', {
        isproductoverridden: true, productdescription: name, quantity: 1, priceperunit: 10, 'opportunityid@odata.bind': `/opportunities(${dealId})`,
      });
    },
  };
});
