import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import {
  allows,
  requiredActions,
  roleName,
  subscriptionActions,
} from "../../src/azure/permissions/required-actions.ts";
import { healthRoutes } from "../../src/process/health.ts";
import { readEnvironment } from "../../src/settings/environment.ts";
import { slackScopes } from "../../src/slack/scopes.ts";
import { sourceFiles } from "../source-files.ts";

const root = join(import.meta.dirname, "..", "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const files = sourceFiles(join(root, "src"));

/** The rows of the tables in a page whose first cell has code: what is in it, and in the last one. */
function rows(page: string): [string, string][] {
  return page
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .filter(([, name = ""]) => name.includes("`"))
    .map((cells) => [cells[1]!, cells.at(-2)!]);
}

describe("the Azure role", () => {
  type Role = Record<"Actions" | "NotActions" | "DataActions" | "AssignableScopes", string[]> & {
    Name: string;
    IsCustom: boolean;
  };
  const role = JSON.parse(read("docs/azure-role.json")) as Role;

  it("allows what doctor asks for, and nothing else", () => {
    expect(role.Actions).toEqual(requiredActions.map(({ action }) => action));
    expect(role).toMatchObject({ Name: roleName, IsCustom: true, NotActions: [], DataActions: [] });
    const permission = [{ actions: role.Actions, notActions: role.NotActions }];
    for (const { action, covers = [action] } of subscriptionActions)
      for (const operation of covers) expect(allows(permission, operation), operation).toBe(true);
    for (const operation of [
      "Microsoft.Security/pricings/write",
      "Microsoft.ContainerService/managedClusters/listClusterUserCredential/action",
      "Microsoft.ContainerRegistry/registries/push/write",
      "Microsoft.Authorization/roleAssignments/write",
    ])
      expect(allows(permission, operation), operation).toBe(false);
  });

  it("is explained action by action", () => {
    const explained = rows(read("docs/azure.md"));
    expect(explained).toEqual(requiredActions.map(({ action, purpose }) => [`\`${action}\``, purpose]));
  });

  it("is assigned under the name that doctor's lines have", () => {
    expect(read("docs/azure.md")).toContain(`--role "${roleName}"`);
  });
});

describe("the manifests for AKS in docs/azure.md", () => {
  const block = /```yaml\n(.*?)```/s.exec(read("docs/azure.md"))?.[1] ?? "";
  const [account, deployment, service] = parseAllDocuments(block).map((one) => one.toJS());

  it("are YAML, of one namespace, and fit together", () => {
    expect([account, deployment, service].map(({ kind }) => kind)).toEqual([
      "ServiceAccount",
      "Deployment",
      "Service",
    ]);
    for (const { metadata } of [account, deployment, service]) expect(metadata.namespace).toBe("breakwater");
    const { template, selector } = deployment.spec;
    expect(template.metadata.labels).toMatchObject(selector.matchLabels);
    expect(template.metadata.labels).toMatchObject(service.spec.selector);
    expect(template.metadata.labels["azure.workload.identity/use"]).toBe("true");
    expect(template.spec.serviceAccountName).toBe(account.metadata.name);
    expect(account.metadata.annotations).toHaveProperty(["azure.workload.identity/client-id"]);
    expect(template.spec.containers[0].ports).toContainEqual({
      containerPort: service.spec.ports[0].targetPort,
    });
  });

  it("give the container what Defender's own recommendations ask for, and ask what it answers", () => {
    const { spec } = deployment.spec.template;
    const [container] = spec.containers;
    expect(container.resources.limits).toEqual({ cpu: expect.any(String), memory: expect.any(String) });
    expect(spec.automountServiceAccountToken).toBe(false);
    expect(spec.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(container.securityContext).toEqual({
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
    });
    const never = async () => {};
    const lists = { late: async () => [], unreadable: async () => [] };
    const served = healthRoutes({
      ...{ redis: never, slack: never, azure: never, ...lists },
      metrics: async () => ({ type: "", body: "" }),
    }).map(({ path }) => path);
    for (const { httpGet } of [container.livenessProbe, container.readinessProbe])
      expect(served).toContain(httpGet.path);
  });

  it("name the account for which the federated credential is made, and what the commands before make", () => {
    const page = read("docs/azure.md");
    const { template } = deployment.spec;
    expect(page).toContain(
      `--subject system:serviceaccount:${account.metadata.namespace}:${account.metadata.name} `,
    );
    expect(page).toContain(
      `kubectl create secret generic ${template.spec.containers[0].envFrom[0].secretRef.name} `,
    );
    expect(page).toContain(`kubectl create configmap ${template.spec.volumes[0].configMap.name} `);
  });
});

describe("the Slack app", () => {
  const manifest = JSON.parse(read("docs/slack-app-manifest.json"));

  it("asks for the scopes that doctor checks, the optional ones apart", () => {
    const of = (wanted: boolean) =>
      slackScopes.filter(({ optional = false }) => optional === wanted).map(({ scope }) => scope);
    expect(manifest.oauth_config.scopes).toEqual({ bot: of(false), bot_optional: of(true) });
  });

  it("is explained scope by scope", () => {
    const explained = rows(read("docs/slack.md")).filter(([name]) => name.startsWith("`"));
    const expected = slackScopes.map(({ scope, optional, for: purpose }) => [
      `\`${scope}\`${optional ? " (optional)" : ""}`,
      purpose.en,
    ]);
    expect(explained.slice(0, expected.length)).toEqual(expected);
  });

  it("has three addresses to replace, all of them the one that Breakwater listens on", () => {
    const addresses = read("docs/slack-app-manifest.json").match(/https:\/\/[^"]*/g);
    expect(addresses).toEqual(Array(3).fill("https://breakwater.example.com/slack/events"));
  });
});

describe("the pages for operators", () => {
  it.each(["docs/install.md", "docs/install.ja.md"])("%s names every variable that is read", (path) => {
    const source = read("src/settings/environment.ts");
    const named = new Set(source.match(/\b(SLACK|AZURE|REDIS|BREAKWATER|LOG)_[A-Z_]+\b/g));
    expect(named.size).toBeGreaterThan(10);
    const page = read(path);
    expect([...named, "HOST", "PORT"].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it("no variable is promised that would be a mistake", () => {
    const env = { SLACK_BOT_TOKEN: "xoxb-1", SLACK_SIGNING_SECRET: "s", LOG_LEVEL: "trace", PORT: "3000" };
    expect(readEnvironment(env, { redisUrl: () => undefined }).problems).toEqual([]);
  });

  it("docs/operations.md names every metric, and none that is not there", () => {
    const counted = files.flatMap(({ text }) =>
      [...text.matchAll(/\bmetrics\s*\.\s*(?:count|gauge|observe)\(\s*"([a-z_]+)"/g)].map(
        ([, name]) => name!,
      ),
    );
    const section = read("docs/operations.md").split("| Metric |")[1]?.split("\n\n")[0] ?? "";
    const documented = rows(section).flatMap(([names]) =>
      [...names.matchAll(/`([a-z_]+)`/g)].map(([, name]) => name!),
    );
    expect(documented.sort()).toEqual([...new Set(counted)].sort());
  });
});

describe("the pages, whoever reads them,", () => {
  const pages = ["README.md", "README.ja.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"].concat(
    readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".md"))
      .map((path) => join("docs", path)),
  );
  /** Links to places of ours: the page, the file that is meant, and the heading in it. */
  const links = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)].map(([, to = "", heading]) => ({
      page,
      to: to === "" ? page : join(dirname(page), to),
      heading,
    })),
  );
  const said = ({ page, to, heading }: (typeof links)[number]) =>
    `${page} → ${to}${heading === undefined ? "" : `#${heading}`}`;

  it("lead to no file that is not there", () => {
    const missing = links.filter(({ to }) => !existsSync(join(root, to)));
    expect(pages.length).toBeGreaterThan(40);
    expect(missing.map(said)).toEqual([]);
  });

  it("lead to no heading that is not there", () => {
    const headings = (page: string) => {
      const text = read(page).replace(/```.*?```/gs, "");
      return [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) => anchor(title));
    };
    const missing = links.filter(
      ({ to, heading }) =>
        heading !== undefined && to.endsWith(".md") && !headings(to).includes(decodeURIComponent(heading)),
    );
    expect(missing.map(said)).toEqual([]);
  });

  it("know their other language: what readers of a channel need is there in both", () => {
    const japanese = pages.filter((page) => page.endsWith(".ja.md"));
    for (const page of ["README", "docs/install", "docs/findings", "docs/simulations"])
      expect(japanese).toContain(`${page}.ja.md`);
    for (const page of japanese.filter((one) => !one.startsWith("docs/reference/"))) {
      const english = page.replace(/\.ja\.md$/, ".md");
      for (const [from, to] of [
        [page, english],
        [english, page],
      ])
        expect(
          links.some((link) => link.page === from && link.to === to),
          `${from} → ${to}`,
        ).toBe(true);
    }
  });
});

/** The anchor that a heading gets: small letters, spaces as dashes, no punctuation. */
function anchor(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M} _-]/gu, "")
    .replaceAll(" ", "-");
}
