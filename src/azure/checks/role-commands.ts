import { shellWord } from "../../text/shell-word.ts";
import type { Client } from "../client/client.ts";
import { claim } from "./token-claims.ts";

/** The object id of the bot's identity; a placeholder where its token doesn't say it. */
export async function principalOf(client: Pick<Client, "token">): Promise<string> {
  return claim(await client.token(), "oid") ?? "PRINCIPAL_ID";
}

/** The Azure CLI's line that assigns a role to the bot's identity. */
export function assignRole(role: string, principal: string, scope: string): string {
  return `az role assignment create --role "${role}" --assignee-object-id ${principal} --assignee-principal-type ServicePrincipal --scope ${shellWord(scope)}`;
}
