must = Required
faults = Please check what you entered
save = Save
back = Back
crumbs = Pages above

webhooks-title = Telling other programs
webhooks-lead = When something changes in this institution, another program (groupware, monitoring) is told by itself. Technicians call this a webhook. Only numbers that say what changed are sent, no names and no answers.
webhooks-off = On this installation nothing is sent outside
webhooks-off-do = To use this, ask whoever runs Komainu to switch webhooks on in the settings.
webhooks-empty = Nobody is told yet
webhooks-empty-do = First get the address (beginning with https://) from whoever looks after the program that is to be told.
webhooks-too-many = There may be { $most } at most. Remove one that is not used, then add this one.
webhook-new = Add a program to tell
events-count = { $count } kinds of events

event-item-answered = A checklist item was answered
event-item-assigned = An item was given to somebody or taken back
event-reply-received = A vendor answered about an item with a link
event-evidence-added = Evidence was added
event-evidence-removed = Evidence was removed
event-round-opened = A year's check was opened or opened again
event-round-closed = A year's check was closed
event-ledger-changed = The ledger or a contact was changed
event-member-joined = Somebody joined
event-member-ended = Somebody was removed
event-pack-made = An inspection pack was made
event-near-miss-reported = A near miss was reported
event-test = A test

state-works = Works
state-failing = Nothing has got through since { $since }
state-given-up = Stopped on { $since }, as nothing got through for 3 days
state-stopped = Stopped by { $name } on { $since }

field-url = Address to send to
field-url-hint = An address that begins with https://. Inside the very computer that Komainu runs on, http:// works too.
field-events = Events to tell
field-events-hint = Choose only what is needed.
url-none = This is not an address. Enter one like https://hook.example.jp/komainu
url-plain = Unencrypted http:// cannot be used. Enter an address that begins with https://
url-credentials = Put no name or password into the address. The other side can check the signature instead.
url-forbidden = Nothing can be sent to { $address }. To send inside your own network, ask whoever runs Komainu to allow it in the settings.
events-none = Choose at least one.

webhook-new-title = Add a program to tell
webhook-new-lead = You will be shown a secret once. Given to the other side, it proves that a message really comes from Komainu.
webhook-new-do = Add

secret-title = The signing secret is made
secret-lead = Set this word in the program that receives the messages.
secret-once = This word is shown only now
secret-once-do = Copy it before you close this page. If it is lost, make a new one.
secret-copy = Copy the secret
secret-use = Signatures follow Standard Webhooks, an open convention (HMAC-SHA256). Many languages have a library that checks them.
secret-done = Copied, go on

webhook-title = Program to tell
webhook-made = Added by { $name } on { $at }
webhook-what = Address and events
webhook-saved = Saved.
webhook-stale = Somebody else changed this first
webhook-stale-now = The address is now { $url }, the events are "{ $events }".
webhook-stale-do = What you entered is still below. If you save, it becomes yours.
webhook-sent = What was sent
webhook-sent-lead = The newest 50, kept for 30 days. What does not get through is sent again by itself, with pauses, for about a day.
webhook-sent-none = Nothing was sent yet.
webhook-test = Send one to try
webhook-tested = A test is on its way. Wait some seconds, then open this page again to see how it went.
column-event = Event
column-state = Result
column-do = Actions
column-organisation = Institution
column-host = Sent to
delivery-body = What was sent
delivery-done = Arrived
delivery-running = Being sent
delivery-waiting = Waits for its turn
delivery-again = Did not arrive; sent again on { $next }
delivery-failed = Did not arrive
delivery-cancelled = Given up
delivery-tries = Sent { $count } times
delivery-again-do = Send again
delivery-sent-again = It is sent again. Wait some seconds, then open this page again.
answer-status = The other side answered HTTP { $status }
answer-no-name = The name in the address cannot be found.
answer-no-connection = No connection to the address.
answer-certificate = The other side's certificate cannot be verified.
answer-slow = No answer in time.
answer-garbled = The answer was no HTTP.
answer-forbidden = The address leads to a place inside that is not allowed.
answer-given-up = Tried several times, and broke off each time.

webhook-more = Further actions
webhook-stop-lead = Sends nothing for a while. What happens meanwhile is not told later either.
webhook-stop = Stop
webhook-stopped = Stopped.
webhook-resume-lead = It is stopped. Resumed, it tells of what happens from then on.
webhook-resume = Resume
webhook-resumed = Resumed.
webhook-secret-lead = Make a new secret when the old one is lost or may have become known. The old one stops working at once.
webhook-secret = Make a new secret
webhook-secret-ask = The other side has to be set up again. Make a new secret?
webhook-remove = Remove it
webhook-remove-title = Remove this program?
webhook-remove-lead = { $host } will be told nothing more. What was sent can no longer be seen here either.
webhook-remove-do = Remove
webhook-removed = Removed.

mail-stopped-subject = { $host } is told nothing more
mail-stopped =
    Messages to { $host } (a webhook) did not get through for 3 days, so they were stopped.

    Check the other side, then resume them on this page:
    { $address }

operations-title = Messages to the outside (webhooks)
operations-lead = The programs that institutions have told of changes. This page shows whether messages get through, not what they say.
operations-on = Messages to the outside are switched on
operations-on-where = They can go to addresses on the internet, and to these networks that the settings allow.
operations-off = Messages to the outside are switched off
operations-off-do = Nothing is sent. To switch them on, start with this setting:
operations-list = Sent to
operations-none = Nobody yet.
