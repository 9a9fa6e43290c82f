import type { ConfigProblem } from "../errors.ts";

type Env = Record<string, string | undefined>;

/**
 * Puts the password of the file that `REDIS_PASSWORD_FILE` names, as orchestrators mount secrets, into `REDIS_URL`.
 * No problem repeats the password or the URL.
 * @param readFile the text of a file, or undefined where there is none
 */
export function withRedisPassword(
  env: Env,
  readFile: (path: string) => string | undefined,
): { env: Env; problems: ConfigProblem[] } {
  const path = env.REDIS_PASSWORD_FILE?.trim();
  if (!path) return { env, problems: [] };
  const refused = (problem: string, allowed: string) => {
    return { env, problems: [{ where: "REDIS_PASSWORD_FILE", problem, allowed }] };
  };
  const url = env.REDIS_URL?.trim();
  if (!url) return refused("is set without REDIS_URL", "both, or neither");
  if (url.includes("@")) return refused("is set, and REDIS_URL holds credentials too", "one of the two");
  const password = readOrUndefined(path, readFile)?.trim();
  if (!password)
    return refused("names a file that is missing, unreadable or empty", "a file with the password");
  // A text that is no URL stays as it is, and is named as such.
  return {
    env: { ...env, REDIS_URL: url.replace("://", () => `://:${encodeURIComponent(password)}@`) },
    problems: [],
  };
}

function readOrUndefined(path: string, readFile: (path: string) => string | undefined): string | undefined {
  try {
    return readFile(path);
  } catch {
    return undefined;
  }
}
