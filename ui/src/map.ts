// The map page's own bundle: the ledger as a picture. Without it the server's picture and table say the same.
//
// <div id="map" data-map="/map/data" data-spots="/map/spots" data-word-…>what the server drew</div>
//   data-map    answers GET with map/data.ts's MapData, and with ?zone=ID with the picture of one zone of an overview
//   data-spots  takes, as a form with csrf, spots = JSON [{"id","x","y"}] or reset = yes; left out for whoever may only look
// The server's own picture stands in #map until the first drawing is done, stays where it fails, and is what is printed.
//
// Words, as data-word-NAME at #map; % is the place of a number or a name:
//   board how             name of the picture; how it is walked by keys (arrows, Enter, Escape, Shift and arrows, Ctrl+Z, + - 0)
//   loading failed retry  while the data comes; where it does not; the button that asks again
//   search search-go found(%) found-none found-hidden found-here
//                         field, button; how many; none; "hidden by the filter"; "only what this picture shows was searched"
//   kinds things lines danger-only marked-only shown(%)
//                         "legend and filter"; its two groups; "only what is dangerous"; "only what incidents mark"; how many
//                         things are left
//   marked(%) marked-none how many things an incident marks that was asked for; none
//   marks mark-set(%) mark-state mark-note mark-save
//                         heading of marks; the form for one incident, its two fields and its button
//   undo undone redo redone reset reset-ask reset-done
//   zoom-in zoom-out fit
//   danger-0 danger-1 danger-2
//                         "to be asked" (of a finding), "attention", "danger"
//   zone count(%) open opened close closed bundle(%) inside(%) leave
//                         "zone"; how many things in it; buttons, and what is said after them; how many lines run together;
//                         "in the zone %" of an overview, and the button back to the whole
//   panel-close findings fine ledger outside both-ways(%) to(%) from(%)
//                         heading of findings; "nothing found"; "in the ledger"; "leaves the house"; a line seen from one end
//   move move-left move-right move-up move-down moved-left moved-right moved-up moved-down
//   kept not-saved signed-out
//                         moved while not connected; not taken; signed out meanwhile
//   comma                 what stands between the parts of a list
// From <body>: saving saved sign-in cancel.

import { Board } from "./map/board";

const place = document.getElementById("map");
// The page may be asked for one zone, as the server draws it without script; for what one incident marks; for one thing.
const asked = (name: string) => new URLSearchParams(location.search).get(name) ?? "";
if (place) void new Board(place).start(asked("zone"), asked("incident"), asked("at"));
