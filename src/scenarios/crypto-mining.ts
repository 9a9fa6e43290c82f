import { scenario } from "../definitions/scenario.ts";
import { attackOf, expectedOf, webShellAlert } from "../domain/simulations/attack-tool.ts";

export default scenario({
  ...attackOf("crypto"),
  texts: {
    en: {
      summary:
        "Crypto mining: a container prepares the system and starts a harmless file in place of a miner",
      happens:
        "Microsoft's attack simulation: through the web shell, the victim's pod tries to load the kernel module msr, for which it lacks the privileges, creates an empty `ld.so.preload` in its own container, downloads a file called xmrig from the attacker's pod and runs it. The file is a copy of `true`: nothing is mined, and nothing is downloaded from outside the namespace.",
      cannotTell:
        "Drift: Defender's default rule ignores it, and no API tells which rules there are. Its alert is therefore not required here; `binary-drift` is the scenario that proves it.",
    },
    ja: {
      summary: "暗号通貨マイニング: 下準備の後、無害なダミーのマイナーを起動します",
      happens:
        "Microsoft の攻撃シミュレーションです。被害側のポッドが Web シェル経由で、カーネル モジュール msr の読み込みを試み (権限がないため失敗します)、自身のコンテナーに空の `ld.so.preload` を作成し、攻撃側のポッドから xmrig という名前のファイルをダウンロードして実行します。中身は `true` のコピーなので、マイニングは行われません。名前空間の外からは何もダウンロードしません。",
      cannotTell:
        "ドリフトの検出。既定のルールではドリフトは無視され、設定されているルールを読み取る API もありません。そのため、ここではドリフトのアラートを必須にしていません。確認には `binary-drift` を使ってください。",
    },
  },
  tactics: ["Execution", "DefenseEvasion", "Impact", "Persistence"],
  expects: [webShellAlert, ...expectedOf.crypto],
});
