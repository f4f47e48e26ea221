// Calls whose types the document decides. Each line below an `@ts-expect-error` is one that must not compile.
import { EmulatorApi } from './dev';
import { Configuration, PrivilegedRolesApi, type PrivilegedRole, type SelfActivateParameters } from './graph_beta';

const graph = new PrivilegedRolesApi(new Configuration({ basePath: 'http://127.0.0.1:8080/beta', accessToken: 'e30.e30.' }));
const dev = new EmulatorApi();

export async function roles(): Promise<PrivilegedRole[]> {
  const list = await graph.listRoles({ $top: 5, $count: true });
  // @ts-expect-error: a number
  await graph.listRoles({ $top: '5' });
  const counted: number | undefined = list.atOdataCount;
  // @ts-expect-error: not a text
  const notText: string = list.atOdataCount;
  return [counted, notText].length ? list.value : [];
}

export async function activate(id: string): Promise<Date | null | undefined> {
  const selfActivateParameters: SelfActivateParameters = { duration: 'PT1H', reason: null };
  const assignment = await graph.selfActivate({ id, selfActivateParameters });
  // @ts-expect-error: the path has an id
  await graph.selfActivate({ selfActivateParameters });
  // @ts-expect-error: no such member
  return assignment.expirationDateTime ?? assignment.expiration;
}

export async function token(oid: string): Promise<string> {
  const { accessToken } = await dev.issueToken({ requestBody: { oid, amr: ['mfa'] } });
  return accessToken;
}
