why-one = Because { $a }.
why-two = Because { $a } and { $b }.
why-three = Because { $a }, { $b } and { $c }.

reason-duties = somebody is still to be told of an incident ({ $duties })
reason-duties-due = somebody is still to be told of an incident ({ $duties }), the nearest day being { $day }
reason-duties-due-unconfirmed = somebody is still to be told of an incident ({ $duties }), the nearest day being { $day } (unconfirmed)
reason-incident-tasks = tasks of an incident that goes on are open ({ $tasks })
reason-interview = the first setup is not finished, so no order that fits you can be made
reason-round = this year's check has not been started
reason-few = only { $answered } of { $needed } items are answered and the whole cannot be seen yet
reason-unanswered =
    { $rows ->
        [one] one item has
        *[other] { $rows } items have
    } no answer
reason-unconfirmed =
    { $rows ->
        [one] one answer carried over from an earlier year is
        *[other] { $rows } answers carried over from an earlier year are
    } unconfirmed
reason-dates =
    { $rows ->
        [one] one answer lacks
        *[other] { $rows } answers lack
    } a date that the form asks for
reason-reply =
    a vendor's reply is { $days ->
        [one] one day
        *[other] { $days } days
    } overdue ({ $rows ->
        [one] one item
        *[other] { $rows } items
    })
reason-steps-done = every step for this item is done
reason-needed = “{ $step }” needs it first
reason-no-systems = the ledger lists no system yet
reason-remote =
    for { $systems ->
        [one] one system
        *[other] { $systems } systems
    } nobody knows whether a vendor connects from outside
reason-no-contacts = the contact network has nobody to call yet
reason-vendors =
    { $vendors ->
        [one] one vendor has
        *[other] { $vendors } vendors have
    } neither a telephone number nor a mail address
reason-danger = it closes or narrows { $ways } of the ways in that were found in your own ledger
reason-no-stock-take = nobody has gone round this year to look at what the ledger holds ({ $things })
reason-measures = measures that were decided after near misses are open ({ $measures })
reason-route = “{ $route }” was part of real attacks
reason-route-inferred = “{ $route }” is thought to have been part of attacks (unconfirmed)
reason-late =
    its target date passed { $days ->
        [one] one day
        *[other] { $days } days
    } ago
reason-no = the answer is “no”
reason-not-sure = the answer is “not sure”
reason-no-carried = an earlier year's “no” is still unconfirmed
reason-open = the item has not been looked at yet
reason-soon =
    its target date is { $days ->
        [0] today
        [one] one day away
        *[other] { $days } days away
    }
reason-year =
    the fiscal year ends { $days ->
        [0] today
        [one] in one day
        *[other] in { $days } days
    }
reason-put-off = the day you put it off to has come
reason-quick = it takes only minutes

do-interview = Go through the first setup
do-interview-why = It lets Komainu choose the checklist and the order that fit you.
do-interview-1 = Press the button; the questions come one by one.
do-interview-2 = Leave what you do not know as “not sure” and go on; you can correct it later.
do-interview-3 = If you stop, what you answered is kept.
do-open-round = Start this year's check
do-open-round-why = This year's checklist is what the inspector asks to see.
do-open-round-1 = Press the button and choose this year.
do-open-round-2 = If there are answers of an earlier year they can be carried over; you then confirm them one by one.
do-open-round-3 = When the checklist is open, begin with the first question.
do-confirm = Confirm the answers carried over
do-confirm-why = Answers that were only carried over do not count for this year.
do-confirm-1 = Look at the earlier answer and check that it still holds.
do-confirm-2 = If it does, press “Still so this year”; if not, choose the new answer.
do-confirm-3 = Where you are no longer sure, choose “not sure”.
do-answer = Answer the checklist
do-answer-why = Once answered, only the work that is really needed is put in order.
do-answer-1 = Read the questions one by one; they are in plain words.
do-answer-2 = Answer yes or no; if you do not know, choose “not sure” and go on.
do-answer-3 = For what only a vendor can know, the page drafts the letter.
do-answer-4 = You need not finish in one go; it is saved as you work.
do-answer-item = Look again at the answer to “{ $item }”
do-answer-item-why = The steps are done, so the answer may now be yes.
do-answer-item-1 = Press the button to open the item.
do-answer-item-2 = If it is in place, answer yes with the date; if not, set a target date.
do-answer-item-3 = Attach a photograph or paper as evidence if you have one.
do-dates = Fill in the missing dates
do-dates-why = The checklist is complete only with the dates checked and the target dates.
do-dates-1 = Press the button to see the items that lack a date.
do-dates-2 = For a yes, enter the day you checked.
do-dates-3 = For a no, decide by when and enter it.
do-chase-vendors = Call the vendors who did not reply
do-chase-vendors-why = Letters are forgotten; one call often sets things going.
do-chase-vendors-1 = Look up the vendor's number in the ledger.
do-chase-vendors-2 = Say that it is about the inquiry you sent, and ask for a day.
do-chase-vendors-3 = Write what you heard into the note, and record the reply when it comes.
do-systems = Write your systems into the ledger
do-systems-why = Once it is clear what you use, checking and calling go faster.
do-systems-1 = Begin with what shows patients' names: records, claims, booking.
do-systems-2 = Name and vendor are enough; the rest can follow.
do-remote-access = Write down who maintains from outside
do-remote-access-why = A maintenance path you do not know can neither be guarded nor cut.
do-remote-access-1 = In the ledger open the systems whose remote maintenance is “Not sure”.
do-remote-access-2 = Ask the vendor whether they connect from outside.
do-remote-access-3 = Write the answer into the ledger.
do-contacts = Put people and numbers into the contact network
do-contacts-why = On the day systems stop, nobody has to wonder whom to call.
do-contacts-1 = Write the director, the person in charge, then the main vendors.
do-contacts-2 = Ask for numbers for nights and holidays too.
do-contacts-3 = Print it and put it up beside the telephone.
do-vendor-numbers = Complete the vendors' numbers
do-vendor-numbers-why = When it counts, nothing begins without a number.
do-vendor-numbers-1 = Look on invoices, contracts or the sticker on the machine.
do-vendor-numbers-2 = Enter it with the vendor in the ledger, and the night number if there is one.
do-stock-take = Do the stock-take
do-stock-take-why = A ledger left alone no longer fits the house after half a year.
do-stock-take-1 = Begin the stock-take, then print the list or open it on a phone.
do-stock-take-2 = Walk place by place and say what is there and what differs. Unplug or switch off nothing.
do-stock-take-3 = Put what differs into the ledger and finish the stock-take.
do-measures = Do what was decided after near misses
do-measures-why = Only when a measure is done does the same become less likely.
do-measures-1 = Open the one whose day is nearest, and ask whoever does it how far it is.
do-measures-2 = Where it is done, write what came of it and press “Done”.
do-measures-3 = Where it cannot be done, look for another way or day together, or give it up with the reason.
do-duties = Tell those who must be told of the incident
do-duties-why = What a law or a notice asks for has its day, and comes before other work.
do-duties-1 = Open the one whose day is nearest, and read what they are told.
do-duties-2 = Complete the draft under “Reports”.
do-duties-3 = Once they were told press “They were told”, with whom and under which number.
do-incident-tasks = Go on with the incident
do-incident-tasks-why = Until it is over, what protects care and records comes first.
do-incident-tasks-1 = Go through what is open on the board, from the top.
do-incident-tasks-2 = Say of each whether it is done or not needed.

doer-director = The director
doer-safety-manager = The safety manager
doer-system-operator = The system operator
doer-staff = Any member of staff
doer-vendor = The vendor, asked by someone here
doer-people = { $doer } ({ $names })
doer-assigned = Assigned to { $names }
names-join = { $a }, { $b }
minutes =
    about { $minutes ->
        [one] a minute
        *[other] { $minutes } minutes
    }
hold-until = Comes back on { $day }.
hold-reply = Waiting for the vendor's reply (until { $day }).
hold-after = Comes after “{ $step }”.

act-interview = Answer the questions
act-rounds = Start the check
act-form = Open the checklist
act-row = Open the item
act-step = Start, step by step
act-systems = Open the systems
act-vendors = Open the vendors
act-contacts = Open the contact network
act-stock-take = Open the stock-take
act-measures = Open the measures
act-duties = See whom to tell, by when
act-incident = Open the board

home-title = Today's step
home-incidents = An incident is going on
home-incident-drill = Exercise
home-how = How
home-all-steps = See the whole order
home-declare = Declare a cyber incident
home-progress = The check of { $year }
home-progress-text = { $answered } of { $needed } answered
home-days-left =
    { $days ->
        [one] One day
        *[other] { $days } days
    } until the year ends ({ $day })
home-late =
    { $count ->
        [one] One item is
        *[other] { $count } items are
    } past the target date
home-soon =
    { $count ->
        [one] One item has
        *[other] { $count } items have
    } a target date within 30 days
home-assigned =
    Assigned to you: { $count ->
        [one] one item
        *[other] { $count } items
    }
home-week = Still this week
home-week-done = This week's steps are done
home-week-done-text = Well done. You may stop here. If you wish to go on, this is next.
home-changes = What others did
home-changes-all = See the log of changes
home-side = Where things stand

done-title = Everything this year asks for is in place
done-text = Thank you. What remains is to keep it so.
keep-title = What to keep doing
keep-1 = When people, devices or vendors change, correct the ledger and the contact network.
keep-2 = Once a month, look at what was used by night and on closed days.
keep-3 = Once a year, try with the vendor whether the backup can be restored.
keep-pack = Make the inspection pack
closed-note = This year's check is closed. When the new fiscal year begins, open the next one.
waiting-title = Now it is only waiting
waiting-text = Everything is arranged. When a reply or a day comes, it appears here.
not-needed-title = The checklist asks for nothing
not-needed-text = You answered that no system handles patients' data. When one comes, correct the first question.
no-form-title = There is no checklist for this year yet
no-form-text = This program has no checklist for this kind of institution. Update it when a new edition is out. The ledger and the contact network can be filled in now.
own-none-title = Nothing is assigned to you now
own-none-text = When something is assigned to you it appears here. If you notice anything odd, tell the safety manager at any time.
own-checklist = See what is assigned to you

inspector-title = For the inspection
inspector-text = You can look at the checklist and what supports it. Nothing can be changed.
inspector-form = See the checklist
inspector-pack = Get the inspection pack
inspector-ledger = See the ledger
inspector-progress = See the progress
place-title-association = For the association
place-text-association = In this version there is nothing yet that an association can do here. An institution's answers and ledger are never visible to the association without its consent.
place-title-vendor = For vendors
place-text-vendor = In this version there is nothing yet that a vendor can do here. Institutions' questions reach you by letter or mail.
place-switch = Choose another organisation
place-account = My account
place-found = Register an institution

plan-title = The plan
plan-lead = Ordered by how attacks really got in, by deadline and by effort. One at a time, from the top.
plan-week = This week (from { $from })
plan-week-lead = At most three, and at most { $minutes } minutes together. They stay until they are done.
plan-week-finished = Done this week
plan-later = After that
plan-later-lead = No need to worry about these now. They move up when their turn comes.
plan-held = Waiting
plan-marked = Done, or not for us
plan-print = Printed, this page becomes a list for the wall.
plan-rule = How the order is made
plan-rule-text = The same situation always gives the same order. The points add up how attacks got in (0 to 100), the harm taken away by your own ledger (0 to 100), the deadline (0 to 30), finishing touches (0 or 20) and effort (0 to −10). What is needed first always stands before.
plan-empty = Nothing to put in order now
plan-own-lead = Drawn from what is assigned to you.
plan-box = Tick when done
col-step = What to do
col-who = Who
col-minutes = Time

step-why = Why now
step-story = What really happened
step-story-source = Sources
step-unconfirmed = Unconfirmed
step-unconfirmed-text = Number and wording of this item are not yet confirmed against the official form.
step-how = How to do it
step-needs = Needed first
step-then = Possible after this
step-item = The checklist item
step-ask-vendor = Draft the letter to the vendor
step-points = The points
points-exposure = How attacks got in
points-danger = Harm, by your ledger
points-deadline = Deadline
points-finish = Finishing
points-needed = For a later step
points-effort = Effort
points-total = Total
step-not-in-plan = Not in the order now: the answer is yes, or it is not needed here.
step-mark = When it is done
mark-done = Mark as done
mark-later = Do it later
mark-later-lead = It comes back on this day.
mark-later-day = Until when
mark-not-for-us = Not for us
mark-not-for-us-lead = A reason helps you explain it at the inspection.
mark-note = Note
mark-note-optional = optional
mark-undo = Undo
mark-state-done = Done ({ $name }, { $day })
mark-state-not-for-us = Not for us ({ $name }, { $day })
mark-state-later = Put off until { $until } ({ $name }, { $day })
marked-done = Marked as done. Thank you.
marked-later = Put off. It comes back on { $day }.
marked-not-for-us = Marked as not for us.
marked-open = Taken back.
fault-summary = Please check what you entered
fault-day = The date cannot be read. Enter it like 2026-05-01.
fault-day-past = Choose a day from tomorrow to { $last }.
fault-note-long = Keep the note to 500 characters.
fault-changed = { $name } changed this after you opened it. Look at how it is now and choose again if needed.
crumbs = You are here

change-answer = answered the checklist
change-evidence = added or removed evidence
change-assign = assigned an item
change-ask = recorded an inquiry to a vendor
change-round = opened or closed a check
change-step = updated a step of the plan
change-system = changed the ledger of systems
change-ledger = changed the ledger of things and lines
change-vendor = changed the vendors
change-contact = changed the contact network
change-member = changed people or roles
change-institution = changed the institution's details
change-near-miss = wrote about a near miss
change-incident = wrote in an incident
change-call = started or changed an emergency call
change-binder = made the emergency binder
change-other = changed something else

home-eyebrow = Just this, first
home-eyebrow-next = If you wish to go on
home-details = More about it
change-line = { $name } { $what }
change-line-item = { $name } { $what } ({ $item })
plan-own-title = Your steps
due-late = Due { $day } (overdue)
due-on = Due { $day }
later-open = Do it later
not-for-us-open = Not for us
fault-changed-note = Your note: { $note }

do-contact-gaps = Close the gaps of the contact network
do-contact-gaps-why = When it happens on a day when one person is away, or at night, the calls stop.
do-contact-gaps-1 = Open the check of the contact network and go through it from the top.
do-contact-gaps-2 = Name who stands in and a number for the night, and ask each person whether the numbers are right.
reason-contacts-fail = the contact network would fail in { $places } places
act-contact-gaps = Open the check of the contact network
do-contact-test = Test the contact network
do-contact-test-why = Whether numbers and addresses are right shows only when they are used.
do-contact-test-1 = Open “Emergency” and press “Test now”.
do-contact-test-2 = Mend numbers and addresses of those who did not get it.
reason-no-contact-test = nobody has tried the contact network for a year
reason-contacts-silent = { $people } did not answer in the latest test of the contact network
act-contact-test = Open Emergency
