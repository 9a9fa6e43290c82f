import type { FieldDeclaration } from "../domain/reading/reader.ts";

/**
 * Fields that the readers of alerts, recommendations and coverage count in every reading, with what follows where
 * one is absent. Where they come from is read out of the queries; `sources` only where a query does not say it.
 */
export type Declared = Record<string, { absent: FieldDeclaration["absent"]; sources?: readonly string[] }>;

const unknown = { absent: { en: "Unknown.", ja: "不明とします。" } };
const without = { absent: { en: "Shown without it.", ja: "なしで表示します。" } };
const fromId = {
  absent: { en: "Taken from the row's own id.", ja: "行の ID から取得します。" },
};

/** Resource Graph has them in PascalCase, the alerts API in camelCase. */
export const alertFields: Declared = {
  systemAlertId: {
    absent: {
      en: "The name, then the end of the id, tells alerts apart.",
      ja: "名前、次に ID の末尾で識別します。",
    },
  },
  alertType: unknown,
  alertDisplayName: { absent: { en: "The type is the title.", ja: "種類をタイトルにします。" } },
  severity: unknown,
  status: unknown,
  startTimeUtc: without,
  endTimeUtc: without,
  timeGeneratedUtc: { absent: { en: "`processingEndTimeUtc`.", ja: "`processingEndTimeUtc` を使います。" } },
  compromisedEntity: without,
  alertUri: { absent: { en: "No link to the portal.", ja: "ポータルへのリンクはありません。" } },
  resourceIdentifiers: fromId,
};

const inAlert = (name: string) => ({ ...without, sources: [`properties.${name}`] });
/** What only the alerts API has. */
export const wholeAlertFields: Declared = {
  description: inAlert("description"),
  remediationSteps: inAlert("remediationSteps"),
  entities: inAlert("entities"),
  extendedProperties: inAlert("extendedProperties"),
};

export const assessmentFields: Declared = {
  displayName: {
    absent: {
      en: "The next source; then the key.",
      ja: "次の取得元、なければキーを使います。",
    },
    sources: [
      "assessments/metadata: displayName",
      "properties.displayName (first where it is about a package)",
      "the catalogue of known recommendations",
    ],
  },
  status: unknown,
  severity: {
    ...unknown,
    sources: [
      "properties.metadata.severity",
      "assessments/metadata: severity",
      "the catalogue of known recommendations",
      "properties.risk.level",
    ],
  },
  resource: {
    ...fromId,
    sources: ["NativeResourceId", "ResourceId", "Id"].map((one) => `properties.resourceDetails.${one}`),
  },
  changed: {
    absent: {
      en: "`properties.status.firstEvaluationDate`.",
      ja: "`properties.status.firstEvaluationDate` を使います。",
    },
  },
  policy: {
    absent: {
      en: "The policy of the catalogue; without one, affected objects in clusters aren't known.",
      ja: "カタログのポリシーを使います。なければクラスター内の対象オブジェクトは不明です。",
    },
    sources: ["properties.metadata.policyDefinitionId", "assessments/metadata: policyDefinitionId"],
  },
  link: {
    absent: {
      en: "`azurePortalUri`; then no link.",
      ja: "`azurePortalUri` を使います。なければリンクなしです。",
    },
  },
};

const controlsOf = (state: string) => ({
  absent: { en: "Counted as none.", ja: "0 件とします。" },
  sources: [`properties.${state}Controls`],
});
/** Of each standard; one without any control is not assigned. */
export const complianceFields: Declared = {
  state: {
    absent: {
      en: "Not used: each control has its own.",
      ja: "使いません (コントロールごとに状態があるため)。",
    },
  },
  passed: controlsOf("passed"),
  failed: controlsOf("failed"),
  skipped: controlsOf("skipped"),
  unsupported: controlsOf("unsupported"),
};

export const clusterFields: Declared = {
  kubernetesVersion: {
    absent: { en: "The version that was asked for.", ja: "要求されたバージョンを使います。" },
  },
  power: unknown,
  provisioning: {
    absent: { en: "Neither being created nor deleted.", ja: "作成中でも削除中でもないとします。" },
  },
  pools: { absent: { en: "The number of nodes is unknown.", ja: "ノード数は不明とします。" } },
  security: { absent: { en: "The sensor's profile is off.", ja: "センサーのプロファイルは無効とします。" } },
  addons: { absent: { en: "The policy add-on is off.", ja: "ポリシー アドオンは無効とします。" } },
};

export const registryFields: Declared = {
  location: { ...without, sources: ["location"] },
  sku: without,
  loginServer: {
    absent: {
      en: "Findings are matched by the registry's name.",
      ja: "検出結果はレジストリ名で照合します。",
    },
  },
  roleAssignmentMode: {
    absent: { en: "Not in ABAC mode.", ja: "ABAC モードではないとします。" },
  },
};

const inAssignment = (name: string, absent: FieldDeclaration["absent"]) => ({
  absent,
  sources: [`properties.${name}`],
});
/** Of each assignment that installs the sensor or the policy add-on. */
export const provisioningFields: Declared = {
  definition: inAssignment("policyDefinitionId", { en: "Not counted.", ja: "数えません。" }),
  displayName: inAssignment("displayName", { en: "The name.", ja: "名前を使います。" }),
  parameters: inAssignment("parameters", {
    en: "It sets no workspace.",
    ja: "ワークスペースの指定はないとします。",
  }),
};

const inPlan = (name: string, absent: FieldDeclaration["absent"]) => ({
  absent,
  sources: [`properties.${name}`],
});
/** Of the plan Containers of each subscription. */
export const planFields: Declared = {
  pricingTier: inPlan("pricingTier", unknown.absent),
  extensions: inPlan("extensions", {
    en: "Each extension is unknown; off where the plan is.",
    ja: "各拡張機能は不明とします。プランが無効なら無効です。",
  }),
};
