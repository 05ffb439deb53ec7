# On every page
must = required
faults = Something needs correcting
back = Back
save = Save

# A locked place
who-title = Choose your name
who-lead = This is a shared computer. Choose your name, then give your PIN or passkey.
who-go-on = { $name } goes on
who-search = Look for a name
who-search-do = Search
who-names = People who may use it
who-none = Nobody fits. Only people with a PIN or a passkey are listed.
who-help = If your name is missing or you forgot your PIN
who-help-set = Sign in on a computer or phone of your own and set it under "My account", "PIN for shared computers". You can also set it here, right after signing in with your password.
who-password = Sign in with my password and set a PIN
gone-title = This computer was withdrawn
gone-lead = It is no shared computer any more. To go on using it, ask the director or the safety manager to register it again.
gone-do = To the sign-in page
enter-title = { $name }'s PIN
field-pin = PIN
enter-pin-hint = The number of six digits or more that you chose.
enter-do = Go in
enter-passkey-lead = You can go in with fingerprint, face or a security key.
enter-passkey = Go in with a passkey
enter-passkey-refused = The passkey could not be confirmed. Please try again.
enter-nothing = Passkeys do not work at this address. { $name } needs to set a PIN first.
enter-other = Choose another name
enter-wrong = This is not the PIN. After { $left } more wrong ones it stops.
enter-stopped = This PIN has stopped after too many wrong attempts. Its owner can let it work again under "My account" on a device of their own, or ask the director or the safety manager.
enter-help = If you forgot your PIN
enter-help-forgotten = Sign in on a device of your own and set a new PIN under "My account". You do not need the old one.
enter-drafts = Something you could not send is kept for you. What belongs to this page is back in its fields; the rest is at /drafts.
passkey-stopped = This was stopped. Please try again.
passkey-failed = Passkeys could not be used on this device.
passkey-missing = This browser cannot use passkeys.

# What is held
drafts-title = Kept for you
drafts-lead = You typed this at a shared computer that locked before it could be sent. Only you can see it. It is deleted after 30 days.
drafts-none = Nothing is kept.
drafts-since = Typed on { $since }
drafts-open = Open the page and go on
drafts-drop = Delete
drafts-drop-ask = Delete this text? It cannot be brought back.
draft-dropped = Deleted.
drafts-home = To the first page

# One's own PIN
pin-title = PIN for shared computers
pin-lead = The number with which you go in at the shared computers of { $organisation }, after choosing your name.
pin-new = Set a PIN
pin-other = Change the PIN
pin-in-use = In use
pin-since = Set on { $since }
field-pin-hint = 6 to 12 digits. Runs (123456), repetitions and what looks like a birthday are refused.
field-pin-again = PIN (once more)
pin-do = Use this PIN
pin-set = Your PIN for shared computers is set.
pin-remove = Remove the PIN
pin-remove-ask = Remove the PIN? You will not be able to go in with it at shared computers.
pin-removed = The PIN was removed.
pin-stopped = This PIN has stopped
pin-stopped-do = Ten wrong ones were tried in a row. If that was not you, somebody may have been guessing: the sure way is a new PIN.
pin-lift = Let it work again
pin-lifted = The PIN works again.
pin-not-repeated = The two entries differ.
pin-not-digits = Please use digits only.
pin-too-short = Please use { $least } digits or more.
pin-too-long = Please use { $most } digits at most.
pin-guessable = This is among the numbers that are tried first. Please choose one that is no run, no repetition and no date.
pin-rules = About your PIN
pin-rule-where = It works only at shared computers that this institution has registered. Nobody can come in with it from elsewhere.
pin-rule-own = It is yours alone. Do not stick it to the screen and do not tell it to anyone: everything that is done with it is recorded in your name.
pin-rule-stops = After ten wrong ones in a row it stops.

# Registering a browser
register-title = Make this a shared computer
register-lead = Enter the registration code that the director or the safety manager has made, and this browser becomes a shared computer.
field-place-code = Registration code
field-place-code-hint = Eight characters, such as 7QPK-3PGW. Capitals do not matter.
register-do = Register this computer
register-ends = Whoever is signed in here now is signed out.
register-wrong = This code does not work: it was used, or 15 minutes have passed. Please ask for a new one.

# The list
places-title = Shared computers
places-lead = Computers and tablets that several people use, at a ward or a reception. Each person chooses their name and gives a short PIN or a passkey. The change log tells who did what at which of them.
places-new = Register a computer
places-none = No computer is registered yet.
places-since = { $device }. Registered on { $since } by { $by }
places-waits = The registration code works until { $until } (made by { $by })
places-waiting = Waiting for its code
places-used = Last used on { $at }
places-unused = Not used yet
places-revoke = Withdraw
places-revoke-ask = Withdraw "{ $name }"? Whoever is using it now has to sign in elsewhere.
place-revoked = "{ $name }" was withdrawn.
places-lock = When they lock
field-minutes = Time without use
field-minutes-hint = 1 to 15 minutes. The more people pass by, the shorter it should be.
places-minutes = { $minutes ->
    [1] 1 minute
   *[other] { $minutes } minutes
}
places-minutes-set = The time until they lock was changed.
places-pins = People with a PIN
places-pins-lead = Everyone sets their own PIN under "My account". { $without ->
    [0] Nobody is without one.
    [1] One person has none yet.
   *[other] { $without } people have none yet.
} A passkey works without a PIN.
places-pin-stopped = Stopped
pin-lifted-of = The PIN works again.
place-new-title = Register a shared computer
place-new-lead = Give it a name that says where it stands. The change log uses this name.
field-place-name = Name of the computer
field-place-name-hint = Such as: nurses' station, ward 2
place-name-empty = Please enter a name.
place-name-long = Please use 100 characters at most.
place-name-taken = Another computer has this name. Please choose a different one.
place-new-code = Register it with a code
place-new-code-lead = You make a code and it is typed in at that computer. This is the better way: nobody types an administrator's password at a shared computer.
place-new-code-do = Make a registration code
place-new-here = Register this browser
place-new-here-lead = The browser you are using now becomes a shared computer. You are signed out, and drafts that were not sent are deleted.
place-new-here-do = Make this browser a shared one
place-new-here-ask = Make this browser a shared computer and sign out?
code-title = Registration code
code-lead = Type it in at the computer that will be "{ $place }", within 15 minutes. It is shown only now.
code-copy = Copy the code
code-step-open = In that computer's browser, open:
code-step-type = Enter the code above and press "Register this computer".
code-step-see = When it asks to choose a name, you are done.
code-until = It works until { $until }, once, for one computer.
code-done = Done
