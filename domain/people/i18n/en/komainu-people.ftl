must = required
optional = optional
faults = Please check what you entered
save = Save
back = Back
to-first-page = To the first page
wait = There were too many attempts, so this was stopped for safety. Please wait about { $minutes } minutes and try again.
wait-title = Please wait a little

field-name = Name
field-name-kana = Reading of the name
field-name-kana-hint = Used to sort lists. Example: やまだ はなこ
field-email = E-mail address
field-email-hint = Your name for signing in. Where Komainu is set up to send mail, notices arrive here too.
field-password = Password
field-old-password = Current password
field-new-password = New password
field-new-password-hint = At least { $min } characters. Four or more unrelated words in a row are easy to remember and hard to guess (such as sakura-toast-27-yamabiko, but not this very example). Signs and capitals are not required, and you need not change it regularly.
field-password-again = New password, once more
field-setup-code = Setup code
field-setup-code-hint = The six digits shown where the program was started.
field-language = Language
field-role = Role
field-title = Job title
field-title-hint = As it is called in your institution, such as office manager or head nurse

email-fault = This does not look like an e-mail address. Please enter one such as soumu@example.jp.
line-empty = Please fill in "{ $field }".
line-too-long = Please use up to { $max } characters for "{ $field }".
password-too-short = This is too short. Please use at least { $min } characters; several unrelated words make it long easily.
password-too-long = This is too long. Please use up to { $max } characters.
password-guessable = This consists mostly of words, runs, names or the institution's name, which are tried first. Please put together four or more words that have nothing to do with them.
password-not-repeated = The two entries differ. Please enter both again.
setup-code-wrong = This code is wrong. Please check the digits where the program was started.
role-fault = Please choose one role.

first-run-title = Register the first administrator
first-run-lead = Welcome to Komainu. Please register the one person who looks after Komainu here. Others can be invited later.
first-run-steps = Steps to begin
first-run-step-administrator = Administrator
first-run-step-institution = Institution
first-run-step-start = Begin
first-run-next = Next you will enter the name and kind of your institution.
first-run-do = Register and go on
first-run-settled = The first administrator has already been registered. Please sign in.

sign-in-title = Sign in
sign-in-faults = You are not signed in
sign-in-wrong = The e-mail address or the password is wrong. Please check capitals and typing errors.
sign-in-do = Sign in
sign-in-help = New here, or password forgotten
sign-in-help-new = New here: ask your institution's director for an invitation slip or link, and register there.
sign-in-help-forgotten = Password forgotten: ask whoever runs Komainu for a new one. They use this command on the server:
signed-out = You are signed out.

demo-cards = Demo: whose eyes would you like to see it with?
demo-cards-lead = This is a demo. All of these people are made up. You can enter without a password.
demo-cards-do = Enter as this person
demo-story-hospital = 120 beds, servers in the house, a dedicated operator. Two years are done and this year is half done. The VPN device is overdue for its update.
demo-story-clinic = Records in the cloud, nobody dedicated to the systems. This year begins with confirming last year's answers.
demo-story-dental-clinic = Registered the day before yesterday. It begins with the first questions.
demo-story-pharmacy = This year's check is complete and ready for the on-site inspection.
demo-idea-director = See today's step and the progress. Invite people.
demo-idea-safety-manager = Answer the checklist, give items to staff, write letters to vendors.
demo-idea-system-operator = Correct the ledger of systems and vendors, add evidence files.
demo-idea-staff = Answer only the items given to you.
demo-idea-inspector = Look at answers and evidence. Nothing can be changed.
demo-idea-association-officer = Register a new institution and answer the first questions.

organisations-title = Choose an institution
organisations-lead = These are the institutions you belong to. Please choose where to work; you can switch at any time.
organisations-none = There is no institution yet
organisations-none-administrator = Next, please register the name and kind of your institution.
organisations-none-do = You do not belong to any institution. Please ask its director for an invitation and open the link you receive.
organisations-found = Register an institution
organisations-found-another = Register another institution
organisations-operations = Background work, mail, messages to the outside
organisations-current = You are here
organisations-enter = Work here
organisation-switched = You now work in { $name }.

account-title = My account
account-lead = Check and change your name, your password and the devices you are signed in on.
account-profile = Name and language
account-saved = Saved.
account-password = Change the password
account-password-lead = All your other devices will be signed out. You need not change it regularly; do so when someone may know it.
account-password-do = Change the password
password-changed = Your password was changed. Your other devices were signed out.
old-password-wrong = The current password is wrong.
account-reminders = Notices by mail
account-reminders-lead = One mail in the morning when something was given to you, and when a date is near or has passed. It does not say what the items are.
account-reminders-want = Remind me of dates and of what was given to me
account-sessions = Devices that are signed in
account-sessions-lead = If you do not recognise one, sign it out and then change your password.
account-session-times = Since { $since }, last used { $seen }
account-session-this = This device
account-session-end = Sign out
account-sessions-end = Sign out all other devices
session-ended = That device was signed out.
sessions-ended = All other devices were signed out.
account-places = Institutions you belong to
account-places-none = You do not belong to any institution yet.
account-places-lead = To change your role or to leave, ask the director or the safety manager there.
account-places-choose = Choose an institution
device = { $browser } on { $system }
device-unknown = Unknown device

people-title = People and roles
people-lead = These people use Komainu in this institution, each in a role.
people-invite = Invite someone
people-members = Members
people-you = You
people-disabled = Closed
people-change = Change
people-invitations = Invitations waiting for an answer
people-invitations-none = There are none.
column-name = Name
column-role = Role and job title
column-since = Member since
column-do = Actions

invitation-expired = Expired
invitation-until = Until { $until } (invited by { $inviter })
invitation-renew = Make a new link
invitation-revoke = Withdraw
invitation-revoked = The invitation was withdrawn. Its link no longer works.

invite-title = Invite someone
invite-lead = This makes a link and a QR code that work once. Print it or send the link to that person. It is good for 7 days.
invite-name = Name of the person
invite-name-hint = They can correct it later.
invite-email = Their e-mail address
invite-email-hint = If you enter one, the same link is sent there by mail too. The address is not kept once it is sent.
invite-do = Make the link
invite-sent-before = This invitation exists already. A link is shown only once; if you lost it, use "Make a new link" below.

role-hint-director = Sees and changes everything.
role-hint-safety-manager = Sees and changes everything. The person in charge whom the guideline asks you to appoint.
role-hint-system-operator = Changes checklist and ledger, but cannot invite people or change roles.
role-hint-staff = Sees and answers only what was assigned to them.
role-hint-inspector = Only looks, and cannot change anything.

invited-title = The invitation is ready
invited-lead = Please hand this slip or link to { $name }.
invited-mailed = It is sent to { $email } too
invited-mailed-do = If it has not arrived after some minutes, hand over the link below.
invited-once = The link is shown only now
invited-once-do = Print it or copy the link before you close this page. If you lose it, you can make a new one under "People and roles".
invited-only-here = For now, this link opens on this computer only
invited-only-here-do = To use it on other computers or phones, ask whoever runs Komainu to start it with --listen and --public-url.
invited-copy = Copy the link
invited-print = To print, use your browser's print command (Ctrl+P). The instructions in all three languages are printed too.
invited-done = I have it, close
slip-title = Invitation to { $organisation }
slip-for = For: { $name }
slip-role = Role: { $role }
slip-until = Use it before: { $until }
slip-step-open = Scan the QR code with a phone, or open the link on a computer.
slip-step-fill = Enter your name and e-mail address and choose a password.
slip-step-destroy = Afterwards, tear this slip up and throw it away.
slip-warning = The link works once. Please do not pass it on or send a photo of it.

member-title = Role of { $name }
member-since = Member since { $since }.
member-saved = Role and job title of { $name } were saved.
member-last = This is the last person who can invite people and change roles. Please make someone else director or safety manager first.
member-own-word = You would lose your own rights. If you mean it, please tick the box below and send it again.
member-own-meant = I know that I lose my own rights
member-own-meant-hint = Only a remaining director or safety manager can give them back.
member-stale = Someone else changed this first
member-stale-now = The role is now "{ $role }", the job title "{ $title }".
member-stale-do = What you entered is still below. If you save it, your version replaces theirs.
member-end = Remove from this institution
member-end-lead = For people who leave or move on. The next page asks once more.
member-end-own-lead = Removes yourself from this institution. The next page asks once more.
member-end-title = Remove { $name }?
member-end-fact-access = They can no longer see or change anything of { $organisation }, at once.
member-end-fact-kept = Their answers and records stay.
member-end-fact-invitations = Invitations they made that nobody has used yet are withdrawn.
member-end-fact-again = To take part again, they need a new invitation.
member-end-do = Remove
member-ended = { $name } was removed.

invitation-title = Invitation to { $organisation }
invitation-lead = You are invited as follows. If you do not know why, please close this page.
invitation-organisation = Institution
invitation-inviter = Invited by
invitation-expires = Use it before
invitation-as = You are signed in as { $name } and will join with this account.
invitation-join = Join this institution
invitation-joined = You have joined. Welcome.
invitation-member-already = You belong to this institution already.
invitation-not-you = If this is not you, please sign out and open the link again.
invitation-sign-out = Sign out
invitation-have-account = If you have used Komainu before
invitation-have-account-lead = Sign in to join with the account you have.
invitation-sign-in = Sign in and join
invitation-new-account = If you are new
invitation-do = Register and join
invitation-mismatch = You cannot register with this e-mail address and this password. If you have used Komainu before, please enter the password you had then; if not, please use another address. After several misses this invitation is withdrawn.
invitation-gone = This invitation cannot be used
invitation-gone-do = It was used, has expired or was withdrawn. Please ask whoever invited you for a new link.

letter-invitation =
    Dear { $name },

    { $inviter } invites you to Komainu at { $organisation }.
    Role: { $role }
    Until: { $until }

    Open this link, enter your name and e-mail address, and choose a password:
    { $link }

    The link works once. Please do not pass it on.
    If you do not know what this is about, delete this mail.
