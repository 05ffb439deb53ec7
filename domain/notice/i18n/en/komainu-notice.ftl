must = Required
faults = Please check what you entered
mail-title = Mail
mail-lead = Whether and how Komainu sends mail, and a way to try it.
mail-from = Sender
mail-off = Mail is switched off
mail-off-do = Nothing is sent. To switch it on, start with these settings:
mail-off-guide = The guide tells more under "Keep it running".
mail-what = What is sent
mail-what-invitation = Links of invitations, where the inviter entered an address
mail-what-reminder = Reminders of dates and tasks: at 7 in the morning, one a person at most, can be refused on the account page, never says what the items are
mail-what-clocks = Reminders of the clocks of an incident: once each when a day comes near, on the day to aim at, on the last day and when it is over, to those who command and who have the reports in hand; never says what happened
mail-what-webhook = A notice when messages to another program were stopped
mail-what-failed = Mails that could not be sent are shown under
mail-what-failed-where = Background work
test = Try it
test-lead = Sends one mail at once, and shows what the mail server says.
test-do = Send a test
test-taken = The server took it
test-later = It could not be sent now
test-refused = The server refused it
test-said = The server said:
field-to = To
to-fault = This is not an e-mail address. Enter one like soumu@example.jp
test-subject = A test mail from Komainu
test-text =
    This mail only tests the mail settings.
    If it has arrived, they are right.

    { $address }
reminder-subject = Komainu: dates and tasks ({ $count })
reminder =
    Dear { $name },

    { $places }

    For safety a mail does not say what the items are. Open the address above to see them.
    To stop these mails: { $account }
reminder-place = # { $name }
reminder-given = - Newly given to you: { $count }
reminder-near = - Due within 7 days: { $count } (the first on { $first })
reminder-late = - Past their date: { $count }
clocks-subject = Komainu: whom to tell of an incident, and by when ({ $count })
clocks =
    Dear { $name },

    # { $place }
    In incident { $number } somebody is still to be told.

    { $clocks }

    Once they were told, note it here: { $address }

    Days are those of Japan. Check what is unconfirmed in the official text.
    For safety a mail does not say what happened.
    To stop these mails: { $account } (a duty by law whose last day is over still reaches whoever commands, once)
clocks-line = - { $to }: { $due }; { $left }
clocks-line-unconfirmed = - { $to }: { $due }; { $left } (unconfirmed)
ways-title = Short messages
ways-lead = How short messages reach people one by one when it is urgent. Only what is switched on does anything. Each can be tried with one message.
ways-guide = How to set them up stands in the guide: "Keep it running", "Short messages".
way-on = Switched on
way-off = Switched off
way-off-do = Nothing is sent. To switch it on, start with these settings:
way-sms = Text messages to mobile phones (SMS)
way-sms-about = Sent by the SMS service that you have a contract with. Each may cost something.
way-sms-to = Telephone number
way-sms-hint = Such as a number that begins with 090; with hyphens or without.
way-sms-fault = This is not a telephone number. It has 8 to 15 digits.
way-mail = Mail
way-mail-about = Handed to the mail server at once, without waiting for a turn.
way-push = Notifications in the browser
way-push-about = Reach phones and computers that allowed them, also while no page is open. Only that device can read what they say.
way-push-do = Try it on this device
way-push-missing = It cannot be tried on this device. Open the encrypted address (https://) in a browser that knows notifications. On an iPhone, add the page to the home screen first and open it from there.
way-push-refused = Notifications are not allowed on this device. Allow them for this site in the browser's settings.
way-push-failed = The device could not be registered. Please try again where there is a connection.
way-push-fault = The registration did not arrive. Please try again.
way-chat = Chat channels
way-chat-about = Written into a chat channel through its "incoming webhook".
way-chat-to = Address of the webhook
way-chat-hint = Whoever knows this address can write into the channel. It is not kept here.
way-chat-fault = Enter the webhook's address; it begins with https://
way-taken = The other side took it. Please look whether it has arrived
way-unreachable = It could not be sent. The address may be right all the same
way-refused = It cannot be sent to this address
way-unknown = Nobody knows whether it was sent
way-said = The other side said:
way-test-title = Komainu: a test message
way-test-text = This only tests how messages arrive. If you read it, the settings are right.
