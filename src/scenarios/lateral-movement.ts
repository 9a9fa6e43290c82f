import { scenario } from "../definitions/scenario.ts";
import { attackOf, expectedOf, webShellAlert } from "../domain/simulations/attack-tool.ts";

export default scenario({
  ...attackOf("lateral-mov"),
  texts: {
    en: {
      summary: "Lateral movement: a container asks the cloud's metadata service for a token",
      happens:
        "Microsoft's attack simulation: through the web shell, the victim's pod asks the instance metadata service (169.254.169.254) for a token of the node pool's identity. The token is not used; the bot hides it in the log before anything is stored or shown.",
      cannotTell:
        "What the node pool's identity may do in Azure. Where a network policy or the IMDS restriction of AKS stops the request, no alert comes either.",
    },
    ja: {
      summary: "横移動: コンテナーからクラウドのメタデータ サービスにトークンを要求します",
      happens:
        "Microsoft の攻撃シミュレーションです。被害側のポッドが Web シェル経由でインスタンス メタデータ サービス (169.254.169.254) に、ノード プールの ID のトークンを要求します。トークンは使いません。ログ中のトークンは、保存や表示の前にボットが伏せます。",
      cannotTell:
        "ノード プールの ID が Azure で持つ権限。ネットワーク ポリシーや AKS の IMDS 制限で要求が遮断されると、アラートも発生しません。",
    },
  },
  tactics: ["CredentialAccess", "LateralMovement", "Persistence"],
  expects: [webShellAlert, ...expectedOf["lateral-mov"]],
  outside: {
    en: "A token of the node pool's identity is issued, and not used.",
    ja: "ノード プールの ID のトークンが 1 つ発行されます (使用はしません)。",
  },
});
