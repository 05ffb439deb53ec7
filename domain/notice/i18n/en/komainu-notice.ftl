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
