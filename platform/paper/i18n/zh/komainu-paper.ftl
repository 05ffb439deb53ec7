# 各类打印文件共用的词语

product = 狛犬 Komainu
page-of = 第{ $page }页，共{ $total }页
made-at = 制作于 { $year }年{ $month }月{ $day }日 { $time }（日本时间）
contents = 目录

answer-yes = 是
answer-no = 否
answer-unsure = 不清楚
answer-not-applicable = 不适用
answer-none = 未回答
unconfirmed = 未确认

notice-info = 提示
notice-caution = 注意
notice-danger = 重要
notice-done = 已完成

signature-date = 　　　　　年　　　月　　　日
seal = 印
checked = 已办
unchecked = 未办

error-fonts = 本程序未包含文件所用的字体，无法生成PDF。请让安装Komainu的人运行 cargo xtask fonts 后重新构建程序。
error-template = 未能生成文件。您输入的内容没有丢失。请把本页上的编号告知系统负责人。
error-cancelled = 已停止生成文件。需要时请重新操作。
error-too-large = 一次放入文件的内容过多（上限 { $limit } MB）。请缩短期间或缩小范围后再试。
