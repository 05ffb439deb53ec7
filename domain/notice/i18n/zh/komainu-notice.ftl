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
mail-what-clocks = 事件告知期限的提醒（临近时、目标日、最后一天、过期时各一次，发给指挥和联络负责人，不写事件内容）
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
clocks-subject = 狛犬：事件的告知期限（{ $count } 项）
clocks =
    { $name }，您好：

    ■ { $place }
    事件{ $number }中还有尚未告知的对象。

    { $clocks }

    告知后请在此记录：{ $address }

    日期为日本日期。标有“未确认”的，请查阅官方文本。
    为安全起见，邮件中不写事件内容。
    停止此提醒：{ $account }（已过期的法律义务仍会向指挥发送一次）
clocks-line = ・{ $to }：{ $due }。{ $left }
clocks-line-unconfirmed = ・{ $to }：{ $due }。{ $left }（未确认）
ways-title = 短消息
ways-lead = 紧急时立即送达每个人的短消息的发送方式。只有已开启的方式才会工作。每种方式都可以试发一条。
ways-guide = 设置方法请参阅使用指南“持续运行”中的“短消息”。
way-on = 已开启
way-off = 已关闭
way-off-do = 不会发送任何消息。如需使用，请加上以下设置启动：
way-sms = 手机短信（SMS）
way-sms-about = 通过已签约的短信发送服务发送。每条可能会产生费用。
way-sms-to = 电话号码
way-sms-hint = 例如以 090 开头的号码，有无连字符均可。
way-sms-fault = 电话号码格式不正确，应为 8 至 15 位数字。
way-mail = 邮件
way-mail-about = 不排队，立即交给邮件服务器。
way-push = 浏览器通知
way-push-about = 即使没有打开页面，也能送达已允许通知的手机和电脑。内容只有该设备能够读取。
way-push-do = 在本设备上测试
way-push-missing = 无法在本设备上测试。请使用支持通知的浏览器打开加密地址（https://）。iPhone 需先添加到主屏幕再打开。
way-push-refused = 本设备未允许通知。请在浏览器设置中允许本网站的通知。
way-push-failed = 未能登记通知。请在有网络的地方重试。
way-push-fault = 未收到通知的登记信息。请重试。
way-chat = 聊天频道
way-chat-about = 通过聊天频道的“传入 Webhook”写入消息。
way-chat-to = Webhook 地址
way-chat-hint = 知道此地址的人都可以向该频道写入消息。此处不会保存。
way-chat-fault = 请输入以 https:// 开头的 Webhook 地址。
way-taken = 对方已接收。请查看设备是否收到
way-unreachable = 未能发送。收件地址可能没有问题
way-refused = 无法发送到此地址
way-unknown = 无法确定是否已发送
way-said = 对方的应答：
way-test-title = 狛犬：测试消息
way-test-text = 这是用于确认发送方式的消息。若已收到，说明设置正确。
