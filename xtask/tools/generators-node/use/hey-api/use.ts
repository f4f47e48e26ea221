// Calls whose types the document decides. Each line below an `@ts-expect-error` is one that must not compile.
import { issueToken } from './dev';
import { listRoles, selfActivate, type PrivilegedRole, type SelfActivateParameters } from './graph_beta';

export async function roles(): Promise<PrivilegedRole[]> {
  const { data, error } = await listRoles({ query: { $top: 5, $count: true } });
  // @ts-expect-error: a number
  await listRoles({ query: { $top: '5' } });
  if (error) throw new Error(`${error.error.code}: ${error.error.message}`);
  const counted: number | undefined = data['@odata.count'];
  // @ts-expect-error: not a text
  const notText: string = data['@odata.count'];
  return [counted, notText].length ? data.value : [];
}

export async function activate(id: string): Promise<string | null | undefined> {
  const body: SelfActivateParameters = { duration: 'PT1H', reason: null };
  const { data } = await selfActivate({ path: { id }, body });
  // @ts-expect-error: the path has an id
  await selfActivate({ body });
  // @ts-expect-error: no such member
  return data?.expirationDateTime ?? data?.expiration;
}

export async function token(oid: string): Promise<string | undefined> {
  const { data } = await issueToken({ body: { oid, amr: ['mfa'] } });
  return data?.access_token;
}
