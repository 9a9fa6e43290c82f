/** Long pieces of the lines that menus carry, shortest code first; a new one goes to the end: old messages have the codes. */
const pieces = [
  "/subscriptions/",
  "/resourceGroups/",
  "/resourcegroups/",
  "/providers/Microsoft.Security/locations/",
  "/providers/Microsoft.Security/assessments/",
  "/providers/Microsoft.ContainerService/managedClusters/",
  "/providers/Microsoft.ContainerRegistry/registries/",
  "/alerts/",
];
const guid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/**
 * A command line in fewer characters, where it names an Azure resource: `~` and a digit for what such names share, `~g`
 * and 22 characters for a GUID, `~~` for a tilde.
 */
export function packLine(line: string): string {
  const escaped = line.replaceAll("~", "~~");
  const short = pieces.reduce((text, piece, index) => text.replaceAll(piece, `~${index}`), escaped);
  return short.replace(
    guid,
    (one) => `~g${Buffer.from(one.replaceAll("-", ""), "hex").toString("base64url")}`,
  );
}

/** The line that was packed; what is no code stays as it is. */
export function unpackLine(packed: string): string {
  return packed.replace(/~(?:g([\w-]{22})|(.))/g, (code, id?: string, sign?: string) => {
    if (id) return guidOf(Buffer.from(id, "base64url").toString("hex"));
    return sign === "~" ? "~" : (pieces[Number(sign)] ?? code);
  });
}

function guidOf(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
