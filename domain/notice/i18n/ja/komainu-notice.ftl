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
