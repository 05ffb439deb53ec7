# Progress
progress-title = Progress and history
progress-none = No check has been started yet
progress-none-do = Once this year's checklist is started, its progress and the changes from year to year appear here.
progress-to-checklist = Start the checklist
progress-to-round = Go on with the checklist
progress-summary = Of { $needed } items, { $answered } are answered: { $yes } yes, { $no } no or not sure.
progress-now = { $year } now
progress-all = All items
progress-to-confirm = { $count } items were carried over and are not confirmed yet
progress-section = yes { $yes }, no or not sure { $no }, open { $open }
progress-over-time = Checked items over time
progress-over-time-lead = How many items had the date of their first check by the end of each month.
progress-chart-text = In { $year }, { $checked } items have been checked so far. The same numbers are in the table below.
progress-goal = all items
progress-as-table = Show as a table
progress-month-head = Month
progress-month =
    { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    }
progress-years = Answers by year
progress-years-lead = How each item was answered in each year.
progress-item = Item
mark-yes = Yes
mark-partly = Partly yes
mark-no = No
mark-not-sure = Not sure
mark-not-applicable = Does not apply
mark-open = Open
mark-not-needed = Not needed
mark-absent = not on that year's form
figures-title = Published figures of other institutions
figures-lead = Figures published by surveys. Look at when and whom they asked, and take them as a rough guide.
figures-none = There are no published figures about this kind of institution yet.
figures-source = Source:
figures-unconfirmed = Not confirmed at the source
figures-own = Your answer:
figure-more = more is better
figure-less = less is better

# Log
log-title = Log of changes
log-lead = Who changed what, when and how. Entries cannot be removed or rewritten.
log-faults = Please correct these
log-chain = { $count } entries are linked in this log
log-chain-text = Each entry carries a mark (hash) computed from the entry before. Removing or rewriting one breaks the chain, and it shows.
log-end = Newest mark:
log-prove = Check it now
log-verify = On the server this command checks it too:
log-proof-whole = All { $count } entries were checked. There is no gap.
log-proof-broken = The chain is broken at entry { $entry }. The log may have been tampered with. Leave the computers as they are and tell the person in charge of systems.
log-kind = What
log-person = Who
log-from = From
log-to = Until
log-all = Everything
log-filter = Filter
log-clear = Clear the filter
log-no-date = This cannot be read as a date. Example: 2026-06-15
log-none = There are no such entries.
log-when = When
log-who = Who
log-what = What was done
log-changes = Before and after ({ $count })
log-pages = Pages of the log
log-newest = Newest entries
log-older = Older entries
log-object = { $kind } “{ $name }”
log-own-row = a row that only the form has
log-nothing = (nothing)
value-true = yes
value-false = no
value-unused = not used
kind-checklist-row = checklist item
kind-checklist-round = year's check
kind-official-form = the ministry's form
kind-pack = inspection pack
kind-plan-step = step of the plan
kind-plan-week = plan of the week
kind-setup-step = first setup
kind-system = system
kind-vendor = vendor
kind-contact = contact
kind-institution = institution
kind-association = association
kind-member = member
kind-invitation = invitation
kind-person = account
did-answer-set = Wrote an answer
did-answer-confirm = Confirmed last year's answer
did-answer-carry = Carried over an answer
did-assignment-set = Assigned it
did-evidence-add = Added evidence
did-evidence-remove = Removed evidence
did-vendor-ask = Asked the vendor
did-vendor-replied = Noted the vendor's reply
did-round-open = Started the check
did-round-close = Closed the check
did-round-reopen = Opened the check again
did-official-load = Loaded the form
did-official-replace = Replaced the form
did-official-confirm = Confirmed the form's rows
did-official-change = Corrected the form's rows
did-official-remove = Removed the form
did-pack-order = Asked for it to be made
did-pack-cancel = Stopped making it
did-step-mark = Marked a step of the plan
did-plan-week-keep = Settled the week's plan
did-add = Added
did-change = Changed
did-remove = Removed
did-contact-move = Changed the order
did-found = Registered
did-institution-duty-note = Noted who is responsible for updates
did-interview-finish = Finished the first setup
did-member-invite = Invited
did-member-end = Ended the membership
did-password-change = Changed the password
did-invitation-accept = Accepted the invitation
did-invitation-close = Withdrew the invitation
did-invitation-renew = Renewed the invitation
field-address = Address
field-answer = Answer
field-asked-on = Asked on
field-beds = Beds
field-checked = Check dates
field-closed = Closed
field-code = Institution code
field-digest = Hash
field-due = Due
field-duty = Duty
field-email = Mail
field-entrusts-updates = Updates are the vendor's duty
field-file-name = File name
field-fiscal-year = Fiscal year
field-hosting = Where it runs
field-interview-done = First setup finished
field-kind = Kind
field-lang = Language
field-media-type = Kind of file
field-name = Name
field-name-kana = Reading
field-night-phone = Telephone at night
field-note = Note
field-operator = Dedicated operator
field-outside = Outside
field-person = Person
field-phone = Telephone
field-place = Place
field-position = Position
field-postal-code = Postal code
field-prefecture = Prefecture
field-reason = Reason
field-remote = Remote maintenance
field-replied-on = Replied on
field-reply-by = Reply by
field-role = Role
field-rows = Rows
field-size = Size
field-source = Source
field-systems = How systems run
field-target = Target date
field-title = Title
field-updates = Updates by the vendor
field-whole = Content
