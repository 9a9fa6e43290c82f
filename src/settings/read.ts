import type { Settings } from "../domain/settings.ts";
import type { ChannelSubscription } from "../domain/subscription.ts";
import { hasOption } from "../domain/topics.ts";
import { ConfigError, type ConfigProblem } from "../errors.ts";
import { type FromEnvironment, readEnvironment } from "./environment.ts";
import { fileSchema, type SettingsFile } from "./file.ts";
import type { Readers } from "./readers.ts";
import { readYaml } from "./yaml.ts";

const defaultFile = "breakwater.yaml";

/**
 * Reads everything that can be set.
 * @param env the environment
 * @param readFile the text of a file, or undefined where there is none
 * @param readers what settings are checked with
 * @throws ConfigError with every problem of the environment and of the file at once
 */
export function readSettings(
  env: Record<string, string | undefined>,
  readFile: (path: string) => string | undefined,
  readers: Readers,
): Settings {
  const redis = withRedisPassword(env, readFile);
  const environment = readEnvironment(redis.env, readers);
  const named = env.BREAKWATER_CONFIG?.trim() || undefined;
  const file = readConfigFile(named, readFile, readers);
  const problems = [...redis.problems, ...environment.problems, ...file.problems];
  if (!environment.settings || !file.value || problems.length > 0) throw new ConfigError(problems);
  const { configFile: _, ...fromEnvironment } = environment.settings;
  return { ...fromEnvironment, ...fromFile(file.value, readers) };
}

function readConfigFile(
  named: string | undefined,
  readFile: (path: string) => string | undefined,
  readers: Readers,
): { value?: SettingsFile; problems: ConfigProblem[] } {
  const path = named ?? defaultFile;
  let text: string | undefined;
  try {
    text = readFile(path);
  } catch (error) {
    const problem = `cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown error"})`;
    return { problems: [{ where: path, problem, allowed: "a file that the bot may read" }] };
  }
  if (text === undefined && named) {
    const problem = `names ${named}, and there is no such file`;
    return { problems: [{ where: "BREAKWATER_CONFIG", problem, allowed: "the path of a file that exists" }] };
  }
  return readYaml(text ?? "", path, fileSchema(readers));
}

function fromFile(file: SettingsFile, { scope }: Readers): Omit<Settings, keyof FromEnvironment> {
  const channels = file.channels.flatMap(
    ({ channel, topics, severity, immediate, state, language, scope: words }) =>
      topics.map(
        (topic): ChannelSubscription => ({
          channel,
          topic,
          scopes: words.flatMap((word) => scope(word) ?? []),
          origin: "file",
          ...(severity && hasOption(topic, "severity") && { severity }),
          ...(state && hasOption(topic, "state") && { state }),
          ...(immediate && hasOption(topic, "immediate") && { immediate }),
          ...(language && { language }),
        }),
      ),
  );
  return { ...file, channels };
}

type Env = Record<string, string | undefined>;

/**
 * Puts the password of the file that `REDIS_PASSWORD_FILE` names, as orchestrators mount secrets, into `REDIS_URL`.
 * No problem repeats the password or the URL.
 * @param readFile the text of a file, or undefined where there is none
 */
function withRedisPassword(
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
