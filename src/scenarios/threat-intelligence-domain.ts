import { scenario } from "../definitions/scenario.ts";
import { attackOf, expectedOf } from "../domain/simulations/attack-tool.ts";

export default scenario({
  ...attackOf("ti-domain"),
  texts: {
    en: {
      summary: "Threat intelligence: a container contacts Microsoft's test domain",
      happens:
        "Microsoft's attack simulation: through the web shell, the victim's pod posts to `mdc-eicar.alerts.security.azure.com`, a domain that Microsoft keeps for this test.",
      cannotTell:
        "Whether other domains are known. Where a firewall or proxy keeps the pod from the internet, the attack does not happen.",
    },
    ja: {
      summary: "脅威インテリジェンス: コンテナーから Microsoft のテスト用ドメインに接続します",
      happens:
        "Microsoft の攻撃シミュレーションです。被害側のポッドが Web シェル経由で、Microsoft がこのテスト用に用意しているドメイン `mdc-eicar.alerts.security.azure.com` に POST を送ります。",
      cannotTell:
        "ほかの不正なドメインが検出されるかどうか。ファイアウォールやプロキシでポッドからインターネットに出られない場合、攻撃は成立しません。",
    },
  },
  tactics: ["CommandAndControl"],
  outside: {
    en: "One request leaves the cluster, to Microsoft's test domain.",
    ja: "クラスターの外 (Microsoft のテスト用ドメイン) に要求が 1 件送られます。",
  },
  expects: expectedOf["ti-domain"],
});
