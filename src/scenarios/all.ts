import { scenario } from "../definitions/scenario.ts";
import { attackOf, expectedOf, webShellAlert } from "../domain/simulations/attack-tool.ts";

export default scenario({
  ...attackOf("all"),
  texts: {
    en: {
      summary: "Everything of Microsoft's attack simulation, in one run",
      happens:
        "The six attacks of Microsoft's tool, one after the other, between the same two pods: web shell, reconnaissance, lateral movement, secrets gathering, crypto mining (nothing is mined), and Microsoft's test domain.",
      cannotTell:
        "Which attack caused an alert that several of them could have caused. Drift is not required, because no API tells Defender's drift rules.",
    },
    ja: {
      summary: "Microsoft の攻撃シミュレーションをすべて、1 回で実行します",
      happens:
        "Microsoft のツールの 6 種類の攻撃 (Web シェル、偵察、横移動、シークレットの収集、暗号通貨マイニング (実際には採掘しません)、Microsoft のテスト用ドメインへの接続) を、同じ 2 つのポッドの間で順に実行します。",
      cannotTell:
        "複数の攻撃が原因になりうるアラートについて、どの攻撃によるものか。ドリフト ルールを読み取る API がないため、ドリフトのアラートは必須にしていません。",
    },
  },
  tactics: [
    "Persistence",
    "Execution",
    "Discovery",
    "CredentialAccess",
    "LateralMovement",
    "CommandAndControl",
    "Impact",
  ],
  outside: {
    en: "The network scan reaches other pods; a token of the node pool's identity is issued and not used; one request leaves the cluster, to Microsoft's test domain.",
    ja: "ネットワーク スキャンはほかのポッドにも届きます。ノード プールの ID のトークンが 1 つ発行されます (使用はしません)。クラスターの外 (Microsoft のテスト用ドメイン) に要求が 1 件送られます。",
  },
  expects: [webShellAlert, ...Object.values(expectedOf).flat()],
});
