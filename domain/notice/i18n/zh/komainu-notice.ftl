must = 必填
faults = 请检查输入内容
mail-title = 邮件
mail-lead = Komainu 发送邮件的设置及测试。
mail-from = 发件人
mail-off = 邮件功能已关闭
mail-off-do = 不会发送任何邮件。如需使用，请加上以下设置启动：
mail-off-guide = 详情请参阅使用指南的“持续运行”。
mail-what = 发送的邮件
mail-what-invitation = 邀请链接（仅当邀请人填写了对方邮箱时）
mail-what-reminder = 期限和任务的提醒（每天早上 7 点，每人最多一封，可在个人账户中关闭，不写项目内容）
mail-what-webhook = 停止通知其他程序时的告知
mail-what-failed = 未能发送的邮件可在此查看：
mail-what-failed-where = 后台工作
test = 测试发送
test-lead = 立即发送一封邮件，并原样显示邮件服务器的应答。
test-do = 发送测试邮件
test-taken = 服务器已接收
test-later = 目前无法发送
test-refused = 被服务器拒绝
test-said = 服务器的应答：
field-to = 收件人
to-fault = 电子邮箱格式不正确。请输入如 soumu@example.jp 的地址。
test-subject = 来自狛犬 Komainu 的测试邮件
test-text =
    这是用于确认邮件设置的测试邮件。
    若已收到，说明设置正确。

    { $address }
reminder-subject = 狛犬：期限和任务的提醒（{ $count } 项）
reminder =
    { $name }：

    { $places }

    为安全起见，邮件中不写项目的内容。请打开上面的地址查看。
    如需停止此类邮件：{ $account }
reminder-place = ■ { $name }
reminder-given = ・新交给您的项目：{ $count } 项
reminder-near = ・7 天内到期的项目：{ $count } 项（最早期限：{ $first }）
reminder-late = ・已过期限的项目：{ $count } 项
