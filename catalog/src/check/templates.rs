//! Checks of templates: every piece is one thing or one line, and what it names is there.

use std::collections::HashMap;

use super::Check;
use crate::load::NamedFile;
use crate::parse::Located;
use crate::template::{LinePart, Piece, Reference, ThingKind, ThingPart};
use crate::words::{InstitutionKind, PieceId, SystemKindId};

/// What pieces may name, over all files.
pub(super) struct Named<'a> {
    /// Each piece with its place in the order of the data.
    pieces: HashMap<&'a PieceId, (usize, &'a Piece)>,
    /// Each kind of system with the kinds of institution that have it.
    systems: HashMap<&'a SystemKindId, &'a [InstitutionKind]>,
}

impl<'a> Named<'a> {
    pub(super) fn collect(files: &'a [NamedFile]) -> Self {
        let pieces = files.iter().flat_map(|f| &f.data.piece).enumerate();
        let systems = files.iter().flat_map(|f| &f.data.system_kind);
        Named {
            pieces: pieces.map(|(at, piece)| (&*piece.id, (at, piece))).collect(),
            systems: systems.map(|kind| (&*kind.id, kind.kinds.as_slice())).collect(),
        }
    }

    fn thing(&self, id: &PieceId) -> Option<&'a ThingPart> {
        self.pieces.get(id).and_then(|(_, piece)| piece.thing.as_ref())
    }
}

pub(super) fn check(check: &mut Check) {
    for piece in &check.file.data.piece {
        check_piece(check, piece);
    }
}

fn check_piece(check: &mut Check, piece: &Piece) {
    let (at, named) = (piece.id.offset(), &check.known.templates);
    check.sources(&piece.sources, piece.confirmed, at);
    check.expect(!piece.kinds.is_empty(), at, || "a piece needs kinds of institution".to_owned());
    check.expect(piece.ticked.iter().all(|kind| piece.fits(*kind)), at, || {
        "ticked where it is not offered".to_owned()
    });
    if let Some(system) = &piece.system {
        let has = named.systems.get(&**system).copied().unwrap_or_default();
        check.expect(!has.is_empty(), system.offset(), || unknown_system(system));
        check.expect(piece.kinds.iter().all(|kind| has.contains(kind)), at, || {
            format!("offered to a kind of institution that has no {}", system.as_str())
        });
    }
    let order = named.pieces.get(&*piece.id).map_or(0, |(order, _)| *order);
    for other in &piece.only_with {
        let before =
            named.pieces.get(&**other).is_some_and(|(at, other)| *at < order && other.thing.is_some());
        check.expect(before, other.offset(), || format!("no thing before it is called {:?}", other.as_str()));
    }
    match (&piece.thing, &piece.line) {
        (Some(thing), None) => check_thing(check, thing),
        (None, Some(line)) => check_line(check, piece, line),
        _ => check.expect(false, at, || "a piece is a thing or a line".to_owned()),
    }
}

fn check_thing(check: &mut Check, thing: &ThingPart) {
    let named = &check.known.templates;
    if let Some(zone) = &thing.zone {
        let is_zone = named.thing(zone).is_some_and(|thing| thing.kind == ThingKind::Zone);
        check.expect(is_zone, zone.offset(), || format!("no zone is called {:?}", zone.as_str()));
    }
    for other in thing.references() {
        check.expect(!other.is_outside(), other.offset(), || "a thing has to do with things".to_owned());
        reference(check, other);
    }
}

fn check_line(check: &mut Check, piece: &Piece, line: &LinePart) {
    let at = line.from.offset();
    check.expect(*line.from != *line.to, at, || "a line leads from one thing to another".to_owned());
    check.expect(!(line.from.is_outside() && line.to.is_outside()), at, || {
        "one end of a line is in the house".to_owned()
    });
    for end in [&line.from, &line.to] {
        check.expect(**end != Reference::Maker || piece.system.is_some(), end.offset(), || {
            "whose maker? the piece belongs to no system".to_owned()
        });
        reference(check, end);
    }
}

/// What is named is there, and no line.
fn reference(check: &mut Check, to: &Located<Reference>) {
    let named = &check.known.templates;
    match &**to {
        Reference::Internet | Reference::Maker => {}
        Reference::System(kind) => {
            check.expect(named.systems.contains_key(kind), to.offset(), || unknown_system(kind));
        }
        Reference::Piece(id) => {
            check.expect(named.thing(id).is_some(), to.offset(), || {
                format!("no thing is called {:?}", id.as_str())
            });
        }
    }
}

fn unknown_system(kind: &SystemKindId) -> String {
    format!("no kind of system is called {:?}", kind.as_str())
}
