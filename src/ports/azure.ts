import type { AlertAction } from "../domain/alerts/alert.ts";
import type { ReadAlert } from "../domain/alerts/alert-merge.ts";
import type { Check } from "../domain/check.ts";
import type { AssessedResource, Compliance, ControlAssessment } from "../domain/compliance/compliance.ts";
import type { Coverage } from "../domain/coverage/coverage.ts";
import type { ActivityAsked, ActivityEntry } from "../domain/coverage/watch/authors.ts";
import type { ExemptionKind, ExemptionPlan, InForce } from "../domain/exemptions/exemptions.ts";
import type { KnownCves } from "../domain/findings/model/cve-details.ts";
import type { FindingPage, FindingsRead, RegistryRead } from "../domain/findings/model/finding.ts";
import type { Hunt, HuntAnswer, HuntProblem } from "../domain/hunts/hunts.ts";
import type { Read } from "../domain/reading/reading.ts";
import type {
  AffectedObjects,
  Assessment,
  AssessmentsRead,
} from "../domain/recommendations/recommendation.ts";
import type { Scope } from "../domain/scope/scope.ts";
import type { Targets } from "../domain/simulations/simulation.ts";
import type { Language } from "../text/language.ts";

/** The part of the Azure port that reads vulnerability findings. */
export type FindingsAzure = {
  /**
   * Every vulnerability finding in scope, in each model, page by page; `take` is called with one page at a time. Throws
   * where nothing could be read; what could not is said in the answer. `known`: what earlier readings said of CVEs; it
   * is needed last.
   */
  findings(
    take: (page: FindingPage) => void,
    options?: { signal?: AbortSignal; known?: KnownCves | Promise<KnownCves> },
  ): Promise<FindingsRead>;
  /**
   * As `findings`, but only images that Defender first evaluated after a time (ISO), with severe findings: a light
   * query for every poll. `known`: what is known of CVEs; left out where their severity is not needed.
   */
  freshFindings(take: (page: FindingPage) => void, since: string, known?: KnownCves): Promise<FindingsRead>;
  /** Tags of the images of these repositories, from each registry's own API, by registry name. Never throws. */
  registryImages(wanted: ReadonlyMap<string, ReadonlySet<string>>): Promise<Map<string, RegistryRead>>;
};

/**
 * A suppression rule [alertsSuppressionRules 2019-01-01-preview]. `scoped`: it hides only alerts whose entities match
 * its `suppressionAlertsScope`, so it may hide an alert of this type or not.
 */
export type SuppressionRule = {
  name: string;
  alertType: string;
  enabled: boolean;
  scoped: boolean;
  expires?: string;
};

/** What hides alerts and recommendations for a while. Each call throws `UpstreamError`. */
export type ExemptionAzure = {
  /** Whoever made them, those that are over or disabled included. `also`: ids that a list may lack. */
  exemptionsOf(
    subscription: InForce["subscription"],
    kind: ExemptionKind,
    also?: readonly string[],
  ): Promise<InForce[]>;
  /** Creates it, or replaces what is there under its id; answers when Azure says that it ends. Safe to repeat. */
  putExemption(plan: ExemptionPlan, comment: string): Promise<{ expires?: string }>;
  /** Actions that the bot lacks to do so, with the command that grants them; undefined where it lacks none. */
  exemptionRights(
    subscription: string,
    kind: ExemptionKind,
  ): Promise<{ missing: string[]; command: string } | undefined>;
};

/** Regulatory compliance. Each call throws `UpstreamError` where nothing can be answered. */
export type ComplianceAzure = {
  /** The standards that are assigned, with the state of each control, in a few requests for the whole estate. */
  compliance(): Promise<Read<Compliance>>;
  /**
   * The assessments below one control. `within`: ids of subscriptions; `expected`: about how many assessments there are.
   * `missing`: those that Azure counted and did not send.
   */
  controlAssessments(
    standard: string,
    control: string,
    asked: { within: readonly string[]; expected: number },
  ): Promise<Pick<Read<ControlAssessment[]>, "value" | "unread"> & { missing: number }>;
  /** What an assessment says of each resource; `missing`: resources above the limit. */
  assessedResources(key: string): Promise<Read<AssessedResource[]> & { missing: number }>;
};

/** What simulations need of Azure beside clusters. Each call throws `UpstreamError`. */
export type SimulationAzure = {
  suppressionRules(subscription: string): Promise<SuppressionRule[]>;
  /** Clusters with their tags, and registries with their login servers, in scope. */
  targets(): Promise<Read<Targets>>;
  /** Actions of the bot that are missing at a scope (a resource id), from the permissions API. */
  missingActions(scope: string, actions: readonly string[]): Promise<string[]>;
  /** The lines that give the bot's identity what simulations need: the role at a scope in Azure, and that in the cluster. */
  simulationGrants(scope: string): Promise<{ azure: string; cluster: string }>;
  /** Asks for sample alerts; returns when Azure has taken the request. */
  sampleAlerts(subscription: string, bundle: string): Promise<void>;
  /** Imports a public image; `done` false while Azure still works on it (ask again with the same arguments). */
  importImage(
    registry: string,
    source: string,
    repository: string,
    tag: string,
  ): Promise<{ digest?: string; done: boolean }>;
  /** Deletes the tag and its manifest; true where nothing is left of them. */
  deleteImage(loginServer: string, repository: string, tag: string): Promise<boolean>;
};

/** An Azure subscription; `state` is Azure's word (`Enabled`, `Warned`, `Disabled`, …). */
export type Subscription = { id: string; name: string; state: string };

/** Which alerts are read, and from which source. */
export type AlertsAsked =
  /**
   * Light rows (`whole: false`) through Resource Graph: of these subscriptions (ids), or of all in scope. `quick`: does not
   * ask subscriptions without any row whether they may be read at all.
   */
  | { from: "graph"; subscriptions?: readonly string[]; quick?: boolean }
  /** Whole, from the alerts API of each subscription, the authority. One that fails is named in `unread`. */
  | { from: "api"; subscriptions: readonly Pick<Subscription, "id" | "name">[] }
  /** With all that each source says: alerts by their resource id, or completed from what one source said of them. */
  | { from: "all"; alerts: readonly (string | ReadAlert)[] };

/** The alerts of a subscription, of any kind: how many, and a text that changes when one is new or looks otherwise. */
export type AlertSum = { alerts: number; sum: string };

/** Everything that is read from or changed in Azure. Each call throws `UpstreamError` where nothing can be answered. */
export type Azure = {
  /**
   * Subscriptions within `settings.scope`; `unread` names those asked for by name that do not answer. `minutes`: how old the
   * list may be, else one.
   */
  subscriptions(options?: { minutes?: number }): Promise<Read<Subscription[]>>;
  /**
   * Alerts that concern containers, merged from the sources that were asked (`domain/alert-merge.ts`). `rows`: of Resource
   * Graph, how many alerts of any kind each subscription (id) had.
   */
  alerts(asked: AlertsAsked): Promise<Read<ReadAlert[]> & { rows?: ReadonlyMap<string, number> }>;
  /**
   * Subscription id → the sum of its alerts; subscriptions without alerts have none. Undefined where Azure does not offer
   * it.
   * @param minutes how old the list of subscriptions may be
   */
  alertSums(minutes: number): Promise<Read<Map<string, AlertSum>> | undefined>;
  /** Changes the state; Azure keeps neither who nor why. */
  changeAlert(resource: string, action: AlertAction): Promise<void>;
  coverage(scope?: Scope): Promise<Read<Coverage>>;
  /**
   * How many of Defender's assessments are about what runs inside of each cluster, by its id in lower case; clusters of
   * which nothing was read are left out.
   */
  clusterData(): Promise<ReadonlyMap<string, number>>;
  /** What was done to a resource, from the activity log. */
  activity(asked: ActivityAsked): Promise<ActivityEntry[]>;
  assessments(): Promise<AssessmentsRead>;
  /**
   * The objects that violate the policy of assessments of whole clusters, from Policy Insights. One or a few
   * requests for each cluster, of ten clusters at most.
   */
  affectedObjects(clusters: readonly Assessment[]): Promise<AffectedObjects>;
  /** The token, Resource Graph, each action of the custom role per subscription, and the operator's own hunts. */
  checks(language: Language): Promise<Check[]>;
  /** The hunts by name, and the files that are none. */
  hunts(): Promise<{ hunts: Hunt[]; problems: HuntProblem[] }>;
  /** `cve`: for those that take one. */
  hunt(hunt: Hunt, options?: { scope?: Scope; cve?: string }): Promise<HuntAnswer>;
};
