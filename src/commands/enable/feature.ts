import type { Ports } from "../../definitions/ports.ts";
import { features } from "../../domain/catalogue/features.ts";
import type { Coverage } from "../../domain/coverage/coverage.ts";
import { featureMatrix } from "../../domain/coverage/feature-matrix.ts";
import type { Gap } from "../../domain/coverage/gap.ts";
import type { PlannedStep } from "../../domain/enablement/enablement.ts";
import type { PlanInput } from "../../domain/enablement/plan-input.ts";
import { type Planned, planSteps } from "../../domain/enablement/plan-steps.ts";
import { enableWords, everything, type Wanted, wantedOf } from "../../domain/enablement/wanted.ts";
import { UpstreamError, UserError } from "../../errors.ts";
import type { Language } from "../../locales/language.ts";
import { commandLine } from "../../message/line.ts";
import type { Message } from "../../message/message.ts";
import { withPods } from "../../readings/cluster-pods.ts";
import { nearest } from "../../text/likeness.ts";
import { settingsOnMessage } from "./answers.ts";

type Place = Pick<PlannedStep, "on" | "subscription">;

/**
 * The changes that turn on what is wanted; where its settings are on already, the answer that says so, and whether it works.
 * @throws UpstreamError where Azure can't be read
 */
export async function askedFeature(
  place: Place,
  { wanted, workspace }: { wanted: Wanted; workspace?: string },
  ports: Pick<Ports, "azure" | "clusters" | "clock">,
  language: Language,
): Promise<{ planned: Planned } | { answer: Message }> {
  const { on, subscription } = place;
  const read = await ports.azure.coverage({ kind: "sub", pattern: subscription.id });
  const { value: coverage, asOf } = read;
  const unread = read.unread.find(({ id }) => id === on.id)?.detail;
  const { word = "" } = wanted;
  const there = word ? cellOf(coverage, asOf, on, word) : undefined;
  if (there?.value === "on" && !unread) {
    const cell = cellOf(await withInside(coverage, on, ports), asOf, on, word) ?? there;
    return { answer: settingsOnMessage(on, word, cell, language) };
  }
  const standard = await standardOf(wanted, place, ports);
  return { planned: planSteps({ coverage, on, wanted, workspace, unread, ...standard }) };
}

/**
 * What a command line asks for; without a word, everything.
 * @throws UserError where it is nothing that can be turned on, or the workspace is none
 */
export function wantedFor(word: string | undefined, workspace: string | undefined): Wanted {
  if (
    workspace !== undefined &&
    !/^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.OperationalInsights\/workspaces\/[^/]+$/i.test(
      workspace,
    )
  )
    throw noWorkspace();
  if (word === undefined) return everything;
  const wanted = wantedOf(word);
  if (wanted) return wanted;
  const near = nearest(word, enableWords);
  throw new UserError(
    {
      en: `Feature “${word}” not found. Use one of: ${enableWords.join(", ")}`,
      ja: `機能「${word}」は見つかりません。次のいずれかを指定してください: ${enableWords.join("、")}`,
    },
    near && commandLine(["enable", "cluster:NAME", near]),
  );
}

function noWorkspace(): UserError {
  return new UserError({
    en: "--workspace takes the resource ID of a Log Analytics workspace: /subscriptions/…/resourceGroups/…/providers/Microsoft.OperationalInsights/workspaces/…",
    ja: "--workspace には Log Analytics ワークスペースのリソース ID を指定してください: /subscriptions/…/resourceGroups/…/providers/Microsoft.OperationalInsights/workspaces/…",
  });
}

/** What is known of a feature of the catalogue there; undefined for a part that is none. */
function cellOf(coverage: Coverage, at: string, on: Gap["on"], word: string) {
  const matrix = featureMatrix(coverage, at);
  const places = [...matrix.subscriptions, ...matrix.clusters, ...matrix.registries];
  const place = places.find((one) => one.on.kind === on.kind && one.on.id === on.id);
  return place?.cells[features.findIndex(({ id }) => id === word)];
}

/** The coverage with what runs in the cluster that it is about: its settings can be on while nothing works there. */
async function withInside(
  coverage: Coverage,
  on: Gap["on"],
  ports: Pick<Ports, "azure" | "clusters" | "clock">,
): Promise<Coverage> {
  if (on.kind !== "cluster") return coverage;
  const clusters = coverage.clusters.filter(({ id }) => id === on.id);
  return withPods({ ...coverage, clusters }, coverage, ports);
}

/** Read only where it is wanted; what can't be read is named in the answer. */
async function standardOf(
  { standard }: Wanted,
  { subscription }: Place,
  { azure }: Pick<Ports, "azure">,
): Promise<Pick<PlanInput, "standard" | "standardUnread">> {
  if (!standard) return {};
  try {
    return { standard: await azure.clusterStandard(subscription.id) };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return { standardUnread: error.message.slice(0, 200) };
  }
}
