must = 必填
optional = 选填
faults = 请检查填写的内容
save = 保存
back = 返回
to-first-page = 回到首页
wait = 尝试次数过多，为安全起见已暂停。请等待约 { $minutes } 分钟后再试。
wait-title = 请稍候

field-name = 姓名
field-name-kana = 姓名读音
field-name-kana-hint = 用于名单排序。例：やまだ はなこ
field-email = 电子邮箱
field-email-hint = 这是登录时使用的名称。若 Komainu 已设置为发送邮件，通知也会发到这里。
field-password = 密码
field-old-password = 当前密码
field-new-password = 新密码
field-new-password-hint = 至少 { $min } 个字符。把四个以上互不相关的词连在一起，容易记住又难以猜中（例如 sakura-toast-27-yamabiko，但不能直接使用这个例子）。不要求使用符号或大写字母，也不需要定期更换。
field-password-again = 再次输入新密码
field-setup-code = 登记码
field-setup-code-hint = 启动程序的画面上显示的 6 位数字。
field-language = 显示语言
field-role = 角色
field-title = 职务
field-title-hint = 机构内的称呼，例如事务长、护士长

email-fault = 不是电子邮箱的格式。请按 soumu@example.jp 这样填写。
line-empty = 请填写“{ $field }”。
line-too-long = “{ $field }”请不要超过 { $max } 个字符。
password-too-short = 太短了。请至少使用 { $min } 个字符；把几个互不相关的词连在一起就够长了。
password-too-long = 太长了。请不要超过 { $max } 个字符。
password-guessable = 主要由容易被最先尝试的词、顺序、姓名或机构名组成。请把四个以上与之无关的词连在一起。
password-not-repeated = 两次输入不一致。请重新输入。
setup-code-wrong = 登记码不正确。请查看启动程序的画面上的数字。
role-fault = 请选择一个角色。

first-run-title = 登记第一位管理员
first-run-lead = 欢迎使用 Komainu（狛犬）。请登记一位在本机构管理 Komainu 的人。其他人可以之后邀请。
first-run-steps = 开始的步骤
first-run-step-administrator = 登记管理员
first-run-step-institution = 登记机构
first-run-step-start = 开始使用
first-run-next = 下一步填写机构的名称和种类。
first-run-do = 登记并继续
first-run-settled = 第一位管理员已经登记。请登录。

sign-in-title = 登录
sign-in-faults = 未能登录
sign-in-wrong = 电子邮箱或密码不正确。请检查大小写和输入错误。
sign-in-do = 登录
sign-in-help = 第一次使用，或忘记密码
sign-in-help-new = 第一次使用：请向机构的管理者索取邀请单或链接，从那里登记。
sign-in-help-forgotten = 忘记密码：请联系运行 Komainu 的人重新设置。对方在服务器上使用下面的命令：
signed-out = 已退出登录。

demo-cards = 演示：以谁的身份来看？
demo-cards-lead = 这是演示。以下人物均为虚构，无需密码即可进入。
demo-cards-do = 以此人身份进入
demo-story-hospital = 120张床位，系统在院内服务器上运行，有专职负责人。两年的自查已完成，本年度完成一半。VPN设备的更新已逾期。
demo-story-clinic = 病历在云端，没有专职负责人。本年度从确认去年的答案开始。
demo-story-dental-clinic = 前天刚登记。从最初的问题开始。
demo-story-pharmacy = 本年度自查已完成，随时可接受现场检查。
demo-idea-director = 查看今天的一步和进度，邀请人员。
demo-idea-safety-manager = 回答检查表，分配给职员，给供应商写信。
demo-idea-system-operator = 修改系统和供应商台账，添加证据文件。
demo-idea-staff = 只回答分配给自己的项目。
demo-idea-inspector = 查看答案和证据，不能修改。
demo-idea-association-officer = 登记新的医疗机构，回答最初的问题。

organisations-title = 选择机构
organisations-lead = 这些是您所属的机构。请选择在哪里工作，之后可随时切换。
organisations-none = 还没有机构
organisations-none-administrator = 下一步，请登记机构的名称和种类。
organisations-none-do = 您还不属于任何机构。请向机构的管理者索取邀请，并打开收到的链接。
organisations-found = 登记机构
organisations-found-another = 登记另一个机构
organisations-operations = 后台工作、邮件、对外通知
organisations-current = 当前
organisations-enter = 在此工作
organisation-switched = 已切换到 { $name }。

account-title = 我的账户
account-lead = 可以查看和修改姓名、密码以及已登录的设备。
account-profile = 姓名与语言
account-saved = 已保存。
account-password = 更改密码
account-password-lead = 更改后，其他设备都会退出登录。不需要定期更换；可能被人知道时请更改。
account-password-do = 更改密码
password-changed = 密码已更改，其他设备已退出登录。
old-password-wrong = 当前密码不正确。
account-reminders = 邮件通知
account-reminders-lead = 有新任务交给您时，以及期限临近或已过时，会在早上收到一封邮件。邮件中不写项目的内容。
account-reminders-want = 接收期限和任务的通知
account-sessions = 已登录的设备
account-sessions-lead = 如有不认识的设备，请先让它退出，再更改密码。
account-session-times = { $since } 登录，最后使用 { $seen }
account-session-this = 本设备
account-session-end = 让它退出
account-sessions-end = 让其他设备全部退出
session-ended = 已让该设备退出登录。
sessions-ended = 已让其他设备全部退出登录。
account-places = 所属机构
account-places-none = 您还不属于任何机构。
account-places-lead = 如需更改角色或退出，请联系该机构的管理者或安全管理负责人。
account-places-choose = 选择机构
device = { $system } 上的 { $browser }
device-unknown = 未知设备

people-title = 人员与权限
people-lead = 在本机构使用 Komainu 的人及其角色。
people-invite = 邀请人员
people-members = 成员
people-you = 您
people-disabled = 已停用
people-change = 更改
people-invitations = 等待答复的邀请
people-invitations-none = 目前没有。
column-name = 姓名
column-role = 角色与职务
column-since = 加入日期
column-do = 操作

invitation-expired = 已过期
invitation-until = 有效至 { $until }（{ $inviter } 邀请）
invitation-renew = 重新生成链接
invitation-revoke = 撤销
invitation-revoked = 邀请已撤销，链接不能再使用。

invite-title = 邀请人员
invite-lead = 生成只能使用一次的链接和二维码。请打印交给本人，或把链接发给本人。有效期 7 天。
invite-name = 被邀请人的姓名
invite-name-hint = 本人之后可以修改。
invite-email = 对方的电子邮箱
invite-email-hint = 填写后，同一链接也会通过邮件发送给对方。发送后不会保留该地址。
invite-do = 生成邀请链接
invite-sent-before = 这份邀请已经生成。链接只显示一次；如果遗失，请使用下面的“重新生成链接”。

role-hint-director = 可以查看和更改全部内容。
role-hint-safety-manager = 可以查看和更改全部内容。指南要求设置的负责人。
role-hint-system-operator = 可以更改检查表和台账，不能邀请人员或更改角色。
role-hint-staff = 只查看并回答分配给自己的项目。
role-hint-inspector = 只能查看，不能更改任何内容。

invited-title = 邀请链接已生成
invited-lead = 请把这张纸或链接交给 { $name }。
invited-mailed = 也会发送到 { $email }
invited-mailed-do = 若几分钟后仍未收到，请把下面的链接交给对方。
invited-once = 链接只在此刻显示
invited-once-do = 关闭本页前，请打印或复制链接。如果遗失，可以在“人员与权限”页面重新生成。
invited-only-here = 目前这个链接只能在本电脑上打开
invited-only-here-do = 要在其他电脑或手机上使用，请让运行 Komainu 的人加上 --listen 和 --public-url 重新启动。
invited-copy = 复制链接
invited-print = 打印时请使用浏览器的打印功能（Ctrl+P）。三种语言的说明会一并打印。
invited-done = 已经记下，关闭
slip-title = { $organisation } 的邀请
slip-for = 收件人：{ $name }
slip-role = 角色：{ $role }
slip-until = 有效至：{ $until }
slip-step-open = 用手机扫描二维码，或在电脑上打开链接。
slip-step-fill = 填写姓名和电子邮箱，设定密码。
slip-step-destroy = 完成后，请把这张纸撕碎丢弃。
slip-warning = 链接只能使用一次。请不要转交他人，也不要拍照发送。

member-title = { $name } 的角色
member-since = { $since } 加入。
member-saved = 已保存 { $name } 的角色与职务。
member-last = 此人是最后一位能够邀请人员和更改角色的人。请先让别人担任管理者或安全管理负责人。
member-own-word = 您将失去自己的权限。确认无误后，请勾选下面的选项再提交一次。
member-own-meant = 我知道自己将失去权限
member-own-meant-hint = 只有留下的管理者或安全管理负责人才能恢复。
member-stale = 别人先做了更改
member-stale-now = 现在的角色是“{ $role }”，职务是“{ $title }”。
member-stale-do = 您填写的内容仍保留在下面。保存后将以您的内容为准。
member-end = 从本机构移除
member-end-lead = 用于离职或调动。下一页会再次确认。
member-end-own-lead = 把您自己从本机构移除。下一页会再次确认。
member-end-title = 要移除 { $name } 吗？
member-end-fact-access = 立即不能再查看或更改 { $organisation } 的任何内容。
member-end-fact-kept = 以往的回答和记录会保留。
member-end-fact-invitations = 此人发出的、尚未使用的邀请会被撤销。
member-end-fact-again = 需要再次加入时，请重新邀请。
member-end-do = 移除
member-ended = 已移除 { $name }。

invitation-title = { $organisation } 的邀请
invitation-lead = 您受到如下邀请。如果您不知情，请关闭本页。
invitation-organisation = 机构
invitation-inviter = 邀请人
invitation-expires = 有效至
invitation-as = 您正以 { $name } 的身份登录，将以此账户加入。
invitation-join = 加入本机构
invitation-joined = 已加入。欢迎。
invitation-member-already = 您已经属于本机构。
invitation-not-you = 如果不是您本人，请退出登录后重新打开链接。
invitation-sign-out = 退出登录
invitation-have-account = 曾经使用过 Komainu
invitation-have-account-lead = 登录后，可以用现有账户加入。
invitation-sign-in = 登录并加入
invitation-new-account = 第一次使用
invitation-do = 登记并加入
invitation-mismatch = 不能用这个电子邮箱和密码的组合登记。如果曾经使用过 Komainu，请输入当时的密码；否则请使用其他电子邮箱。多次出错后，这份邀请会被撤销。
invitation-gone = 这份邀请不能使用
invitation-gone-do = 它已被使用、已过期或已撤销。请让邀请您的人重新生成链接。

letter-invitation =
    { $name }：

    { $inviter } 邀请您使用 { $organisation } 的 Komainu（狛犬）。
    角色：{ $role }
    期限：{ $until }

    请打开以下链接，填写姓名和电子邮箱，并设置密码：
    { $link }

    此链接只能使用一次，请勿转给他人。
    若您不了解此事，请删除此邮件。
