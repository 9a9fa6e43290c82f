import { scenario } from "../definitions/scenario.ts";
import { attackOf, webShellAlert } from "../domain/simulations/attack-tool.ts";

export default scenario({
  ...attackOf("webshell"),
  texts: {
    en: {
      summary: "Web shell: a command is sent through a web page to a container",
      happens:
        "Microsoft's attack simulation: an attacker's pod sends `whoami` to a web shell in a victim's pod, which runs it. Nothing outside the namespace is touched.",
      cannotTell:
        "Whether other ways into a container are seen. A network policy between the two pods keeps the attack from happening: the run then says so instead of blaming Defender.",
    },
    ja: {
      summary: "Web シェル: Web ページ経由でコンテナーにコマンドを送ります",
      happens:
        "Microsoft の攻撃シミュレーションです。攻撃側のポッドが、被害側のポッドの Web シェルに `whoami` を送り、実行させます。名前空間の外には触れません。",
      cannotTell:
        "ほかの侵入経路が検出されるかどうか。2 つのポッド間をネットワーク ポリシーが遮断していると攻撃自体が成立しません。その場合は、Defender の見逃しとせず、その旨を報告します。",
    },
  },
  tactics: ["Persistence", "Execution"],
  expects: [webShellAlert],
});
