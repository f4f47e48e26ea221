// Calls whose types the document decides. Each line below an `@ts-expect-error` is one that must not compile.
import createClient from 'openapi-fetch';
import type { paths as Dev } from './dev';
import type { components, paths } from './graph_beta';

const graph = createClient<paths>({ baseUrl: 'http://127.0.0.1:8080/beta' });
const dev = createClient<Dev>({ baseUrl: 'http://127.0.0.1:8080' });

export async function roles(): Promise<components['schemas']['PrivilegedRole'][]> {
  const { data, error } = await graph.GET('/privilegedRoles', { params: { query: { $top: 5, $count: true } } });
  // @ts-expect-error: a number
  await graph.GET('/privilegedRoles', { params: { query: { $top: '5' } } });
  // @ts-expect-error: no such path
  await graph.GET('/privilegedRole', {});
  if (error) throw new Error(`${error.error.code}: ${error.error.message}`);
  const counted: number | undefined = data['@odata.count'];
  // @ts-expect-error: not a text
  const notText: string = data['@odata.count'];
  return [counted, notText].length ? data.value : [];
}

export async function activate(id: string): Promise<string | null | undefined> {
  const body: components['schemas']['SelfActivateParameters'] = { duration: 'PT1H', reason: null };
  const { data } = await graph.POST('/privilegedRoles/{id}/selfActivate', { params: { path: { id } }, body });
  // @ts-expect-error: the path has an id
  await graph.POST('/privilegedRoles/{id}/selfActivate', { body });
  // @ts-expect-error: no such member
  return data?.expirationDateTime ?? data?.expiration;
}

export async function token(oid: string): Promise<string | undefined> {
  const { data } = await dev.POST('/dev/token', { body: { oid, amr: ['mfa'] } });
  return data?.access_token;
}
