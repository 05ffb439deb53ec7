must = 必填
faults = 请检查输入内容
save = 保存
back = 返回
crumbs = 上级页面

webhooks-title = 通知其他程序
webhooks-lead = 本机构的内容发生变化时，自动通知其他程序（如办公系统、监控系统）。技术上称为 Webhook。只发送表示“什么发生了变化”的编号，不发送姓名和回答内容。
webhooks-off = 此 Komainu 已关闭对外通知
webhooks-off-do = 如需使用，请让运行 Komainu 的人在设置中启用 Webhook。
webhooks-empty = 还没有通知对象
webhooks-empty-do = 请先向接收方程序的负责人索取接收地址（以 https:// 开头），然后再添加。
webhooks-too-many = 最多 { $most } 个。请先删除不用的，再添加。
webhook-new = 添加通知对象
events-count = { $count } 种事件

event-item-answered = 回答了检查表项目
event-item-assigned = 指定或取消了项目负责人
event-reply-received = 供应商通过链接回答了项目
event-evidence-added = 添加了证据
event-evidence-removed = 移除了证据
event-round-opened = 开始或重新打开了年度自查
event-round-closed = 结束了年度自查
event-ledger-changed = 更改了台账或联系人
event-member-joined = 有人加入
event-member-ended = 有人被移出
event-pack-made = 检查资料已生成
event-near-miss-reported = 有人报告了险情
event-test = 测试通知

state-works = 正常
state-failing = 自 { $since } 起未能送达
state-given-up = 连续 3 天未能送达，已于 { $since } 停止
state-stopped = { $name } 于 { $since } 停止

field-url = 接收地址
field-url-hint = 以 https:// 开头的地址。仅在与 Komainu 同一台计算机内，也可使用 http://。
field-events = 要通知的事件
field-events-hint = 请只选择需要的。
url-none = 地址格式不正确。请输入如 https://hook.example.jp/komainu 的地址。
url-plain = 不能使用未加密的 http://。请输入以 https:// 开头的地址。
url-credentials = 请不要在地址中写入用户名或密码。接收方可以通过签名进行确认。
url-forbidden = 不能发送到 { $address }。如需发送到机构内部的地址，请让运行 Komainu 的人在设置中允许。
events-none = 请至少选择一项。

webhook-new-title = 添加通知对象
webhook-new-lead = 添加后会显示一次签名用的密钥。把它交给接收方，就能确认通知确实来自 Komainu。
webhook-new-do = 添加

secret-title = 签名密钥已生成
secret-lead = 请在接收方程序中设置此密钥。
secret-once = 此密钥仅现在显示一次
secret-once-do = 关闭此页面前请复制。若遗失，可以重新生成。
secret-copy = 复制密钥
secret-use = 签名遵循公开约定 Standard Webhooks（HMAC-SHA256）。许多语言都有用于验证的库。
secret-done = 已复制，继续

webhook-title = 通知对象
webhook-made = { $name } 于 { $at } 添加
webhook-what = 地址和事件
webhook-saved = 已保存。
webhook-stale = 其他人先作了更改
webhook-stale-now = 现在的地址是 { $url }，事件是“{ $events }”。
webhook-stale-do = 下面保留了您的输入。若直接保存，将以您的内容为准。
webhook-sent = 发送记录
webhook-sent-lead = 按时间倒序最多 50 条，保留 30 天。未送达的会间隔一段时间自动重发，持续约一天。
webhook-sent-none = 还没有发送过。
webhook-test = 发送一条测试
webhook-tested = 将发送测试通知。请等待数秒后重新打开此页面查看结果。
column-event = 事件
column-state = 结果
column-do = 操作
column-organisation = 机构
column-host = 接收方
delivery-body = 发送的内容
delivery-done = 已送达
delivery-running = 正在发送
delivery-waiting = 等待中
delivery-again = 未送达，将于 { $next } 重发
delivery-failed = 未送达
delivery-cancelled = 已取消
delivery-tries = 已发送 { $count } 次
delivery-again-do = 重新发送
delivery-sent-again = 将重新发送。请等待数秒后重新打开此页面。
answer-status = 对方的应答：HTTP { $status }
answer-no-name = 找不到接收地址的名称。
answer-no-connection = 无法连接到接收地址。
answer-certificate = 无法确认对方的证书。
answer-slow = 未在规定时间内得到应答。
answer-garbled = 应答不是 HTTP 格式。
answer-forbidden = 接收地址指向未被允许的内部地址。
answer-given-up = 尝试了多次，但每次都中断。

webhook-more = 其他操作
webhook-stop-lead = 暂时不发送。停止期间发生的事件，之后也不会补发。
webhook-stop = 停止
webhook-stopped = 已停止。
webhook-resume-lead = 目前已停止。恢复后，将通知此后发生的事件。
webhook-resume = 恢复
webhook-resumed = 已恢复。
webhook-secret-lead = 密钥遗失或可能泄露时，请重新生成。旧密钥会立即失效。
webhook-secret = 重新生成密钥
webhook-secret-ask = 接收方的设置也需要更改。要重新生成吗？
webhook-remove = 删除此通知对象
webhook-remove-title = 要删除此通知对象吗
webhook-remove-lead = 将不再通知 { $host }。此页面上的发送记录也将无法查看。
webhook-remove-do = 删除
webhook-removed = 已删除通知对象。

mail-stopped-subject = 已停止对 { $host } 的通知
mail-stopped =
    对 { $host } 的通知（Webhook）连续 3 天未能送达，因此已停止。

    请检查接收方，然后在以下页面恢复：
    { $address }

operations-title = 对外通知（Webhook）
operations-lead = 各机构登记的通知对象。此页面只显示是否送达，不显示内容。
operations-on = 对外通知已启用
operations-on-where = 只能发送到互联网上的地址，以及设置中允许的以下范围。
operations-off = 对外通知已关闭
operations-off-do = 不会向外发送任何内容。如需启用，请加上以下设置启动：
operations-list = 通知对象
operations-none = 还没有。
