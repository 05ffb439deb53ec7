must = 必須
faults = 入力を確かめてください
mail-title = メール
mail-lead = Komainuがメールを送る設定と、その試しです。
mail-from = 差出人
mail-off = メールは使わない設定です
mail-off-do = 何も送りません。使うには、次の設定を付けて動かします。
mail-off-guide = くわしくは、使い方の「動かし続ける」をご覧ください。
mail-what = 送るメール
mail-what-invitation = 招待のリンク（招待する人が、相手のアドレスを入れたときだけ）
mail-what-reminder = 期限と担当のお知らせ（毎朝7時、1人に1通まで。自分のアカウントで断れます。項目の中身は書きません）
mail-what-clocks = 事案の届出・連絡の期限のお知らせ（期限が近づいたとき、目標の日、期限の日、過ぎたときに1回ずつ、指揮と連絡・届出の担当に。事案の中身は書きません）
mail-what-webhook = ほかのプログラムへの通知を止めたときの知らせ
mail-what-failed = 送れなかったメールは、ここで見られます：
mail-what-failed-where = 裏で進む仕事
test = 試しに送る
test-lead = 1通だけ、すぐに送ります。メールのサーバの返事を、そのまま表示します。
test-do = 試しに送る
test-taken = サーバが受け取りました
test-later = 今は送れませんでした
test-refused = サーバに断られました
test-said = サーバの返事：
field-to = 送り先
to-fault = メールアドレスの形になっていません。例：soumu@example.jp
test-subject = Komainu（狛犬）からの試しのメール
test-text =
    これは、メールの設定を確かめるための試しのメールです。
    届いていれば、設定は合っています。

    { $address }
reminder-subject = 狛犬：期限と担当のお知らせ（{ $count }件）
reminder =
    { $name }さん

    { $places }

    項目の中身は、安全のためメールには書きません。上のアドレスを開いて確かめてください。
    このお知らせを止めるには：{ $account }
reminder-place = ■ { $name }
reminder-given = ・新しく任された項目：{ $count }件
reminder-near = ・期限が7日以内の項目：{ $count }件（いちばん早い期限：{ $first }）
reminder-late = ・期限を過ぎた項目：{ $count }件
clocks-subject = 狛犬：事案の届出・連絡の期限（{ $count }件）
clocks =
    { $name }さん

    ■ { $place }
    事案{ $number }で、まだ知らせていない先があります。

    { $clocks }

    知らせたら、ここに残してください：{ $address }

    日付は日本の日付です。「未確認」とあるものは、公式の文で確かめてください。
    事案の中身は、安全のためメールには書きません。
    このお知らせを止めるには：{ $account }（過ぎた法律の義務だけは、指揮の方に1回届きます）
clocks-line = ・{ $to }：{ $due }。{ $left }
clocks-line-unconfirmed = ・{ $to }：{ $due }。{ $left }（未確認）
ways-title = 短い知らせ
ways-lead = 急ぎのとき、一人ひとりにすぐ届ける短い知らせの届け方です。使う設定にしたものだけが動きます。それぞれ、試しに1通送れます。
ways-guide = 設定のしかたは、使い方の「動かし続ける」の「短い知らせを届ける」をご覧ください。
way-on = 使う設定です
way-off = 使わない設定です
way-off-do = 何も送りません。使うには、次の設定を付けて動かします。
way-sms = 携帯電話のショートメッセージ（SMS）
way-sms-about = 契約しているSMSの送信サービスに頼んで送ります。1通ごとに料金がかかることがあります。
way-sms-to = 電話番号
way-sms-hint = 例：090に続く番号。ハイフンはあってもなくても構いません。
way-sms-fault = 電話番号の形になっていません。数字で8桁から15桁です。
way-mail = メール
way-mail-about = 順番を待たずに、すぐメールのサーバに渡します。
way-push = ブラウザへの通知
way-push-about = 通知を許したスマートフォンやパソコンに、画面を開いていなくても届きます。中身は、その端末でしか読めません。
way-push-do = この端末で試す
way-push-missing = この端末では試せません。通知に対応したブラウザで、暗号化されたアドレス（https://）を開いてください。iPhoneでは、ホーム画面に追加してから開きます。
way-push-refused = この端末では、通知が許可されていません。ブラウザの設定で、このサイトの通知を許可してください。
way-push-failed = 通知の登録ができませんでした。電波の届く所で、もう一度お試しください。
way-push-fault = 通知の登録を受け取れませんでした。もう一度お試しください。
way-chat = チャットの部屋
way-chat-about = チャットの部屋（チャンネル）の「受信用Webhook」に書き込みます。
way-chat-to = WebhookのURL
way-chat-hint = このURLを知っている人は、だれでもその部屋に書き込めます。ここには残しません。
way-chat-fault = https://で始まる、Webhookのアドレスを入れてください。
way-taken = 相手に受け取られました。届いたか、端末を見てください
way-unreachable = 送れませんでした。宛先は合っているかもしれません
way-refused = この宛先には送れませんでした
way-unknown = 送れたかどうか、分かりません
way-said = 相手の返事：
way-test-title = 狛犬：試しの知らせ
way-test-text = 届け方を確かめるための知らせです。届いていれば、設定は合っています。
