must = 必須
faults = 入力を確かめてください
save = 保存する
back = 戻る
crumbs = 上の画面

webhooks-title = ほかのプログラムへの通知
webhooks-lead = この施設で何かが変わったとき、別のプログラム（グループウェアや監視の仕組みなど）に自動で知らせます。技術の言葉ではWebhook（ウェブフック）といいます。送るのは「何が変わったか」という番号だけで、名前や回答の中身は送りません。
webhooks-off = このKomainuでは、外への通知は止められています
webhooks-off-do = 使うには、Komainuを動かしている人に、設定でWebhookを使えるようにするよう頼んでください。
webhooks-empty = まだ通知先はありません
webhooks-empty-do = 受け取る側のプログラムの担当者から、送り先のアドレス（https:// で始まるもの）をもらってから追加します。
webhooks-too-many = 通知先は{ $most }件までです。使っていないものを消してから追加してください。
webhook-new = 通知先を追加する
events-count = { $count }種類の出来事

event-item-answered = チェックリストの項目に答えた
event-item-assigned = 項目の担当を決めた、外した
event-reply-received = 業者がリンクから項目に回答した
event-evidence-added = 証拠を足した
event-evidence-removed = 証拠を外した
event-round-opened = 年度の点検を始めた、開き直した
event-round-closed = 年度の点検を締めた
event-ledger-changed = 台帳や連絡先を変えた
event-member-joined = 人が参加した
event-member-ended = 人を外した
event-pack-made = 立入検査一式ができた
event-near-miss-reported = ヒヤリ・ハットが報告された
event-test = 試しの通知

state-works = 動いています
state-failing = { $since }から届いていません
state-given-up = 3日続けて届かなかったため、{ $since }に止めました
state-stopped = { $since }に{ $name }さんが止めました

field-url = 送り先のアドレス
field-url-hint = https:// で始まるアドレスです。Komainuと同じコンピューターの中にだけ、http:// も使えます。
field-events = 知らせる出来事
field-events-hint = 必要なものだけを選んでください。
url-none = アドレスの形になっていません。例：https://hook.example.jp/komainu
url-plain = 暗号化されない http:// は使えません。https:// で始まるアドレスにしてください。
url-credentials = アドレスの中に名前やパスワードを入れないでください。受け取る側は、署名で確かめられます。
url-forbidden = { $address }には送れません。施設の中のアドレスに送るには、Komainuを動かしている人に、設定で許すよう頼んでください。
events-none = 1つ以上選んでください。

webhook-new-title = 通知先を追加します
webhook-new-lead = 追加すると、署名に使う秘密の言葉が一度だけ表示されます。それを受け取る側に渡せば、本当にKomainuからの通知かを確かめられます。
webhook-new-do = 追加する

secret-title = 署名の秘密ができました
secret-lead = 受け取る側のプログラムに、この言葉を設定してください。
secret-once = この言葉が表示されるのは今だけです
secret-once-do = この画面を閉じる前に写してください。見失ったときは、作り直せます。
secret-copy = 秘密の言葉を写す
secret-use = 署名はStandard Webhooksという公開の決まり（HMAC-SHA256）に従います。多くの言語に、確かめるためのライブラリがあります。
secret-done = 写したので次へ

webhook-title = 通知先
webhook-made = { $at }に{ $name }さんが追加
webhook-what = 送り先と出来事
webhook-saved = 保存しました。
webhook-stale = 別の人が先に変更しました
webhook-stale-now = 今の送り先は{ $url }、出来事は「{ $events }」です。
webhook-stale-do = 下にはあなたの入力が残っています。このまま保存すると、あなたの内容になります。
webhook-sent = 送った記録
webhook-sent-lead = 新しい順に50件まで、30日のあいだ残ります。届かなかったものは、間を空けながら1日ほど自動で送り直します。
webhook-sent-none = まだ何も送っていません。
webhook-test = 試しに1通送る
webhook-tested = 試しの通知を送ります。数秒待ってから、この画面を開き直して結果を見てください。
column-event = 出来事
column-state = 結果
column-do = 操作
column-organisation = 施設
column-host = 送り先
delivery-body = 送った内容
delivery-done = 届きました
delivery-running = 送っています
delivery-waiting = 順番を待っています
delivery-again = 届きませんでした。{ $next }に送り直します
delivery-failed = 届きませんでした
delivery-cancelled = 取りやめました
delivery-tries = { $count }回送りました
delivery-again-do = もう一度送る
delivery-sent-again = もう一度送ります。数秒待ってから、この画面を開き直してください。
answer-status = 相手の返事：HTTP { $status }
answer-no-name = 送り先の名前が見つかりません。
answer-no-connection = 送り先につながりません。
answer-certificate = 送り先の証明書を確かめられません。
answer-slow = 時間内に返事がありませんでした。
answer-garbled = 返事がHTTPの形になっていません。
answer-forbidden = 送り先が、許されていない内側のアドレスを指しています。
answer-given-up = 何度か試しましたが、途中で止まりました。

webhook-more = そのほかの操作
webhook-stop-lead = しばらく送らないようにします。止めている間の出来事は、あとからも送りません。
webhook-stop = 止める
webhook-stopped = 止めました。
webhook-resume-lead = 今は止まっています。再開すると、これから起きることを知らせます。
webhook-resume = 再開する
webhook-resumed = 再開しました。
webhook-secret-lead = 秘密の言葉を見失ったときや、人に知られたかもしれないときに作り直します。古い言葉は、すぐに使えなくなります。
webhook-secret = 秘密の言葉を作り直す
webhook-secret-ask = 受け取る側の設定も変える必要があります。作り直しますか。
webhook-remove = この通知先を消す
webhook-remove-title = 通知先を消しますか
webhook-remove-lead = { $host }への通知をやめます。送った記録も、この画面からは見られなくなります。
webhook-remove-do = 消す
webhook-removed = 通知先を消しました。

mail-stopped-subject = { $host }への通知を止めました
mail-stopped =
    { $host }への通知（Webhook）が3日続けて届かなかったため、止めました。

    受け取る側を確かめてから、次の画面で再開してください。
    { $address }

operations-title = 外への通知（Webhook）
operations-lead = 施設が登録した、ほかのプログラムへの通知先です。中身ではなく、うまく届いているかだけを見る画面です。
operations-on = 外への通知を使えるようにしてあります
operations-on-where = 送れるのは、インターネットのアドレスと、設定で許した次の範囲だけです。
operations-off = 外への通知は止めてあります
operations-off-do = 何も外に送りません。使えるようにするには、次の設定を付けて動かします。
operations-list = 通知先
operations-none = まだありません。
