import { describe, expect, it } from "vitest";
import { refuseBlocks } from "../../playground/slack/blocks/validate.ts";
import { UpstreamError } from "../../src/errors.ts";
import { compile } from "../../src/slack/render/compile.ts";
import { openStore } from "../../src/store/store.ts";
import { alertOf } from "../alerts.ts";
import { assessmentOf } from "../dispatch-estate.ts";
import { type Bench, benchOf, last, linesOf, read, textOf } from "../dispatch-parts.ts";
import { redisForThisFile } from "../redis.ts";
import { runOf, time } from "../runs.ts";

const redis = redisForThisFile();
const bench = (): Bench => benchOf(openStore(redis.connect(), redis.prefix(), []));
const down = async () => {
  throw new UpstreamError("503", { system: "azure", status: 503, code: "Down", retryable: true });
};

async function ask(line: string, one = bench(), language: "en" | "ja" = "en") {
  const message = last(await one.say(line, { language }));
  refuseBlocks(compile(message, { language }).head.blocks ?? []);
  return { ...message, text: textOf(message) };
}

describe("help", () => {
  it("of an alert type: what it means, whether it can occur here, how to simulate it, and where MITRE has it", async () => {
    const { headline, text, tone } = await ask("help k8s.node_imdscall");
    expect([headline, tone]).toEqual([
      "Access to cloud metadata service detected (K8S.NODE_ImdsCall)",
      "medium",
    ]);
    expect(text).toMatch(/metadata service, where the node's identity can be stolen/);
    expect(text).toMatch(
      /Instance Metadata API \(MS-TA9033\).*T1552\.005.*https:\/\/attack\.mitre\.org\/techniques\/T1552\/005\//s,
    );
    expect(text).toMatch(/Can it occur here\s*No on aks-private; unknown on aks-shop, aks-unread/s);
    expect(text).toContain("/defender simulate lateral-movement CLUSTER");
    expect((await ask("help Access to cloud metadata service detected", bench(), "ja")).text).toContain(
      "資格情報アクセス",
    );
  });

  it("of an alert type says that it can't occur where the sensor's pods aren't ready, as status does", async () => {
    const one = bench();
    const node = { name: "n1", pool: "apps", os: "linux", ready: true, sensor: "not-ready" };
    const pods = { components: [], constraintTemplates: 0 };
    one.ports.clusters = {
      reach: async () => ({ nodes: async () => [node], defenderPods: async () => pods }) as never,
    };
    expect((await ask("help k8s.node_imdscall", one)).text).toMatch(/Can it occur here\s*No on .*aks-shop/s);
  });

  it("of a recommendation: what Azure says of it, what it says here, and how to simulate it", async () => {
    const one = bench();
    const title = "Privileged containers should be avoided";
    const assessments = [assessmentOf("k1", "aks-shop", { title, type: "data-plane", severity: "medium" })];
    one.ports.azure.assessments = async () => ({ ...read(assessments), unassessed: [] });
    const message = await ask("help privileged containers should be avoided", one);
    const { headline, text } = message;
    expect([headline, message.tone]).toEqual([title, "warning"]);
    expect(text).toMatch(/Data plane.*95edb821.*1 affected, 0 healthy.*What it is about\..*What to do\./s);
    expect(text).toContain("/defender simulate misconfigured-workload CLUSTER");
    expect(linesOf(message)).toContain("recommendation k1");
    expect((await ask("help Container registries should use private link")).text).toMatch(
      /Not assessed on anything here.*No simulation provokes it/s,
    );
  });

  it("explains what the catalogue doesn't have by its own text, and counts it", async () => {
    const one = bench();
    one.alerts.push(
      alertOf("a9", { type: "K8S.NODE_Novel", title: "Novel <!channel>", description: "*New*" }),
    );
    const message = await ask("help K8S.NODE_Novel", one);
    const { headline, text } = message;
    expect(headline).toBe("Novel <!channel> (K8S.NODE_Novel)");
    expect(linesOf(message)).toContain(`alert ${alertOf("a9").resource}`);
    expect(text).toMatch(/\*New\*.*Not in Breakwater's catalogue/s);
    const custom = assessmentOf("custom-1", "aks-shop", { title: "Our own rule 7" });
    one.ports.azure.assessments = async () => ({ ...read([custom]), unassessed: [] });
    expect((await ask("help Our own rule 7", one)).text).toContain("Not in Breakwater's catalogue");
  });

  it("suggests what was probably meant, without reading Azure for a slip in a command", async () => {
    const one = bench();
    one.ports.readings = { ...one.ports.readings, alerts: down, recommendations: down, coverage: down };
    expect((await ask("help alrets", one)).text).toContain("Did you mean “alerts”?");
    const odd = await ask("help K8S.NODE_ImdsCal");
    expect([odd.text, linesOf(odd)]).toEqual([
      expect.stringContaining("Did you mean “K8S.NODE_ImdsCall”?"),
      expect.anything(),
    ]);
    expect((await ask("help Privleged containers should be avoided")).text).toContain(
      "Privileged containers",
    );
  });

  it("of a CVE leads to the command that answers it", async () => {
    expect((await ask("help cve-2021-44228")).text).toContain("/defender vulnerabilities CVE-2021-44228");
  });

  it("says what is unknown where Azure doesn't answer", async () => {
    const one = bench();
    one.ports.readings = { ...one.ports.readings, coverage: down, recommendations: down };
    expect((await ask("help K8S.NODE_Webshell", one)).text).toContain(
      "Unknown because Azure couldn't be read: 503",
    );
    expect((await ask("help Privileged containers should be avoided", one)).text).toMatch(
      /Unknown because Azure couldn't be read/,
    );
  });
});

describe("status --attack", () => {
  it("shows techniques with the last proof for each cluster, and brings a CSV and a Navigator layer", async () => {
    const one = bench();
    const title = "Access to cloud metadata service detected";
    const sighting = {
      id: "a",
      resource: "/a",
      type: "K8S.NODE_ImdsCall",
      title,
      severity: "medium" as const,
    };
    const sightings = [{ ...sighting, seen: time(9), generated: time(8) }];
    await one.ports.store.runs.add(runOf({ started: time(0), state: "reported", sightings }));
    const { headline, text, parts } = await ask("status --attack", one);
    expect(headline).toBe(
      "Detection proven for 2 of 40 techniques of the Kubernetes threat matrix, on 1 of 4 clusters",
    );
    expect(text).toContain("aks-shop (2026-11-23)");
    const files = compile({ headline, parts }, { language: "en" }).head.files;
    expect(files.map(({ name }) => name.replace(/[\d-]/g, ""))).toEqual(["attack.csv", "attacklayer.json"]);
    expect(JSON.parse(files[1]!.content)).toMatchObject({
      versions: { layer: "4.5" },
      domain: "enterprise-attack",
    });
    expect((await ask("status cluster:aks-unread --attack", one)).headline).toMatch(
      /0 of 40.*on 0 of 1.*filters/,
    );
    expect((await ask("status --attack", one, "ja")).headline).toMatch(/40 手法のうち 2 手法/);
  });
});
