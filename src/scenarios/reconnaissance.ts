import { scenario } from "../definitions/scenario.ts";
import { attackOf, expectedOf, webShellAlert } from "../domain/simulations/attack-tool.ts";

export default scenario({
  ...attackOf("recon"),
  texts: {
    en: {
      summary: "Reconnaissance: a container asks what it may do, and scans its network",
      happens:
        "Microsoft's attack simulation: through the web shell, the victim's pod reads its service account's token, asks the API server for its own rights (SelfSubjectAccessReview) and scans its surroundings with nmap. The scan reaches other pods' ports in the cluster's network and changes nothing.",
      cannotTell:
        "Whether slower or quieter scans are seen. A network policy that stops the scan also stops its alert.",
    },
    ja: {
      summary: "偵察: コンテナーから自身の権限を調べ、ネットワークをスキャンします",
      happens:
        "Microsoft の攻撃シミュレーションです。被害側のポッドが Web シェル経由でサービス アカウントのトークンを読み取り、API サーバーに自身の権限を問い合わせ (SelfSubjectAccessReview)、nmap で周囲をスキャンします。スキャンはクラスター ネットワーク内のほかのポッドのポートに届きますが、何も変更しません。",
      cannotTell:
        "より低速で目立たないスキャンが検出されるかどうか。ネットワーク ポリシーでスキャンが遮断されると、アラートも発生しません。",
    },
  },
  tactics: ["Discovery", "CredentialAccess", "Persistence"],
  expects: [webShellAlert, ...expectedOf.recon],
  outside: {
    en: "The network scan reaches other pods in the cluster's network.",
    ja: "ネットワーク スキャンは、クラスター ネットワーク内のほかのポッドにも届きます。",
  },
});
