import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadHunts } from "../src/azure/hunts/load.ts";
import { readerDeclarations } from "../src/azure/readers.ts";
import { loadDefinitions } from "../src/definitions/load.ts";
import { slackManifest } from "../src/definitions/manifest.ts";
import { slackScopes } from "../src/slack/scopes.ts";
import { alertTypesPage, recommendationsPage } from "./documents/catalogue.ts";
import { referencePages } from "./documents/definitions.ts";
import { featuresPage } from "./documents/features.ts";
import { huntsPage } from "./documents/hunts.ts";
import { readersPage } from "./documents/readers.ts";

const root = join(import.meta.dirname, "..");

/** Every generated document by its path below the repository: the reference pages and the Slack app manifest. */
export async function documents(source = join(root, "src")): Promise<Map<string, string>> {
  const definitions = await loadDefinitions(source);
  const pages = [...referencePages(definitions)].map(([name, text]): [string, string] => [
    `docs/reference/${name}`,
    text,
  ]);
  const manifest = slackManifest(definitions, {
    url: "https://breakwater.example.com/slack/events",
    scopes: slackScopes,
    shortcuts: ["status", "alerts", "subscribe"],
  });
  const readers = await readerDeclarations();
  pages.push(["docs/reference/readers.md", readersPage(readers, "en")]);
  pages.push(["docs/reference/readers.ja.md", readersPage(readers, "ja")]);
  pages.push(["docs/reference/features.md", featuresPage("en")]);
  pages.push(["docs/reference/features.ja.md", featuresPage("ja")]);
  for (const [language, ending] of [
    ["en", "md"],
    ["ja", "ja.md"],
  ] as const) {
    pages.push([`docs/reference/alert-types.${ending}`, alertTypesPage(definitions, language)]);
    pages.push([`docs/reference/recommendations.${ending}`, recommendationsPage(definitions, language)]);
  }
  const { hunts } = await loadHunts(undefined);
  pages.push(["docs/reference/hunts.md", huntsPage(hunts, "en")]);
  pages.push(["docs/reference/hunts.ja.md", huntsPage(hunts, "ja")]);
  return new Map([...pages, ["docs/slack-app-manifest.json", `${JSON.stringify(manifest, null, 2)}\n`]]);
}

if (import.meta.main) {
  await mkdir(join(root, "docs", "reference", "scenarios"), { recursive: true });
  for (const [path, text] of await documents()) {
    await writeFile(join(root, path), text);
    console.log(path);
  }
}
