/** The Azure CLI's line that assigns a role to the bot's identity. */
export function assignRole(role: string, principal: string, scope: string): string {
  return `az role assignment create --role "${role}" --assignee-object-id ${principal} --assignee-principal-type ServicePrincipal --scope ${scope}`;
}
