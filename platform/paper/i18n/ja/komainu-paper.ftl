# 印刷する文書に共通の言葉

product = 狛犬 Komainu
page-of = { $page } / { $total }ページ
made-at = 作成 { $year }年{ $month }月{ $day }日 { $time }
contents = 目次

answer-yes = はい
answer-no = いいえ
answer-unsure = わからない
answer-not-applicable = 対象外
answer-none = 未回答
unconfirmed = 未確認

notice-info = お知らせ
notice-caution = 注意
notice-danger = 重要
notice-done = 完了

signature-date = 　　　　　年　　　月　　　日
seal = 印
checked = 済
unchecked = 未

error-fonts = 文書用の書体がこのプログラムに入っていないため、PDFを作れません。Komainuを入れた人に、cargo xtask fontsを実行してからプログラムを作り直すよう頼んでください。
error-template = 文書を組み立てられませんでした。入力した内容は失われていません。この画面の番号を、システム担当者に伝えてください。
error-cancelled = 文書の作成を取りやめました。必要なときは、もう一度お試しください。
error-too-large = 一度に文書にする内容が多すぎます（上限 { $limit } MB）。期間や範囲を分けて、もう一度お試しください。
