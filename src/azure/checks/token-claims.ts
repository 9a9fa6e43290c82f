import { field } from "../fields.ts";

/** An id in an Entra token; undefined where the token is opaque. The token is not verified: it is ours. */
export function claim(token: string, name: "oid" | "tid"): string | undefined {
  try {
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
    const value = field(claims, name);
    return typeof value === "string" && /^[0-9a-f-]{36}$/i.test(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
