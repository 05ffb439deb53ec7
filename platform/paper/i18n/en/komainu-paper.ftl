# Words that printed documents share

product = Komainu 狛犬
page-of = Page { $page } of { $total }
made-at = Made { $day } { $month ->
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
    } { $year }, { $time } (Japan time)
contents = Contents

answer-yes = Yes
answer-no = No
answer-unsure = Not sure
answer-not-applicable = Not applicable
answer-none = Not answered
unconfirmed = Unconfirmed

notice-info = Note
notice-caution = Caution
notice-danger = Important
notice-done = Done

signature-date = Date:
seal = Seal
checked = done
unchecked = open

error-fonts = This program was built without the typefaces for documents, so no PDF can be made. An administrator has to run “cargo xtask fonts” and build the program again.
error-template = The document could not be put together. Nothing you entered is lost. Please tell your administrator the number on this page.
error-cancelled = Making the document was stopped. Please start it again when you need it.
error-too-large = This is too much for one document (limit { $limit } MB). Please choose a shorter period or a smaller part and try again.
