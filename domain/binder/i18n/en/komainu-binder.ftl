pack-page = Inspection pack
pack-lead = Everything to show the inspector, in one piece. Each time you make it, it holds the answers, plan, ledger, map, contacts and list of evidence as they stand at that moment.
pack-year = Which year's check?
pack-form-choice = In which form?
pack-language = In which language?
pack-make = Make the pack
pack-none-yet = No check has been started yet
pack-none-yet-do = Start this year's check in the checklist; then you can make the pack here.
pack-to-checklist = To the checklist
pack-list = Made so far
pack-list-empty = None yet. What you make with the button above appears here.
pack-asked = Made { $when } by { $who }
pack-pages = { $pages } pages, { $size }
pack-stale = The check has changed since
pack-left-out = Evidence not put in (more than 200 MB in all, or the file cannot be read):
pack-failed = Could not be made. Please try again
pack-cancelled = Stopped
pack-fetch = Download
pack-cancel = Stop
pack-stopped = It was told to stop.
form-pdf = To print (PDF)
form-pdf-hint = A4 (the map on A3, landscape), with cover, contents and page numbers
form-workbook = Workbook (Excel)
form-workbook-hint = The same content but the map, as a workbook
form-archive = Everything (ZIP)
form-archive-hint = PDF, workbook and the evidence files
stage-waiting = Waiting for its turn
stage-gather = Gathering the content
stage-setting = Setting the pages
stage-workbook = Writing the workbook
stage-evidence = Putting the evidence in
stage-keep = Finishing
pack-title = Safety of medical information systems: inspection pack { $year }
pack-kind = Kind of institution
pack-place = Address
pack-code = Medical institution code
pack-edition = Edition of the checklist
pack-edition-value = { $year } edition (published { $published })
pack-month =
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
    } { $year }
pack-state = State of the check
pack-state-value = { $answered } of { $needed } items answered, { $yes } with yes
pack-made = Made on
pack-note-official = The items carry the sentences of the official form that was loaded in this institution.
pack-note-plain = The items are worded in plain words and are not the sentences of the official form.
pack-note-unconfirmed = Some items of this edition were not checked against the official form. Compare the items marked as unconfirmed with it.
pack-form = Checklist
pack-vendor-form = Form for vendors: { $vendor }
pack-gate = First question
pack-gate-shut = No medical information system is used, so nothing further has to be answered.
pack-rest = Further items of the form
pack-plan = Plan for every no
pack-plan-intro = What will be done, and by when, for the items not yet in place.
pack-plan-empty = There is no item answered with no.
pack-systems = Ledger of systems
pack-systems-empty = Nothing is in the ledger yet.
pack-sensitive = Handle with care: an attacker could use this. Choose to whom you show it, and lock it away.
pack-things = Ledger of devices
pack-things-empty = No device is in the ledger yet.
pack-map = Map of connections
pack-map-empty = There is nothing in the ledger to draw yet.
pack-lines = Lines to the outside
pack-lines-empty = No line to the outside is in the ledger yet.
pack-cut = What to cut first
pack-cut-intro = Handle with care: when something is wrong, cut from the top. The order follows how attackers mostly came in and is a rule of thumb. Before you cut, ask whoever is in charge which care would stop.
cut-unknown = How to cut it is not written down. Ask the vendor and put it into the ledger.
fact-line = { $label }: { $text }
pack-vendors = Vendors
pack-vendors-empty = No vendor is registered yet.
pack-contacts = Contact chart
pack-contacts-intro = Call from the top down. Check the numbers before you rely on them.
pack-contacts-inside = Inside
pack-contacts-outside = Outside
pack-contacts-empty = No contact is registered yet.
pack-rules = Written rules
pack-rules-intro = The documents attached to the item on written rules.
pack-rules-empty = No document of rules is attached yet.
pack-evidence = Index of evidence
pack-evidence-intro = The hash (SHA-256) shows that a file was not changed afterwards.
pack-evidence-empty = No evidence is attached yet.
evidence-record = A record inside Komainu
column-number = No.
column-item = Item
column-title = Item
column-answer = Answer
column-checked = Checked on
column-checked-nth = Checked ({ $nth })
column-target = Target date
column-note = Note
column-steps = What will be done
column-person = Who
column-name = Name
column-kind = Kind
column-hosting = Runs
column-place = Place
column-vendor = Vendor
column-remote = Remote maintenance
column-updates = Updates are the vendor's duty
column-system = System
column-facts = What the checklist asks for
column-line = Line
column-ends = Both ends
column-order = Order
column-phone = Telephone
column-night = At night
column-mail = Mail
column-duty = Duty
column-added = Added on
column-by = By
column-hash = Hash
column-fact = Item
column-value = Content
sheet-cover = Cover
scope-server = Servers
scope-terminal = PCs and terminals
scope-network = Network devices
answer-yes = Yes
answer-no = No
answer-not-sure = No (not sure)
answer-not-applicable = Not applicable
with-unconfirmed = { $text } (unconfirmed)
row-reference = For reference
plan-no-target = Not set yet
contact-checked = Checked on { $day }
contact-unchecked = Numbers not checked
contact-source = Source: { $source }
column-contact-checked = Checked
