must = 必須
optional = 任意
faults = 入力を確かめてください
save = 保存する
back = 戻る
to-first-page = 最初の画面へ
wait = 試す回数が多すぎるため、安全のため止めています。{ $minutes } 分ほど待ってから、もう一度お試しください。
wait-title = 少しお待ちください

field-name = 名前
field-name-kana = 名前の読み
field-name-kana-hint = 名簿の並び順に使います。例：やまだ はなこ
field-email = メールアドレス
field-email-hint = サインインするときの名前になります。Komainu でメールを使う設定になっているときは、お知らせもここに届きます。
field-password = パスワード
field-old-password = 今のパスワード
field-new-password = 新しいパスワード
field-new-password-hint = { $min } 文字以上。関係のない言葉を 4 つ以上つなげると、覚えやすく破られにくくなります（例：sakura-toast-27-yamabiko。この例そのものは使えません）。記号や大文字は無理に入れなくてかまいません。定期的に変える必要もありません。
field-password-again = 新しいパスワード（もう一度）
field-setup-code = 登録用の番号
field-setup-code-hint = プログラムを起動した画面に表示されている 6 けたの数字です。
field-language = 表示する言語
field-role = 役割
field-title = 職名
field-title-hint = 施設での呼び方です。例：事務長、看護師長

email-fault = メールアドレスの形になっていません。例：soumu@example.jp のように入れてください。
line-empty = 「{ $field }」を入力してください。
line-too-long = 「{ $field }」は { $max } 文字までで入れてください。
password-too-short = 短すぎます。{ $min } 文字以上にしてください。関係のない言葉をいくつかつなげると長くできます。
password-too-long = 長すぎます。{ $max } 文字までにしてください。
password-guessable = 真っ先に試される言葉や並び、名前、施設名が中心になっています。それらと関係のない言葉を 4 つ以上つなげてください。
password-not-repeated = 2 回の入力が違います。どちらも入れ直してください。
setup-code-wrong = 番号が違います。起動した画面の数字を確かめてください。
role-fault = 役割を 1 つ選んでください。

first-run-title = 最初の管理者を登録します
first-run-lead = Komainu（狛犬）へようこそ。この施設で Komainu を管理する人を 1 人登録します。ほかの人は、あとから招待できます。
first-run-steps = はじめる手順
first-run-step-administrator = 管理者の登録
first-run-step-institution = 施設の登録
first-run-step-start = 使いはじめる
first-run-next = 次は、施設の名前と種類を入れます。
first-run-do = 登録して次へ
first-run-settled = 最初の管理者は、すでに登録されています。サインインしてください。

sign-in-title = サインイン
sign-in-faults = サインインできませんでした
sign-in-wrong = メールアドレスかパスワードが違います。全角・半角は区別しません。大文字・小文字と打ち間違いを確かめてください。
sign-in-do = サインインする
sign-in-help = はじめての方、パスワードを忘れた方
sign-in-help-new = はじめての方：施設の管理者から招待の紙かリンクを受け取り、そこから登録してください。
sign-in-help-forgotten = パスワードを忘れた方：Komainu を動かしている人に、パスワードの再設定を頼んでください。頼まれた人は、サーバーで次の命令を使います。
signed-out = サインアウトしました。

demo-cards = デモ：だれとして見てみますか
demo-cards-lead = これはデモです。次の人はすべて架空です。パスワードなしで入れます。
demo-cards-do = この人として入る
demo-story-hospital = 120床。院内のサーバで動き、専任の担当者がいます。2年分の点検が済み、今年度は半分まで。VPN装置の更新が遅れています。
demo-story-clinic = 電子カルテはクラウド。専任の担当者はいません。今年度は、去年の答えを確かめるところから。
demo-story-dental-clinic = おととい登録したばかり。最初の質問から始めます。
demo-story-pharmacy = 今年度の点検を終え、立入検査を待つばかり。
demo-idea-director = 今日の一歩と進み具合を見る。人を招く。
demo-idea-safety-manager = チェックリストに答え、職員に割り当て、業者への手紙を作る。
demo-idea-system-operator = 機器と業者の台帳を直し、証拠のファイルを足す。
demo-idea-staff = 自分に任された項目だけに答える。
demo-idea-inspector = 答えと証拠を見る。書き換えはできません。
demo-idea-association-officer = 新しい医療機関を登録し、最初の質問に答える。

organisations-title = 施設を選びます
organisations-lead = あなたが参加している施設です。どこで作業するかを選んでください。あとからいつでも切り替えられます。
organisations-none = まだ施設がありません
organisations-none-administrator = 次は、施設の名前と種類を登録します。
organisations-none-do = どの施設にも参加していません。施設の管理者に招待を頼み、受け取ったリンクを開いてください。
organisations-found = 施設を登録する
organisations-found-another = 別の施設を登録する
organisations-operations = 裏で進む仕事、メール、外への通知
organisations-current = 今ここ
organisations-enter = ここで作業する
organisation-switched = { $name } に切り替えました。

account-title = 自分のアカウント
account-lead = 名前、パスワード、サインインしている端末を確かめて変えられます。
account-profile = 名前と言語
account-saved = 保存しました。
account-password = パスワードを変える
account-password-lead = 変えると、ほかの端末はすべてサインアウトされます。定期的に変える必要はありません。人に知られたかもしれないときに変えてください。
account-password-do = パスワードを変える
password-changed = パスワードを変えました。ほかの端末はサインアウトしました。
old-password-wrong = 今のパスワードが違います。
account-reminders = メールでのお知らせ
account-reminders-lead = 任された項目が増えたとき、期限が近いときと過ぎたときに、朝に 1 通だけ届きます。項目の中身は書かれません。
account-reminders-want = 期限と担当のお知らせを受け取る
account-sessions = サインインしている端末
account-sessions-lead = 覚えのない端末があれば、サインアウトさせてからパスワードを変えてください。
account-session-times = { $since } から。最後の利用 { $seen }
account-session-this = この端末
account-session-end = サインアウトさせる
account-sessions-end = ほかの端末をすべてサインアウトさせる
session-ended = その端末をサインアウトさせました。
sessions-ended = ほかの端末をすべてサインアウトさせました。
account-places = 参加している施設
account-places-none = まだどの施設にも参加していません。
account-places-lead = 役割の変更や脱退は、その施設の管理者か安全管理責任者に頼んでください。
account-places-choose = 施設を選ぶ
device = { $system } の { $browser }
device-unknown = 種類の分からない端末

people-title = 人と権限
people-lead = この施設の Komainu を使う人と、その役割です。
people-invite = 人を招待する
people-members = 参加している人
people-you = あなた
people-disabled = 停止中
people-change = 変更
people-invitations = 返事を待っている招待
people-invitations-none = 今はありません。
column-name = 名前
column-role = 役割と職名
column-since = 参加した日
column-do = 操作

invitation-expired = 期限切れ
invitation-until = { $until } まで（{ $inviter } が招待）
invitation-renew = リンクを作り直す
invitation-revoke = 取り消す
invitation-revoked = 招待を取り消しました。渡したリンクはもう使えません。

invite-title = 人を招待します
invite-lead = 1 回だけ使えるリンクと QR コードを作ります。印刷して渡すか、リンクを本人に送ってください。期限は 7 日です。
invite-name = 招待する人の名前
invite-name-hint = 本人はあとで直せます。
invite-email = 本人のメールアドレス
invite-email-hint = 入れると、同じリンクを本人にメールでも送ります。アドレスは、送り終わると残りません。
invite-do = 招待のリンクを作る
invite-sent-before = この招待はもう作られています。リンクは一度しか表示できません。見失ったときは、下の「リンクを作り直す」を使ってください。

role-hint-director = すべてを見て、すべてを変えられます。
role-hint-safety-manager = すべてを見て、すべてを変えられます。ガイドラインで置くことになっている責任者です。
role-hint-system-operator = チェックリストや台帳を変えられます。人の招待と役割の変更はできません。
role-hint-staff = 自分に割り当てられた項目だけを見て答えます。
role-hint-inspector = 見るだけで、何も変えられません。

invited-title = 招待のリンクができました
invited-lead = { $name } さんに、この紙かリンクを渡してください。
invited-mailed = { $email } にもメールで送ります
invited-mailed-do = 数分たっても届かないときは、下のリンクを渡してください。
invited-once = このリンクが表示されるのは今だけです
invited-once-do = この画面を閉じる前に、印刷するか、リンクを写してください。見失ったときは、「人と権限」の画面から作り直せます。
invited-only-here = このリンクは、今のところこのパソコンでしか開けません
invited-only-here-do = ほかのパソコンやスマートフォンから使うには、Komainu を動かしている人に、--listen と --public-url を付けて起動し直すよう頼んでください。
invited-copy = リンクを写す
invited-print = 印刷するには、ブラウザーの印刷（Ctrl+P）を使います。3 つの言語の説明も一緒に印刷されます。
invited-done = 渡し方が決まったので閉じる
slip-title = { $organisation } への招待
slip-for = 宛名：{ $name } さん
slip-role = 役割：{ $role }
slip-until = 期限：{ $until }
slip-step-open = スマートフォンで QR コードを読み取るか、パソコンでリンクを開きます。
slip-step-fill = 名前とメールアドレスを入れ、パスワードを決めます。
slip-step-destroy = 終わったら、この紙を細かく切って捨てます。
slip-warning = リンクを使えるのは 1 回だけです。ほかの人に渡したり、写真を撮って送ったりしないでください。

member-title = { $name } さんの役割
member-since = { $since } から参加しています。
member-saved = { $name } さんの役割と職名を保存しました。
member-last = この人は、人を招待し役割を変えられる最後の人です。先に、別の人を管理者か安全管理責任者にしてください。
member-own-word = あなた自身の権限がなくなります。よければ下の欄に印を付けて、もう一度送ってください。
member-own-meant = 自分の権限がなくなることを分かっています
member-own-meant-hint = 元に戻すには、残っている管理者か安全管理責任者に頼む必要があります。
member-stale = 別の人が先に変更しました
member-stale-now = 今の役割は「{ $role }」、職名は「{ $title }」です。
member-stale-do = 下にはあなたの入力が残っています。このまま保存すると、あなたの内容になります。
member-end = この施設から外す
member-end-lead = 退職や異動のときに使います。次の画面で確かめてから外します。
member-end-own-lead = あなた自身をこの施設から外します。次の画面で確かめてから外します。
member-end-title = { $name } さんを外しますか
member-end-fact-access = すぐに、{ $organisation } の内容を見ることも変えることもできなくなります。
member-end-fact-kept = これまでの回答や記録は、そのまま残ります。
member-end-fact-invitations = この人が出した招待のうち、まだ使われていないものは取り消されます。
member-end-fact-again = また参加してもらうときは、もう一度招待します。
member-end-do = 外す
member-ended = { $name } さんを外しました。

invitation-title = { $organisation } への招待
invitation-lead = 次の内容で招待されています。心当たりがなければ、この画面を閉じてください。
invitation-organisation = 施設
invitation-inviter = 招待した人
invitation-expires = 期限
invitation-as = { $name } さんとしてサインインしています。このアカウントで参加します。
invitation-join = この施設に参加する
invitation-joined = 参加しました。ようこそ。
invitation-member-already = あなたはすでにこの施設に参加しています。
invitation-not-you = ご本人でないときは、サインアウトしてから、もう一度リンクを開いてください。
invitation-sign-out = サインアウトする
invitation-have-account = Komainu を使ったことがある方
invitation-have-account-lead = サインインすると、今のアカウントのまま参加できます。
invitation-sign-in = サインインして参加する
invitation-new-account = はじめての方
invitation-do = 登録して参加する
invitation-mismatch = このメールアドレスとパスワードの組み合わせでは登録できません。前に Komainu を使ったことがあるときは、そのときのパスワードを入れてください。そうでなければ、別のメールアドレスをお使いください。何度も間違えると、この招待は取り消されます。
invitation-gone = この招待は使えません
invitation-gone-do = すでに使われたか、期限が切れたか、取り消されています。招待した人に、リンクを作り直すよう頼んでください。

letter-invitation =
    { $name } さん

    { $inviter } さんから、{ $organisation } の Komainu（狛犬）への招待です。
    役割：{ $role }
    期限：{ $until }

    次のリンクを開き、名前とメールアドレスを入れ、パスワードを決めてください。
    { $link }

    リンクを使えるのは 1 回だけです。ほかの人に渡さないでください。
    心当たりがなければ、このメールを消してください。
